"""How an image gets the name that it lacks."""

from __future__ import annotations

from checks.diagnosis.situation import Situation
from checks.reference import Reference


def to_name(seen: Situation, found: Reference | None = None) -> tuple[str, str]:
    """The command that gives the name, and how the sentence ends.

    What was found under another tag is another image, for all that a unit says which does not name one.
    """
    same = found if found and (not seen.exact or found.target == seen.reference.target) else None
    source = seen.source if seen.source not in (None, seen.reference) else same
    command = f"docker tag {source.familiar if source else 'SUA_IMAGEM'} {seen.name}"
    if source:
        return command, f"Dê esse nome à imagem certa com `{command}`; depois envie com `{seen.command}`."
    return command, (
        f"Monte-a com `docker build -t {seen.name} .`, na pasta do Dockerfile, ou, se ela já existe com "
        f"outro nome, dê-lhe esse com `{command}`; depois envie com `{seen.command}`."
    )
