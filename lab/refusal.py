"""`lab diagnostico IMAGEM`: why a push or a pull of that image is refused, and the command that mends it."""

from __future__ import annotations

import sys

from checks import inquiry
from checks.diagnosis import Cause
from checks.errors import BadReference
from checks.outcome import Outcome
from checks.reference import parse_typed
from checks.rules.base import outcome_of
from lab.errors import UsageError
from lab.screen import complain, say


def explain(name: str) -> int:
    """Prints the diagnosis; 0 when nothing stands in the way, 3 when it is nobody's work, else 1."""
    try:
        reference = parse_typed(name)
    except BadReference as error:
        raise UsageError(str(error)) from error
    if sys.stderr.isatty():
        complain(f"Examinando `{reference.familiar}`, aguarde…")
    found = inquiry.why(reference)
    say(found.sentence)
    if found.cause is Cause.NONE:
        return 0
    say(f"\n    {found.command}")
    return 3 if outcome_of(found.cause) is Outcome.UNVERIFIABLE else 1
