"""Whether a lab is up at a place: asked by every verb, so it loads little."""

from __future__ import annotations

from lab import state, universe
from lab.paths import Home
from lab.state import Lab


def running(home: Home) -> Lab | None:
    """The lab that is up here, if one is."""
    lab = state.load(home)
    if lab is None:
        return None
    if lab.mode == "real":
        from lab.alone import find

        return lab if find(home) else None
    return lab if universe.inside(lab) or universe.find(home) else None
