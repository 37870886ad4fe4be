"""What can go wrong when the hub talks to the registry.

RegistryError
└── RegistryUnavailable   no answer, or not now: trying again later makes sense
"""

from __future__ import annotations


class RegistryError(Exception):
    """The registry answered something the hub can't use."""


class RegistryUnavailable(RegistryError):  # noqa: N818
    """The registry did not answer, or answered that it can't now."""
