"""What can go wrong when the hub talks to the registry.

RegistryError
├── RegistryUnavailable   no answer: trying again later makes sense
└── RegistryFailing       it answered that it can't, which may be so of this one thing alone, or of a moment
"""

from __future__ import annotations


class RegistryError(Exception):
    """The registry answered something the hub can't use."""


class RegistryUnavailable(RegistryError):  # noqa: N818
    """The registry did not answer."""


class RegistryFailing(RegistryError):  # noqa: N818
    """The registry answered 429 or 5xx."""
