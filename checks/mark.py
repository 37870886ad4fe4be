"""The learner's own mark: a short code that tells whose an image is, wherever it is pushed; no I/O.

    code = first letters of HMAC-SHA256(secret of the class, Docker ID)

The code goes into a label of the image. Whoever copies the image copies the label too, and the code in
it is still that of the first owner. It is no password: everybody who sees the image sees it, and whoever
has the secret can make anyone's. It tells a copy from own work; it does not tell who typed the commands.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

# Docker's guidelines for keys: lower case, a reversed domain, nothing of docker's own, and no domain
# of somebody else's. Nobody can own `dockerhub-na-pratica.br`: names are given only under com.br and such.
LABEL: Final = "br.dockerhub-na-pratica.marca"

# Without vowels no word is spelled by chance; and of 0 o, 1 l i, 2 z, 5 s, 6 8 b, 9 q g, m rn, u v, vv w
# none is left with its double, so that a code copied by hand from a board is the same code.
ALPHABET: Final = "347bcdfghjknprtvxy"
# 18 letters, 10 times: 3.6 * 10^12 codes. Of a thousand learners two have the same in one class out of
# 7 million; and a guess costs a push, so nobody hits another's by trying. Longer would be harder to type.
LENGTH: Final = 10
_HALF: Final = LENGTH // 2
# Says what the digest is for, so that the secret may serve another purpose some day.
_PURPOSE: Final = b"dockerhub-na-pratica marca 1\0"


def code_of(secret: bytes, docker_id: str) -> str:
    """The mark of a learner, as in `h7kd4-mx3rt`; ValueError for an empty secret, which anyone knows."""
    if not secret:
        raise ValueError("an empty secret")
    digest = hmac.new(secret, _PURPOSE + docker_id.lower().encode(), hashlib.sha256).digest()
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    return f"{''.join(letters[:_HALF])}-{''.join(letters[_HALF:])}"


def is_same(one: str, other: str) -> bool:
    """Whether two texts are the same code; how it was typed (capitals, hyphen, spaces) does not matter."""
    return _bare(one) == _bare(other) != ""


def label_of(code: str) -> str:
    """What follows `--label`, and `LABEL` in a Dockerfile."""
    return f"{LABEL}={code}"


def build_command(code: str, name: str) -> str:
    """Builds the Dockerfile of this folder with the mark."""
    return f"docker build --label {label_of(code)} -t {name} ."


def _bare(code: str) -> str:
    return "".join(code.lower().split()).replace("-", "")
