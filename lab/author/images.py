"""Puts the pictures of a Markdown cell inside it, so that a copy of the notebook works anywhere."""

import base64
import re
from pathlib import Path

from lab.author.errors import BadSource
from lab.author.source import Cell

# A data URI is what JupyterLab, GitHub and nbconvert all draw; cell attachments fail on GitHub.
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>images/[^)\s]+)\)")
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


def inline_images(cell: Cell, source: Path) -> str:
    """The text of the cell with each `![alt](images/…)` replaced by the picture itself."""

    def embed(found: re.Match[str]) -> str:
        alt, picture = found["alt"].strip(), source.parent / found["path"]
        media = _TYPES.get(picture.suffix.lower())
        if media is None:
            raise BadSource(source, cell.line, f"{found['path']}: use uma imagem {', '.join(_TYPES)}.")
        if not alt:
            raise BadSource(source, cell.line, f"{found['path']}: descreva a imagem entre os colchetes.")
        if not picture.is_file():
            raise BadSource(source, cell.line, f"a imagem {picture} não existe.")
        data = base64.b64encode(picture.read_bytes()).decode("ascii")
        return f"![{alt}](data:{media};base64,{data})"

    return cell.text if cell.code else _IMAGE.sub(embed, cell.text)
