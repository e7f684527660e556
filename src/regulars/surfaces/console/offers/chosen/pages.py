"""Choices among offers: a list, a form, what is expected of each, and what choosing brought."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.keep_choices import KeepChoice, MoveChoice, Step, keep_choices
from regulars.insight.estimators.comparing.rivals import Worth
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.choosing import Learned, learned
from regulars.records.access.staff.permissions import Permission
from regulars.records.program.changes.choices import read
from regulars.records.program.changes.choices.types import Choice
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.chosen.words import LACKS, LATELY, MUCH, OFTEN, WAYS
from regulars.surfaces.console.offers.promised.words import STATES

PAGE: Final = "/console/offer-choices"
_STEPS: Final[dict[str, Step]] = {"open": "open", "close": "close", "drop": "drop"}
_FIELDS: Final = {"/explore_percent": "explore"}
Wrong = dict[str, str]
"""What is wrong, by field; "" above all."""


class Beside(Struct, frozen=True):
    """Another way as its reader reads it: what it brings, and by how much choosing is ahead."""

    way: str
    brings: str
    ips: str
    snips: str
    dr: str


async def listed(here: Here, form: Form | None = None, wrong: Wrong | None = None) -> Response[str]:
    """Every choice, and a form to begin one."""
    async with here.transaction as tx:
        found = await read.choices(tx)
        names = {one.segment_id: one.name for one in await segments.segments(tx)}
        offered = await _offered(tx)
    return here.page(
        "offers/chosen/list.html",
        status=422 if wrong else 200,
        items=[(one, STATES[one.state], names.get(one.segment_id, "")) for one in found],
        typed=_typed(form),
        wrong=wrong or {},
        **offered,
    )


async def _offered(tx: Tx) -> dict[str, Any]:
    """What a choice may be among, and for whom."""
    there = await segments.segments(tx)
    some = [one for one in await offers.offers(tx) if one.segment_id is None]
    return {
        "segments": [(one.code, one.name) for one in there if one.saved is not None],
        "offers": [(one.code, one.name) for one in some if one.state != "closed"],
    }


def _typed(form: Form | None) -> dict[str, Any]:
    if form is None:
        return {"nothing": True, "explore": 20, "days": 28, "offers": ()}
    told: dict[str, Any] = {
        name: form.get(name) for name in ("name", "code", "segment", "explore", "days")
    }
    return told | {"nothing": form.get("nothing") == "yes", "offers": form.all("offers")}


async def begin(here: Here, form: Form) -> Response[Any]:
    """A choice is begun."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.choice(tx, code)
    if there is not None:
        no = Invalid("There is a choice of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kept = await _kept(here, form, code)
    if isinstance(kept, Fault | Refused):
        return await listed(here, form, _wrong(here, kept))
    return redirect(f"{PAGE}/{kept.code}")


async def choice(here: Here, code: str) -> Response[str]:
    """One choice: among what, for whom, what is expected, and what it brought."""
    return await _page(here, await _there(here, code))


async def _there(here: Here, code: str) -> Choice:
    async with here.transaction as tx:
        found = await read.choice(tx, code)
    if found is None:
        raise NotFound("there is no such choice; look at the list again")
    return found


async def _page(
    here: Here, found: Choice, form: Form | None = None, wrong: Wrong | None = None
) -> Response[str]:
    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        some = await offers.some(tx, found.offers)
        there = await segments.segments(tx)
        segment = next((s for s in there if s.segment_id == found.segment_id), None)
        today = tx.now.astimezone(here.zone).date()
        arms = [_arm(here, id_, some) for id_ in found.among]
        came = await learned(tx, found, today)
        own = {
            "name": found.name, "code": found.code, "nothing": found.nothing, "days": found.days,
            "explore": found.explore_percent, "segment": "" if segment is None else segment.code,
            "offers": [some[id_].code for id_ in found.offers if id_ in some],
        }  # fmt: skip
        return {
            "arms": arms,
            "counts": list(zip(arms, await read.counts(tx, found), strict=True)),
            "segment": "" if segment is None else segment.name,
            "expected": _expected(here, found, arms),
            "came": came,
            "brings": _money(here, came.brings),
            "beside": _beside(here, came, arms),
            "typed": own if form is None else _typed(form) | {"code": found.code},
            **await _offered(tx),
        }

    seen = await here.read(look)
    return here.page(
        "offers/chosen/one.html",
        status=422 if wrong else 200,
        one=found,
        state=STATES[found.state],
        wrong=wrong or {},
        **seen,
    )


def _arm(here: Here, id_: UUID | None, some: dict[UUID, Any]) -> str:
    if id_ is None:
        return here.reader.say("Nothing")
    return some[id_].name if id_ in some else "–"


def _expected(here: Here, found: Choice, arms: list[str]) -> list[tuple[str, list[str], str]]:
    """By kind of member what each is expected to bring, and which of them they are given."""
    if found.expects is None:
        return []
    currency, reader = here.version.program.currency, here.reader
    return [
        (_cell(here, cell), [reader.money(one, currency) for one in each],
         arms[found.expects.best(cell)])
        for cell, each in sorted(found.expects.cells.items(), reverse=True)
    ]  # fmt: skip


def _cell(here: Here, cell: int) -> str:
    lately, often, much = cell // 100, cell // 10 % 10, cell % 10
    parts = [LATELY[lately], *([OFTEN[often], MUCH[much]] if lately else [])]
    return " · ".join(here.reader.say(one) for one in parts)


def _beside(here: Here, came: Learned, arms: list[str]) -> list[Beside]:
    return [
        Beside(
            here.reader.say(WAYS[one.way], offer="" if one.arm is None else arms[one.arm]),
            _money(here, one.brings), *(_more(here, each) for each in
            (one.more.ips, one.more.snips, one.more.dr)),
        )
        for one in came.rivals
    ]  # fmt: skip


def _money(here: Here, found: Worth | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return here.reader.say(LACKS.get(found.what, LACKS["groups"]))
    return here.reader.money(round(found.value), here.version.program.currency)


def _more(here: Here, found: Worth | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return here.reader.say(LACKS.get(found.what, LACKS["groups"]))
    currency = here.version.program.currency
    value, low, high = (
        here.reader.signed_money(round(one), currency)
        for one in (found.value, found.low, found.high)
    )
    return here.reader.say("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)


async def change(here: Here, form: Form) -> Response[Any]:
    """A choice is written, opened, closed or dropped."""
    code, does = str(form.path["offer_choice"]), form.get("does")
    found = await _there(here, code)
    if does in _STEPS:
        version = form.whole("version") if form.get("version") else None
        done = await _do(here, MoveChoice(code, _STEPS[does], here.by, version))
    else:
        done = await _kept(here, form, code)
    if isinstance(done, Fault | Refused):
        return await _page(here, found, None if does else form, _wrong(here, done))
    return redirect(PAGE if does == "drop" else f"{PAGE}/{code}")


async def _kept(here: Here, form: Form, code: str) -> Any:
    try:
        numbers = [_number(form, name) for name in ("explore", "days")]
    except Invalid as fault:
        return fault
    return await _do(here, KeepChoice(
        code, form.get("name"), form.get("segment"), form.all("offers"), here.by,
        form.get("nothing") == "yes", *numbers,
    ))  # fmt: skip


def _number(form: Form, name: str) -> int:
    text = form.get(name).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid("This is not a whole number", field=f"/{name}")
    return int(text)


async def _do(here: Here, command: Any) -> Any:
    try:
        return cast("Any", await here.do(keep_choices, command))
    except Fault as fault:
        return fault


def _wrong(here: Here, no: Fault | Refused) -> Wrong:
    place = no.field if isinstance(no, Fault) else ""
    field = _FIELDS.get(place, place.strip("/").split("/")[0])
    mend = no.facts.get("mend") if isinstance(no, Fault) else None
    says = here.told(no)
    return {field: f"{says} ({mend})" if mend else says}


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{offer_choice:str}",
        Permission.MEMBERS_READ,
        lambda here, path: choice(here, path["offer_choice"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{offer_choice:str}", Permission.MESSAGES_WRITE, change),
)
