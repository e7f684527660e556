"""What is wrong with a line, at which column, and what to write instead."""

from __future__ import annotations


class Wrong(Exception):
    """One line cannot be taken."""

    def __init__(self, column: str, says: str, mend: str) -> None:
        super().__init__(says)
        self.column, self.says, self.mend = column, says, mend
