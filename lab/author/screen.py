"""Plays the text of a terminal and keeps what is left on the screen when it ends.

Docker draws its progress by moving the cursor up and writing over; a saved
notebook holds every frame of that. GitHub and nbconvert show the frames one
below the other, so a committed output keeps the last one only.
"""

import re

_TOKEN = re.compile(
    r"\x1b\[(?P<count>\d*)(?:;\d*)*(?P<code>[A-Za-z])|(?P<control>[\r\n\b])|(?P<text>[^\x1b\r\n\b]+|\x1b)"
)


def final_text(stream: str) -> str:
    """What a terminal would show at the end of this stream, without colours."""
    if not re.search(r"[\x1b\r\b]", stream):
        return stream
    screen = _Screen()
    for token in _TOKEN.finditer(stream):
        if token["code"]:
            screen.move(token["code"], token["count"])
        elif token["control"]:
            screen.control(token["control"])
        else:
            screen.write(token["text"])
    return screen.text()


class _Screen:
    """A sheet of lines with a cursor."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.row = 0
        self.column = 0

    def write(self, text: str) -> None:
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + text + line[self.column + len(text) :]
        self.column += len(text)

    def control(self, character: str) -> None:
        if character == "\n":
            self._down(1)
        # The terminal of a cell ends its lines with \r\n, but plain \n is a new line as well.
        self.column = max(0, self.column - 1) if character == "\b" else 0

    def move(self, code: str, count: str) -> None:
        steps = int(count or 1)
        line = self.lines[self.row]
        if code == "A":
            self.row = max(0, self.row - steps)
        elif code == "B":
            self._down(steps)
        elif code == "C":
            self.column += steps
        elif code == "D":
            self.column = max(0, self.column - steps)
        elif code == "K":
            kept = {"1": " " * self.column + line[self.column :], "2": ""}
            self.lines[self.row] = kept.get(count, line[: self.column])

    def _down(self, steps: int) -> None:
        self.row += steps
        self.lines.extend([""] * (self.row - len(self.lines) + 1))

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)
