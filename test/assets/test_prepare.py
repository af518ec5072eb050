import os
import stat
import sys

import processes

PREPARE = processes.BOOTSTRAP.with_name("prepare.py")
RUN = (
    'import os, runpy; runpy.run_path(os.environ["TMPDIR"] + "/cdk-mlflow/bootstrap.py", '
    'run_name="__main__")'
)
# What the other containers are given.
PREPARED = [sys.executable, "-c", RUN]

def test_makes_the_temporary_directory_writable_for_everybody(tmp_path):
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o755)
    environment = {**processes.base_environment(tmp_path), "TMPDIR": str(volume)}
    for _ in range(2):
        command = [sys.executable, "-c", PREPARE.read_text(), "import sys; print(sys.argv[1:])"]
        result = processes.run(command, environment)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == "cdk-mlflow: %s is writable for every user\n" % volume
        assert stat.S_IMODE(os.stat(volume).st_mode) == 0o1777
        # Nobody but its owner changes the program, or puts another in its place.
        for name, mode in (("cdk-mlflow", 0o755), ("cdk-mlflow/bootstrap.py", 0o644)):
            assert stat.S_IMODE(os.stat(volume / name).st_mode) == mode
        assert processes.run([*PREPARED, "a", "b"], environment).stdout == "['a', 'b']\n"


def test_names_an_unknown_verb(tmp_path):
    result = processes.run(processes.inlined("upgrade"), processes.base_environment(tmp_path))
    assert result.returncode == 1
    assert result.stderr == "cdk-mlflow: got 'upgrade'; give migrate or serve [ARG ...]\n"


def test_fits_where_it_is_inlined():
    for text, limit in ((processes.program(), 44 * 1024), (PREPARE.read_text(), 1024)):
        assert len(text.encode()) < limit
        assert "$" + "{" not in text
