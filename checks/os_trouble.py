"""What a system said of a file, in Portuguese: its own words are of whatever language it speaks."""

from __future__ import annotations

import errno

_CHECK_NAME = "Confira o nome."
_WHY = {
    errno.ENOENT: f"esse arquivo não existe. {_CHECK_NAME}",
    errno.EISDIR: f"isso é uma pasta, e não um arquivo. {_CHECK_NAME}",
    errno.ENOTDIR: f"há um arquivo onde devia haver uma pasta. {_CHECK_NAME}",
    errno.ENAMETOOLONG: f"o nome é comprido demais. {_CHECK_NAME}",
    errno.ELOOP: f"esse link leva a si mesmo. {_CHECK_NAME}",
    errno.EACCES: "você não tem permissão. Veja de quem ele é.",
    errno.EPERM: "você não tem permissão. Veja de quem ele é.",
    errno.ENOSPC: "o disco está cheio. Libere espaço e repita.",
    errno.EDQUOT: "a sua cota de disco acabou. Libere espaço e repita.",
    errno.EROFS: "o disco está protegido contra escrita. Escolha outra pasta.",
    errno.EIO: "o disco falhou. Repita e, se continuar, use outro disco.",
}


def why(error: OSError) -> str:
    """The end of a sentence that begins with what could not be done, and what to do about it."""
    return _WHY.get(error.errno or 0, f"o sistema não deixou (erro {error.errno}). {_CHECK_NAME}")
