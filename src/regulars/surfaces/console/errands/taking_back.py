"""An import is taken back: first what it comes to, then the question, then what became of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from litestar import Response

from regulars.base.decimals import text_of
from regulars.base.faults import NotFound
from regulars.flows.errands.keep_errands import AskErrand, ask_errand, stop_errand
from regulars.records.imports import read as imports_read
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.saying import fresh_id, id_of, now_of, the_errand, words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

KEEPS: Final = MappingProxyType(
    {
        "spent": N("They took a reward, used a benefit or stand on an open bill"),
        "bought": N("They bought something or got points since"),
        "united": N("They were merged with others or share a household"),
        "changed": N("They signed in, or something was written down about them since"),
        "more": N("They have rewards, benefits, friends or other things that are no points"),
        "was_here": N("They were members before, and the file brought them more than points"),
        "used": N("They were members before, and some of the points that came are gone"),
        "gone": N("They were erased or merged since"),
        "refused": N("They have a sale that cannot come back"),
    }
)
"""Why members keep what an import brought."""
STAYS: Final = MappingProxyType(
    {
        "sales_to_nobody": N("Sales that name no member"),
        "codes": N("Codes of rewards"),
        "stock": N("What is left of rewards that run out"),
        "budgets": N("What was used of common budgets"),
    }
)
"""What came by a file and is nobody's."""
FAULTS: Final = (
    N("there is no such import; look at the list again"),
    N(
        "it came before imports kept whom they made; restore the backup of before, or mend "
        "single members by hand"
    ),
)
"""What the flow says, for the translators."""


async def look_back(here: Here, form: Form) -> Response[Any]:
    """Ask what taking an import back would come to."""
    import_id, errand_id = id_of(form.get("import")), id_of(form.get("errand"))
    async with here.transaction as tx:
        found = await imports_read.by_id(tx, import_id) if import_id else None
        if found is None or errand_id is None:
            raise NotFound(FAULTS[0])
        title = found.files.replace("\n", ", ")
        ask = {"imported": found.import_id.hex, "files": title, "actor": here.by.actor}
        await ask_errand(tx, AskErrand(errand_id, "undo_check", title, ask, here.by))
    return redirect(f"/console/imports/back/{errand_id.hex}")


async def the_undo(here: Here, text: str) -> Response[str]:
    """What it would come to, or came to, and what to do next."""
    one = await the_errand(here, text, "undo_check", "undo")
    told = one.outcome or {}
    return here.page(
        "errands/back.html",
        one=one,
        told=told,
        address=f"/console/imports/back/{one.errand_id.hex}",
        errand=fresh_id(here),
        kept=_named(here, told.get("kept", {}), KEEPS),
        stays=_named(here, told.get("stays", {}), STAYS),
        points=_points(here, told.get("points", {})),
        **words(),
    )


def _named(here: Here, counts: dict[str, int], says: Any) -> list[tuple[str, str]]:
    """Counts in words, in the order of the words."""
    return [
        (here.reader.say(said), here.reader.number(counts[name]))
        for name, said in says.items()
        if counts.get(name)
    ]


def _points(here: Here, sums: dict[str, int]) -> list[tuple[str, str]]:
    wallets = here.version.program.wallets
    return [
        (wallets[name].name or name, text_of(units, wallets[name].scale))
        for name, units in sums.items()
        if name in wallets
    ]


async def undo_now(here: Here, text: str) -> Response[str]:
    """How far it is."""
    one = await the_errand(here, text, "undo_check", "undo")
    return now_of(here, one, f"/console/imports/back/{one.errand_id.hex}")


async def take_back(here: Here, form: Form) -> Response[Any]:
    """Take back what was weighed, once whoever asks has said that it is meant; or go on with it."""
    one = await the_errand(here, str(form.path["back_id"]), "undo_check", "undo")
    errand_id = id_of(form.get("errand"))
    if errand_id is None or not form.get("sure"):
        return redirect(f"/console/imports/back/{one.errand_id.hex}")
    ask = one.ask | {"actor": here.by.actor}
    async with here.transaction as tx:
        await ask_errand(tx, AskErrand(errand_id, "undo", one.title, ask, here.by))
    return redirect(f"/console/imports/back/{errand_id.hex}")


async def stop_undo(here: Here, text: str) -> Response[Any]:
    """Ask for its end; what was taken back is, and it can go on."""
    one = await the_errand(here, text, "undo_check", "undo")
    async with here.transaction as tx:
        await stop_errand(tx, one.errand_id)
    return redirect(f"/console/imports/back/{one.errand_id.hex}")
