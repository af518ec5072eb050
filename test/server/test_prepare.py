import os
import stat
import sys

import processes

PREPARE = processes.BOOTSTRAP.with_name("prepare.py")

def test_makes_the_temporary_directory_writable_for_everybody(tmp_path):
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o755)
    environment = {**processes.base_environment(tmp_path), "TMPDIR": str(volume)}
    for _ in range(2):
        result = processes.run([sys.executable, "-c", PREPARE.read_text()], environment)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == "cdk-mlflow: %s is writable for every user\n" % volume
        assert stat.S_IMODE(os.stat(volume).st_mode) == 0o1777


def test_names_an_unknown_verb(tmp_path):
    result = processes.run(processes.inlined("upgrade"), processes.base_environment(tmp_path))
    assert result.returncode == 1
    assert result.stderr == "cdk-mlflow: got 'upgrade'; give migrate or serve [ARG ...]\n"


def test_fits_where_it_is_inlined():
    for file, limit in ((processes.BOOTSTRAP, 15360), (processes.GUARD, 16384), (PREPARE, 512)):
        text = file.read_text()
        assert len(text.encode()) < limit
        assert "$" + "{" not in text
    # It is put between these.
    assert "'''" not in processes.GUARD.read_text()
