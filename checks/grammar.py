"""The grammar of github.com/distribution/reference, the one Docker uses for the names of images."""

import re
from typing import Final

PATH_LIMIT: Final = 255
# Docker's grammar does not limit the address of a registry; nobody has one so long, and this keeps us fast.
TEXT_LIMIT: Final = 2048

_JOINT = r"(?:[._]|__|-+)"
_COMPONENT = rf"[a-z0-9]+(?:{_JOINT}[a-z0-9]+)*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_TAG = r"\w[\w.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_NAME = rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_PATH})"

DOMAIN: Final = re.compile(_DOMAIN, re.ASCII)
NAME: Final = re.compile(_NAME, re.ASCII)
TAG: Final = re.compile(_TAG, re.ASCII)
REFERENCE: Final = re.compile(rf"(?P<name>{_NAME})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII)
IDENTIFIER: Final = re.compile(r"[a-f0-9]{64}", re.ASCII)
SEPARATOR: Final = re.compile(_JOINT, re.ASCII)
# What tells the address of a registry from the first part of a path.
DOMAIN_MARK: Final = re.compile(r"[.:]")

# The library alone knows sha256; the engine has the other two as well.
SHA256: Final = re.compile(r"sha256:[a-f0-9]{64}", re.ASCII)
ENGINE_DIGEST: Final = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}", re.ASCII)
