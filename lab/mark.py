"""`lab marca`: the learner's code, and the line that puts it in an image."""

from __future__ import annotations

from checks import about, login
from checks.errors import OutOfReach
from checks.needs import Learner, unknown
from lab.screen import complain, say


def show(who: str) -> int:
    """0 when the mark is told; else the exit code of why not."""
    learner = who or _logged_in()
    if nobody := unknown(learner):
        complain(nobody.message)
        return nobody.outcome.exit_code
    try:
        say(about.mark_note(str(learner)).text)
    except OutOfReach as error:
        complain(str(error))
        return 3
    return 0


def _logged_in() -> Learner:
    try:
        return login.current_docker_id()
    except OutOfReach as error:
        return error
