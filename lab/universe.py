"""The lab's universe: a mount and pid namespace of its own, where Docker's names lead to the lab.

    keeper (sh)            outside; when all ends, it removes the lab's cgroups
    └── unshare
        └── supervisord    first process of the pid namespace: when it ends, everything in it ends
            └── the services

In it /etc/hosts is the lab's, and /run is a private copy of the machine's without other engines' folders:
what dockerd and containerd leave there vanishes with the universe, even after a `kill -9`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lab import supervisor, tools
from lab.addresses import hosts_text, lab_here, nsswitch_text
from lab.engine import cgroup_parent, sweep_script
from lab.errors import CannotRun
from lab.identity import OFFER_REAL, Person, as_root, can_be_root
from lab.paths import Home
from lab.processes import Known, children, know
from lab.services import drop_to
from lab.state import Lab, write

# -n everywhere: a line in /run/mount/utab would be a trace on the machine
BOOT = """\
set -e
run=$1 stage=$1/stage; shift
mount -n --bind "$run/hosts" /etc/hosts
[ -f "$run/nsswitch.conf" ] && mount -n --bind "$run/nsswitch.conf" /etc/nsswitch.conf
mount -n --bind "$run/ip_forward" /proc/sys/net/ipv4/ip_forward
mount -n -t tmpfs -o mode=755 tmpfs "$stage"
for entry in /run/* /run/.[!.]*; do
  name=${entry##*/}
  case $name in docker|docker.sock|docker.pid|containerd|runc|nscd) continue;; esac
  if [ -L "$entry" ]; then cp -P "$entry" "$stage/$name"
  elif [ -d "$entry" ]; then mkdir "$stage/$name"; mount -n --rbind "$entry" "$stage/$name"
  elif [ -e "$entry" ]; then : > "$stage/$name"; mount -n --bind "$entry" "$stage/$name"
  fi || echo "sem $entry no laboratório" >&2
done
mkdir "$stage/containerd" "$stage/docker"
mount -n --move "$stage" /run
exec "$@"
"""
_ISOLATE = ("--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--propagation", "slave")
_PATIENCE = 10.0


@dataclass(frozen=True)
class Record:
    """The universe that runs, as noted in .lab/run/universe.json."""

    keeper: Known
    init: Known

    @property
    def alive(self) -> bool:
        return self.init.alive


def inside(lab: Lab | None) -> bool:
    """Whether this very process is in that lab's universe."""
    return lab is not None and lab_here() == lab.id


def start(home: Home, lab: Lab, environment: Mapping[str, str]) -> Record:
    """Open the universe with supervisord as its first process."""
    _prepare(home, lab)
    supervisord = [
        sys.executable,
        "-m",
        "supervisor.supervisord",
        "-n",
        "-c",
        str(home.run / "supervisord.conf"),
    ]
    boot = ["/bin/sh", "-c", BOOT, "boot", str(home.run), *supervisord]
    script = f'"$@"; code=$?; {sweep_script(cgroup_parent(lab))}; exit $code'
    keeper = ["/bin/sh", "-c", script, "keeper", tools.require(tools.UNSHARE), *_ISOLATE, *boot]
    with as_root(), home.log("universe").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            keeper, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(environment),
            cwd=home.root, start_new_session=True,
        )  # fmt: skip
    record = _record(home, process)
    write(_path(home), json.dumps(asdict(record), indent=2) + "\n")
    return record


def _prepare(home: Home, lab: Lab) -> None:
    (home.run / "stage").mkdir(exist_ok=True)
    home.log("universe").touch()  # made by the learner, before root writes to it
    # Where it reads 0, dockerd warns at each `docker run` that the network will not work. No container here
    # has one, and the machine's own setting is not ours to change.
    write(home.run / "ip_forward", "1\n")
    write(
        home.run / "hosts", hosts_text(lab, Path("/etc/hosts").read_text(encoding="utf-8", errors="replace"))
    )
    nsswitch = Path("/etc/nsswitch.conf")
    if nsswitch.is_file():
        write(
            home.run / "nsswitch.conf", nsswitch_text(nsswitch.read_text(encoding="utf-8", errors="replace"))
        )


def _record(home: Home, keeper: subprocess.Popen[bytes]) -> Record:
    """Wait for the supervisor to take the place of the boot script: only then is the universe whole."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and keeper.poll() is None:
        init = next((pid for child in children(keeper.pid) for pid in children(child)), None)
        if init is not None and supervisor.listens(home):
            known_keeper, known_init = know(keeper.pid), know(init)
            if known_keeper and known_init:
                return Record(known_keeper, known_init)
        time.sleep(0.02)
    with as_root():
        keeper.kill()
    said = home.log("universe").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise CannotRun(
        "Esta máquina não deixou criar o espaço isolado do laboratório"
        f" ({said[-1] if said else 'sem explicação do sistema'}). "
        f"Dentro de um contêiner, ele precisa de --privileged. {OFFER_REAL}"
    )


def find(home: Home) -> Record | None:
    """The universe that runs; None when there is none, also when a note of a dead one was left."""
    try:
        data = json.loads(_path(home).read_text(encoding="utf-8"))
        record = Record(Known(**data["keeper"]), Known(**data["init"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return record if record.alive else None


def forget(home: Home, lab: Lab) -> None:
    """Clear what a universe that has ended left behind: of this lab only, and only if it did end."""
    for stale in (_path(home), home.supervisor_socket, home.engine_socket):
        stale.unlink(missing_ok=True)  # the folder is the learner's, so its files may go
    if can_be_root():
        with as_root():
            subprocess.run(["/bin/sh", "-c", sweep_script(cgroup_parent(lab))], check=False)


def entry_command(record: Record, person: Person, command: Sequence[str], folder: Path) -> list[str]:
    """The command line that, run as root, runs a command in the universe as the learner."""
    nsenter = [tools.require(tools.NSENTER), "--target", str(record.init.pid), "--mount", "--pid", "--"]
    return [*nsenter, "env", f"--chdir={folder}", *drop_to(person), *command]


def _path(home: Home) -> Path:
    return home.run / "universe.json"
