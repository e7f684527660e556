"""The archive: every finished piece of PostgreSQL's log, kept apart within a minute."""

import gzip
import re
import secrets
import shlex
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from regulars.runtime.embedded.place import Place, private_folder
from regulars.runtime.embedded.postmaster import run_as
from regulars.runtime.embedded.wheel import make_enterable
from regulars.runtime.problems import SetupProblem

LONGEST_WAIT_S: Final = 30
"""A change waits no longer than this before its piece is closed; copying takes a moment more."""
PIECE_BYTES: Final = 16 << 20
PIECE: Final = re.compile(r"[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})(?:\.gz)?$")
PIECES_PER_ROUND: Final = (1 << 32) // PIECE_BYTES

SCRIPT: Final = """\
# Written by Regulars at every start. PostgreSQL calls it with a finished piece of its log:
# where it lies, its name, and the folder that keeps it.
set -eu
umask 077
kept="$3/$2.gz"
if [ -e "$kept" ]; then
    # The same piece again, after a crash between keeping it and saying so, is well; another is not.
    gzip -dc "$kept" | cmp -s - "$1"
    exit
fi
draft="$3/.$2.$$"
trap 'rm -f "$draft"' EXIT
gzip -1 <"$1" >"$draft"
sync "$draft" 2>/dev/null || sync
mv "$draft" "$kept"
sync "$3" 2>/dev/null || sync
"""


def archive_name(place: Place) -> str:
    """The name of this installation's own archive, drawn when it is first asked for.

    Keeps: what was restored is another life with an archive of its own. In one shared by both, a
    mere drill would lead the next restore down its own branch.
    """
    noted = place.folder / "archive.name"
    if not noted.exists():
        noted.write_text(f"archive-{secrets.token_hex(4)}\n", "utf-8")
    return noted.read_text("utf-8").strip()


def noted_name(folder: Path) -> str:
    """The same as far as it was drawn already; nothing before, and nothing is written."""
    noted = folder / "archive.name"
    return noted.read_text("utf-8").strip() if noted.exists() else ""


def begin_life(place: Place) -> None:
    """What is restored here gets an archive of its own."""
    (place.folder / "archive.name").unlink(missing_ok=True)


def archive_command(place: Place, shelf: Path) -> str:
    """Make the archive ready and say how PostgreSQL fills it."""
    if shutil.which("gzip", path="/usr/bin:/bin") is None:
        raise SetupProblem(
            "The archive needs the program gzip, and it is not installed.",
            "Install it (on Debian: `apt install gzip`), or unset REGULARS_BACKUPS.",
        )
    archive = shelf / archive_name(place)
    make_enterable(shelf)
    private_folder(archive, place.account)
    _refuse_closed(place, archive)
    script = place.folder / "archive.sh"
    script.write_text(SCRIPT, "utf-8")
    script.chmod(0o644)
    words = [shlex.quote(str(path)).replace("%", "%%") for path in (script, archive)]
    return f"/bin/sh {words[0]} %p %f {words[1]}"


def fetch_command(archive: Path) -> str:
    """How PostgreSQL gets a piece back when it restores."""
    word = shlex.quote(str(archive)).replace("%", "%%")
    return f"test -e {word}/%f.gz && gzip -dc {word}/%f.gz > %p"


def check_archive(archive: Path, held: Sequence[str]) -> None:
    """Refuse an archive with a gap or a damaged piece: PostgreSQL would take it for the end.

    Shape: `held`, the pieces that lie in the base backup itself, at least one.
    """
    own = {_order(name) for name in held}
    kept: dict[int, list[Path]] = {}
    for path in _pieces(archive):
        if _order(path.name) >= min(own):
            kept.setdefault(_order(path.name), []).append(path)
    there = sorted(own | kept.keys())
    for expected, place in enumerate(there, there[0]):
        if place != expected:
            raise SetupProblem(
                f"The archive {archive} has a gap before {kept[place][0].name}.",
                "Restore a later base backup, or move the pieces after the gap away and restore "
                "what comes before it.",
            )
    for path in sorted(path for place in kept.values() for path in place):
        if not _whole(path):
            raise SetupProblem(
                f"The piece {path} of the archive is damaged.",
                "Restore a later base backup, or move it and those after it away and restore "
                "what comes before it.",
            )


def tidy_archive(archive: Path, first: str) -> int:
    """Remove the pieces before this one, which no backup needs any more; how many there were."""
    old = [path for path in _pieces(archive) if _order(path.name) < _order(first)]
    for path in old:
        path.unlink()
    return len(old)


def piece_of(position: str) -> str:
    """The name of the piece a position of the log (as 0/3000028) lies in, on no timeline."""
    high, low = (int(part, 16) for part in position.split("/"))
    return f"{0:08X}{high:08X}{low // PIECE_BYTES:08X}"


def _pieces(archive: Path) -> list[Path]:
    return [path for path in archive.glob("*.gz") if PIECE.match(path.name)]


def _order(name: str) -> int:
    """The place of a piece in the log, on whichever timeline it was written."""
    parts = PIECE.match(name)
    assert parts is not None, name
    return int(parts[1], 16) * PIECES_PER_ROUND + int(parts[2], 16)


def _whole(path: Path) -> bool:
    size = 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                size += len(chunk)
    except (OSError, EOFError, zlib.error):
        return False
    return size == PIECE_BYTES


def _refuse_closed(place: Place, archive: Path) -> None:
    probe = run_as(place.account, ["/bin/sh", "-c", 'test -w "$0"', str(archive)])
    if probe.wait() != 0:
        raise SetupProblem(
            f"User {place.account.name} cannot write to {archive}.",
            "Set REGULARS_BACKUPS to a folder whose parents everybody may enter, such as "
            "/var/backups/regulars.",
        )
