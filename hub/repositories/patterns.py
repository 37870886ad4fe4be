"""Regular expressions of tag rules, in the syntax of RE2 and matched in time linear in the tag.

Docker Hub's rules follow Go's `regexp`, which is RE2
(https://docs.docker.com/docker-hub/repos/manage/hub-images/immutable-tags/). Python's `re` would let a rule
such as `(a|a)*$` hold a thread for years. As in Go, a rule matches when it is found anywhere in the tag; `^`
and `$` tie it to the ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

LONGEST = 128
_MOST_MEMORY = 1 << 20  # bytes, for one rule
# What RE2 says first, and what the person reads; checked in this order.
_WORDS = {
    "missing argument to repetition": "Um sinal de repetição (*, +, ?, {n}) precisa de algo antes dele.",
    "no argument for repetition": "Um sinal de repetição (*, +, ?, {n}) precisa de algo antes dele.",
    "missing )": "Falta fechar um «(».",
    "unexpected )": "Há um «)» sem o «(» dele.",
    "missing ]": "Falta fechar um «[».",
    "invalid character class range": "Um intervalo entre colchetes está ao contrário ou não existe.",
    "bad repetition operator": "Há duas repetições seguidas.",
    "invalid repetition size": "Uma repetição vai de 0 a, no máximo, 1000, e do menor para o maior.",
    "invalid perl operator": "Esta regra não aceita olhar para a frente nem para trás, como em (?=…).",
    "invalid escape sequence": "Há uma barra invertida antes de algo que não tem sentido especial.",
    "trailing \\": "A regra termina numa barra invertida, que não tem nada depois.",
    "pattern too large": "A regra repete demais e ficou grande demais.",
}


class BadPattern(Exception):  # noqa: N818
    """The sentence says what is wrong with it."""


@dataclass(frozen=True)
class Pattern:
    compiled: Any

    def found_in(self, tag: str) -> bool:
        return self.compiled.search(tag) is not None


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """Raises BadPattern."""
    if not text:
        raise BadPattern("A regra está vazia.")
    if len(text) > LONGEST:
        raise BadPattern(f"A regra é longa demais: são no máximo {LONGEST} caracteres.")
    if not (text.isascii() and text.isprintable()):
        raise BadPattern("A regra só pode ter letras sem acento, números e sinais, como as tags.")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        return Pattern(re2.compile(text, options))
    except re2.error as error:
        raise BadPattern(_said(error)) from error


def _said(error: Exception) -> str:
    reason = error.args[0]
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    known = (words for start, words in _WORDS.items() if text.startswith(start))
    return next(known, "Ela não é uma expressão regular que se entenda.")
