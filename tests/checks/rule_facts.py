"""Facts for tests of rules, and what is expected of a verdict."""

from __future__ import annotations

from typing import Any

from checks.image import Access, Image, LocalImage, Platform, RemoteImage, RunConfig
from checks.outcome import Outcome
from checks.reference import parse
from checks.rules import RULES, Verdict

PASSED, FAILED, NOT_ATTEMPTED, UNVERIFIABLE = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.NOT_ATTEMPTED,
    Outcome.UNVERIFIABLE,
)
NAME = parse("ana/app:1.0")
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
BUILD = "`docker build -t ana/app:1.0 .`"
PUSH = "`docker push ana/app:1.0`"
BUILD_ALL = "`docker buildx build --platform linux/amd64,linux/arm64 -t ana/app:1.0 --push .`"


def image(platform: Platform = AMD64, layers: str = "ab", **run: Any) -> Image:
    """An image with a layer for each letter."""
    return Image(platform, tuple(f"sha256:{letter}" for letter in layers), RunConfig(**run))


def remote(*images: Image, name: str = "ana/app:1.0", digest: str = "sha256:d") -> RemoteImage:
    return RemoteImage(parse(name), Access.FOUND, digest, images)


def absent(name: str = "ana/app:1.0", access: Access = Access.MISSING) -> RemoteImage:
    return RemoteImage(parse(name), access)


def local(image: Image | None) -> LocalImage:
    return LocalImage(NAME, image, "sha256:id" if image else "")


def judge(rule: str, **facts: Any) -> Verdict:
    """What a rule says, called as the runner calls it."""
    return RULES[rule].judge(**facts)


def expect(verdict: Verdict, outcome: Outcome, *words: str) -> None:
    assert verdict.outcome is outcome, verdict.message
    for word in words:
        assert word in verdict.message, verdict.message
