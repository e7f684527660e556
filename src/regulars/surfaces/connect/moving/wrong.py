"""What is wrong with a line, at which column, and what to write instead."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 400


class Wrong(Exception):
    """One line cannot be taken; of a cell with a whole page in it both ends are told."""

    def __init__(self, column: str, says: str, mend: str) -> None:
        super().__init__(says)
        self.column, self.says, self.mend = column, shortened(says), shortened(mend)


def shortened(text: str) -> str:
    """A sentence of at most so many letters: what stands in its middle is left out.

    Example: of a cell of 100,000 digits `'123… …9' is too large`.
    """
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2 - 1
    return f"{text[:half]}… {text[-half:]}"


def no_such_letter(column: str) -> Wrong:
    """The one character no database keeps, as it stands in a file that was damaged."""
    return Wrong(column, "a text has the character U+0000 in it", "Export it again")
