"""Decides whether the learner did it. A notebook needs three names of it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.notebook import exercicio, onde_estou, quem_sou

__all__ = ["exercicio", "onde_estou", "quem_sou"]


def __getattr__(name: str) -> Any:
    """The notebook's names, loaded when asked for: the hub uses `checks.reference` without widgets."""
    if name in __all__:
        from checks import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
