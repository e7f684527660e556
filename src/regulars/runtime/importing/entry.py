"""The program that hands are forked off begins here: what is compiled is taken, then all loads."""

from __future__ import annotations

import os
import sys

from regulars.runtime.installation.compiled import use_compiled


def main() -> None:
    """Load the rules as machine code, where they are built, and begin."""
    use_compiled()
    from regulars.runtime.importing.hand import main as begin

    begin()


if __name__ == "__main__":
    if os.getppid() == int(sys.argv[1]):
        main()
