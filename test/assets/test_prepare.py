import os
import stat

import processes


def test_makes_the_temporary_directory_writable_for_everybody(tmp_path):
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o755)
    environment = {**processes.base_environment(tmp_path), "TMPDIR": str(volume)}
    for _ in range(2):
        result = processes.run(processes.inlined("prepare"), environment)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == "cdk-mlflow: %s is writable for every user\n" % volume
        assert stat.S_IMODE(os.stat(volume).st_mode) == 0o1777


def test_names_an_unknown_verb(tmp_path):
    result = processes.run(processes.inlined("upgrade"), processes.base_environment(tmp_path))
    assert result.returncode == 1
    assert result.stderr == "cdk-mlflow: got 'upgrade'; give prepare, migrate or serve [ARG ...]\n"


def test_fits_where_it_is_inlined():
    text = processes.BOOTSTRAP.read_text()
    assert len(text.encode()) < 12800
    assert "$" + "{" not in text
