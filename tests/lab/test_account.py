"""`lab conta` when the hub cannot make the account: a sentence, never a traceback."""

import io
import subprocess
from pathlib import Path

import pytest

from lab import account, state
from lab.errors import ServiceFailed
from lab.identity import learner
from lab.paths import Home
from tests.real_lab import LAB, Lab

DISK = """\
cp -a "$LAB_HOME/hub" "$KEPT"
rm -f "$KEPT"/*-wal "$KEPT"/*-shm
mount -t tmpfs -o size=$(($(du -sk "$KEPT" | cut -f1) + 1024))k tmpfs "$LAB_HOME/hub"
cp -a "$KEPT/." "$LAB_HOME/hub"
cat /dev/zero > "$LAB_HOME/hub/cheio" 2> /dev/null || exec "$LAB" conta anacheia
"""


def test_an_account_on_a_full_disk_is_a_sentence(lab: Lab, tmp_path: Path) -> None:
    """The hub's folder is on a disk that is full, for this command alone."""
    environment = {**lab.environment, "LAB": LAB, "KEPT": str(tmp_path / "hub")}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", DISK], input="uma-senha-bem-longa\n", capture_output=True,
        text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith(f"O disco está cheio e não deu para gravar em {lab.home / 'hub'}.")
    assert len(done.stderr.splitlines()) == 1
    lab.account("anacheia", "uma-senha-bem-longa")  # once there is room again


def test_an_account_that_the_hub_could_not_make_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "lab")
    state.prepare(home)  # and no database
    monkeypatch.setattr("sys.stdin", io.StringIO("uma-senha-bem-longa\n"))
    settings = state.Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002)
    with pytest.raises(ServiceFailed, match=r"não conseguiu criar a conta.*«.+».*status") as told:
        account.create(home, settings, learner(), "ana", "")
    assert "Traceback" not in str(told.value)
