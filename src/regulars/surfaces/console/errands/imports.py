"""Files brought over: columns named, looked at without touching, then booked; what came of it."""

from __future__ import annotations

import csv
import re
from asyncio import sleep
from collections.abc import AsyncIterator, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from litestar import Response
from litestar.response import Stream

from regulars.base.faults import Fault, NotFound
from regulars.base.sheets import sheet_rows, told_cell
from regulars.flows.errands.keep_errands import (
    AskErrand,
    ask_errand,
    forget_errand,
    stop_errand,
)
from regulars.flows.errands.keep_uploads import choose_columns
from regulars.records.errands import read
from regulars.records.errands.types import Errand, Upload
from regulars.records.imports import read as imports_read
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.connect.moving.ready import OURS, ready_mapping, ready_names
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.receiving import LARGEST, TOO_LARGE
from regulars.surfaces.console.errands import columns
from regulars.surfaces.console.errands.files import path_of, root_of, the_file
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.errands.saying import (
    REASONS,
    fresh_id,
    id_of,
    now_of,
    the_errand,
    words,
)
from regulars.surfaces.console.errands.shelf import slips_of
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.paper import GUARDED, NEVER
from regulars.surfaces.ui.reader import Reader

LATEST: Final = 20
SHOWN_SLIPS: Final = 8
A_PART: Final = 50
"""So many lines of a list are put into words at once: some milliseconds."""
_SOURCE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
USUAL_SOURCE: Final = "old-system"
TOTALS: Final = MappingProxyType(
    {
        "members": N("Members"),
        "identifiers": N("Phones, addresses, cards and ids"),
        "activities": N("Sales and returns"),
        "amount": N("What they come to"),
        "consents": N("Consents"),
        "tiers": N("Members by tier"),
        "points": "",
        "owed": N("Owed by members"),
        "expiring": N("Points that end in"),
    }
)
SOURCE_WANTED: Final = N("Small letters, digits and hyphens, as in old-till")


async def imports(here: Here, wrong: str = "") -> Response[str]:
    """Where one begins: bring a file; what lies here, and what was brought over.

    Shape: `wrong` says why files cannot be looked at together.
    """
    async with here.transaction as tx:
        files = [one for one in await read.uploads(tx) if one.choices.get("for") == "import"]
        jobs = await read.errands(tx, "check", "import", "undo_check", "undo")
        brought = await imports_read.latest(tx, LATEST)
    return here.page(
        "errands/imports.html",
        status=422 if wrong else 200,
        wrong=wrong,
        errand=fresh_id(here),
        files=files,
        jobs=jobs[:LATEST],
        brought=brought,
        backs=[fresh_id(here) for _ in brought],
        most=LARGEST,
        too_large=TOO_LARGE,
        **words(),
    )


async def file_form(here: Here, text: str) -> Response[str]:
    """A file's first lines, and which column is which field, guessed where nobody said."""
    one = await the_file(here, text, "import")
    kept = await chosen(here, one, here.query.get("kind", ""))
    return await _form(here, one, kept, {})


async def choose(here: Here, form: Form) -> Response[Any]:
    """Keep what was chosen; then look at the file without touching anything."""
    one = await the_file(here, str(form.path["upload_id"]), "import")
    kept = _typed(here, form)
    async with here.transaction as tx:
        await choose_columns(tx, one.upload_id, kept)
    if form.get("act") == "look":
        return redirect(f"/console/imports/files/{one.upload_id.hex}")
    wrong = columns.what_is_wrong(kept)
    if not _SOURCE.match(kept["source"]) or len(kept["source"]) > 40:
        wrong["source"] = SOURCE_WANTED
    errand_id = id_of(form.get("errand"))
    if wrong or errand_id is None:
        return await _form(here, one, kept, wrong, 422)
    try:
        mapping, named = columns.mapping_of(kept, one.name)
        ask = {"upload": one.upload_id.hex, "file": one.name, "named": named, "mapping": mapping}
        async with here.transaction as tx:
            await ask_errand(tx, AskErrand(errand_id, "check", one.name, ask, here.by))
    except Fault as fault:
        return await _form(here, one, kept, {"": here.told(fault)}, 409)
    return redirect(f"/console/imports/{errand_id.hex}")


