"""Everything that can go wrong in the lab, each with the sentence for the learner and the exit code.

LabError
├── UsageError           2  the command was typed wrongly, or does not apply here
├── LabDown              3  the command needs a running lab and there is none
├── CannotRun            3  this machine cannot run the lab's own engine
│   └── MissingProgram   3  a program has to be installed first
├── ServiceFailed        3  a service did not come up
└── BadState             3  the lab's folder cannot be used as it is
"""

from __future__ import annotations

import errno

from lab import typed


class LabError(Exception):
    """A message in Portuguese that says what happened and what to do."""

    exit_code = 3


class UsageError(LabError):
    exit_code = 2


class LabDown(LabError):  # noqa: N818
    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or f"O laboratório está desligado. Ligue-o com `{typed.lab()} aula` e repita o comando."
        )


class CannotRun(LabError):  # noqa: N818
    pass


class MissingProgram(CannotRun):
    pass


class ServiceFailed(LabError):  # noqa: N818
    pass


class BadState(LabError):  # noqa: N818
    pass


_ELSEWHERE = "ou escolha outra com LAB_HOME=/tmp/meu-lab."
_SENTENCES = {
    errno.ENOSPC: "O disco está cheio e não deu para gravar{where}. "
    "Libere espaço e repita o comando: nada se perdeu.",
    errno.EDQUOT: "A sua cota de disco acabou e não deu para gravar{where}. "
    "Libere espaço e repita o comando: nada se perdeu.",
    errno.EROFS: "Não deu para gravar{where}: o disco está protegido contra escrita. "
    f"Desproteja a pasta, {_ELSEWHERE}",
    errno.EACCES: f"Você não tem permissão para mexer{{where}}. Veja de quem é a pasta, {_ELSEWHERE}",
    errno.ENOTDIR: f"Não deu para mexer{{where}}: há um arquivo onde devia haver uma pasta. Mude-o de lugar, "
    f"{_ELSEWHERE}",
    errno.EBUSY: "O sistema não deixou mexer{where}: algo ainda usa essa pasta. Se é um disco montado, "
    "desmonte-o com `sudo umount`; se não, feche o programa que a usa. Depois repita o comando.",
    errno.EPERM: f"O sistema não deixou mexer{{where}}. Veja de quem é a pasta, {_ELSEWHERE}",
}


def from_os(error: OSError) -> LabError | None:
    """The sentence for a trouble of the machine; None when it is not one that the learner can mend."""
    sentence = _SENTENCES.get(error.errno or 0)
    if sentence is None:
        return None
    return BadState(
        sentence.format(where=f" em {error.filename}" if error.filename else " na pasta do laboratório")
    )
