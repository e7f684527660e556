"""Builds the rules as machine code, of the source as it stands: `make compiled`.

It needs mypy (which brings the compiler), a C compiler and Python's headers. What comes of it lies
beside the installation (`runtime/installation/compiled.py`), never in the source.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec
from mypyc.build import mypycify
from setuptools import setup

from regulars.runtime.installation.compiled import BUILT, PLACE, SOURCE, Built, digests

FILES: Final = (
    "base/decimals.py", "base/ids.py", "engine/calendar.py", "engine/checking/telling.py",
    "engine/deciding/booking.py", "engine/deciding/bring_over.py", "engine/deciding/budgets.py",
    "engine/deciding/earn.py", "engine/deciding/expire.py", "engine/deciding/idle.py",
    "engine/deciding/pending.py", "engine/deciding/settle.py", "engine/deciding/tiering.py",
    "engine/facts.py", "engine/ladder/counting.py", "engine/ladder/credit.py",
    "engine/ladder/further.py", "engine/qualify.py", "engine/restating/late.py",
    "engine/returning/payments.py", "engine/rewarding/milestones.py", "engine/state.py",
    "engine/terms.py", "flows/batch/append.py", "flows/batch/askings.py",
    "flows/recording/decide_one.py", "flows/recording/decided.py", "flows/recording/before/history.py",
    "flows/recording/record_activities.py", "records/activity/checks.py",
    "records/activity/foreign.py", "records/activity/write.py", "records/imports/packing.py",
    "records/ledger/write.py", "records/once/types.py", "records/once/write.py",
    "records/standing/write.py", "records/trail/write.py", "runtime/storage/ids.py",
    "surfaces/connect/moving/cells.py", "surfaces/connect/moving/fields.py",
    "surfaces/connect/moving/history.py", "surfaces/connect/moving/lines.py",
    "surfaces/connect/moving/people.py", "surfaces/connect/moving/tables.py",
)  # fmt: skip
"""What an activity that is brought over passes through."""
_MYPY: Final = """
[mypy]
explicit_package_bases = True
[mypy-asyncpg.*,distributed.*,multipart,numba.*,pygal.*,scipy.*]
ignore_missing_imports = True
"""
_LIBRARY: Final = "regulars_compiled"
_TRIED: Final = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from regulars.runtime.installation.compiled import use_compiled
assert use_compiled(Path(sys.argv[1]))
import regulars.flows.recording.decide_one as one
from msgspec import msgpack
from regulars.runtime.importing.hand import ReadingOrder, _order
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.connect.moving.tables import ALL
assert one.__file__.endswith(".so")
place = Place({"points": 0}, (), "EUR", 2, "Europe/Berlin", "DE", datetime.now(UTC))
order = ReadingOrder([("file", "name", 0)], "", place, ALL)
assert _order(msgpack.encode(order)) == order
"""
"""The hands load everything, the compiled before its source, and are told where they read."""


def build(place: Path = PLACE) -> None:
    """Compile the files and put them in place; what was there before is replaced as a whole.

    Order: the record of what was built is written last, so that half a build is none.
    """
    files = [f"regulars/{file}" for file in FILES]
    sources = digests(SOURCE, files)
    shutil.rmtree(place, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "mypy.ini").write_text(_MYPY, "utf-8")
        os.chdir(SOURCE)
        options = ["--config-file", str(work / "mypy.ini"), "--cache-dir", str(work / "cache")]
        extensions = mypycify(
            [*options, *files],
            opt_level="2",
            debug_level="0",
            target_dir=str(work / "c"),
            group_name=_LIBRARY,
        )
        setup(
            name=_LIBRARY,
            ext_modules=extensions,
            script_args=["-q", "build_ext", f"--build-lib={place}", f"--build-temp={work / 'o'}"],
        )
    modules = {
        str(path.relative_to(place)).split(".")[0].replace("/", "."): str(path.relative_to(place))
        for path in sorted(place.rglob("*.so"))
    }
    built = Built(sys.version, sources, modules)
    (place / BUILT).write_bytes(msgspec.json.encode(built))
    _try_out(place)


def _try_out(place: Path) -> None:
    """Load all that is compiled as the hands of an import do; what does not load is taken away, as
    else every import would fall."""
    done = subprocess.run([sys.executable, "-c", _TRIED, str(place)], check=False)
    if done.returncode != 0:
        shutil.rmtree(place)
        sys.exit("What was compiled does not load, and is gone again; everything runs as before.")


if __name__ == "__main__":
    os.environ["MYPYPATH"] = str(SOURCE)
    build(*map(Path, sys.argv[1:]))