def _typed(here: Here, form: Form) -> dict[str, Any]:
    """What stands in the form, as far as it can be chosen there; all else is as usual."""
    kind = form.get("kind")
    kind = kind if kind in columns.KINDS else "members"
    wallets = list(here.version.program.wallets)

    def among(name: str, known: Any) -> str:
        said = form.get(name)
        return said if said in known else str(next(iter(known), ""))

    return {
        "for": "import",
        "kind": kind,
        "source": form.get("source", USUAL_SOURCE).strip(),
        "encoding": among("encoding", columns.ENCODINGS),
        "delimiter": among("delimiter", columns.DELIMITERS),
        "decimal": among("decimal", columns.DECIMALS),
        "dates": among("dates", columns.DATES),
        "no_expiry": among("no_expiry", columns.NO_ENDS),
        "wallet": among("wallet", wallets),
        "ready": form.get("ready") if form.get("ready") in dict(_ready()) else "",
        "columns": {
            field: form.get(f"col.{field}")[:200] for field in columns.FIELDS.get(kind, ())
        },
    }


async def chosen(here: Here, one: Upload, kind: str) -> dict[str, Any]:
    """What was chosen so far, or guessed; another kind of file is guessed anew."""
    kept = dict(one.choices)
    if "encoding" not in kept:
        kept |= await here.given.aside(
            lambda path: columns.written(path, here.reader.language), path_of(here, one)
        )
        kept |= {"source": USUAL_SOURCE, "no_expiry": "program", "ready": ""}
        kept |= {"wallet": next(iter(here.version.program.wallets), "")}
    if "kind" in kept and (kind not in columns.KINDS or kind == kept["kind"]):
        return kept
    seen = await _look(here, one, kept)
    kept["kind"] = kind if kind in columns.KINDS else columns.guess_kind(seen.columns)
    guessed = columns.guess(seen.columns, kept["kind"]) if kept["kind"] in columns.FIELDS else {}
    return kept | {"columns": guessed} | columns.guess_writing(seen, guessed, kept["delimiter"])


async def _look(here: Here, one: Upload, kept: dict[str, Any]) -> columns.Look:
    found: columns.Look = await here.given.aside(
        lambda path: columns.look(path, kept, here.told), path_of(here, one)
    )
    return found


def _ready() -> list[tuple[str, str]]:
    """Each file of each ready mapping: how it is chosen, and what it is called."""
    return [
        (f"{name}:{file}", f"{read_mapping(ready_mapping(name)).title}: {file}")
        for name in sorted(ready_names(), key=lambda name: name == OURS)
        for file in read_mapping(ready_mapping(name)).files
    ]


async def _form(
    here: Here, one: Upload, kept: dict[str, Any], wrong: dict[str, str], status: int = 200
) -> Response[str]:
    seen = await _look(here, one, kept)
    say = here.reader.say
    wallets = here.version.program.wallets
    return here.page(
        "errands/columns.html",
        status=status,
        one=one,
        kept=kept,
        seen=seen,
        rows=seen.rows[: columns.FIRST],
        wrong={_field(name): say(says) for name, says in wrong.items()},
        errand=fresh_id(here),
        sorts=[(name, say(says)) for name, says in columns.KINDS.items()],
        fields=[
            (f"col.{field}", say(columns.LABELS[field]), kept["columns"].get(field, ""))
            for field in columns.FIELDS.get(kept["kind"], ())
        ],
        needed={f"col.{field}" for field in columns.NEEDED.get(kept["kind"], ())},
        options=[("", say("Not in this file")), *((name, name) for name in seen.columns)],
        encodings=[(name, name.upper()) for name in columns.ENCODINGS],
        delimiters=list(columns.DELIMITERS.items()),
        decimals=list(columns.DECIMALS.items()),
        dates=[(name, shown) for name, (_, shown) in columns.DATES.items()],
        no_ends=[(name, say(says)) for name, says in columns.NO_ENDS.items()],
        wallets=[(id_, wallet.name or id_) for id_, wallet in wallets.items()],
        ready=_ready() if kept["kind"] == "ready" else [],
        is_text=Path(one.name).suffix in (".csv", ".tsv", ".txt"),
    )


def _field(name: str) -> str:
    return f"col.{name}" if name in columns.LABELS else name


async def the_import(here: Here, text: str) -> Response[str]:
    """A dry run or an import: how far it is, or what came of it, and what to do next."""
    one = await the_errand(here, text, "check", "import")
    slips = [] if one.is_open else await here.given.aside(_first_slips, _slips(here, one))
    slips = [[*row[:3], *(in_words(here.reader, each) for each in row[3:5])] for row in slips]
    async with here.transaction as tx:
        files = [_upload_id(each) for each in (one.ask, *one.ask.get("more", ()))]
        there = all([await read.upload(tx, each) is not None for each in files])
    told = one.outcome or {}
    refusals = told.get("refusals", [])
    return here.page(
        "errands/import.html",
        one=one,
        told=told,
        address=f"/console/imports/{one.errand_id.hex}",
        slips=slips,
        has_slips=bool(slips),
        there=there,
        reasons=[here.reader.say(REASONS.get(each, each)) for each in refusals],
        allowable=[each for each in refusals if each in REASONS],
        stuck=any(each not in REASONS for each in refusals),
        errand=fresh_id(here),
        totals=_totals(here, told),
        **words(),
    )


def _upload_id(ask: dict[str, Any]) -> Any:
    found = id_of(str(ask["upload"]))
    assert found is not None, ask
    return found


def _slips(here: Here, one: Errand) -> Path:
    return slips_of(root_of(here), here.terms.program_id, _upload_id(one.ask), one.errand_id)


async def _in_their_words(here: Here, path: Path) -> AsyncIterator[str]:
    """The list with what is wrong and what to write in the reader's language.

    Keeps: the memory it takes is that of one part, however many lines are wrong.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        yield sheet_rows(islice(rows, 1))
        while part := _next_in_words(here.reader, rows):
            yield part
            await sleep(0)  # so that tills come in between


def _next_in_words(reader: Reader, rows: Iterator[list[str]]) -> str:
    plain = ([told_cell(one) for one in row] for row in islice(rows, A_PART))
    return sheet_rows(
        [*row[:3], *(in_words(reader, each) for each in row[3:5]), *row[5:]] for row in plain
    )


def _first_slips(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = islice(csv.reader(stream), 1, SHOWN_SLIPS + 1)
        # On a page nothing is taken for a formula: shown as it was brought.
        return [[told_cell(one) for one in row] for row in rows]


def _totals(here: Here, told: dict[str, Any]) -> list[tuple[str, str]]:
    """What the file comes to, without what is nothing, in words."""
    return [
        (_total_named(here, name), here.reader.number(Decimal(sum_)))
        for name, sum_ in told.get("totals", {}).items()
        if Decimal(sum_)
    ]


def _total_named(here: Here, name: str) -> str:
    """What is counted under a name, such as points.points or expiring.points.2026-12."""
    say, wallets = here.reader.say, here.version.program.wallets
    group, _, rest = name.partition(".")
    says = TOTALS.get(group)
    if says is None:
        return name
    wallet, _, month = rest.partition(".")
    if wallet in wallets:
        rest = wallets[wallet].name or wallet
    if month and group == "expiring":
        rest = f"{rest}, {here.reader.month(date.fromisoformat(f'{month}-01'))}"
    if group == "points":
        return rest
    return f"{say(says)}: {rest}" if rest else say(says)


async def import_now(here: Here, text: str) -> Response[str]:
    """How far it is."""
    one = await the_errand(here, text, "check", "import")
    return now_of(here, one, f"/console/imports/{one.errand_id.hex}")


async def slips(here: Here, text: str) -> Response[Any]:
    """Every line that was not taken, with what is wrong and what to write, as a CSV."""
    one = await the_errand(here, text, "check", "import")
    path = _slips(here, one)
    if not path.is_file():
        raise NotFound("there is no such list; the file it belongs to is gone")
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(one.title).stem)[:60] or "lines"
    headers = GUARDED | {
        "cache-control": NEVER,
        "content-disposition": f'attachment; filename="{name}-not-taken.csv"',
    }
    kind = "text/csv; charset=utf-8"
    answer: Any = Stream(_in_their_words(here, path), media_type=kind, headers=headers)
    return answer


async def bring_over(here: Here, form: Form) -> Response[Any]:
    """Book what was looked at, or go on with what was stopped."""
    one = await the_errand(here, str(form.path["import_id"]), "check", "import")
    errand_id = id_of(form.get("errand"))
    address = f"/console/imports/{one.errand_id.hex}"
    if errand_id is None:
        return redirect(address)
    ask = one.ask | {"leave_out": bool(form.get("leave_out")), "earn": bool(form.get("earn"))}
    async with here.transaction as tx:
        await ask_errand(tx, AskErrand(errand_id, "import", one.title, ask, here.by))
    return redirect(f"/console/imports/{errand_id.hex}")


async def stop_import(here: Here, text: str) -> Response[Any]:
    """Ask for its end; what is booked stays booked."""
    one = await the_errand(here, text, "check", "import")
    async with here.transaction as tx:
        await stop_errand(tx, one.errand_id)
    return redirect(f"/console/imports/{one.errand_id.hex}")


async def forget_import(here: Here, text: str) -> Response[Any]:
    """Throw away what was said of it; what it booked stays."""
    one = await the_errand(here, text, "check", "import")
    async with here.transaction as tx:
        await forget_errand(tx, one.errand_id)
    return redirect("/console/imports")
