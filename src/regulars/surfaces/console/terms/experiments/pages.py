"""Experiments: planned by a form, begun, watched and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.flows.terms.experiments.commands import (
    BeginExperiment,
    DropExperiment,
    EndExperiment,
    ExperimentCommand,
    ExperimentOutcome,
    PlanExperiment,
)
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.insight.estimators.asking.sizes import parts_wanted
from regulars.insight.experiments.tabled import MOST_LOOKS
from regulars.records.access.staff.permissions import Permission
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import HELD_OUT, Arm, Experiment, Look
from regulars.records.program.parts.conditions import All, MemberIs
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form, plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.experiments import seen
from regulars.surfaces.console.terms.experiments.words import (
    KINDS,
    MISSING,
    OUTCOMES,
    STATES,
    STOPS,
)
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.rewards import reward_terms_in_words
from regulars.surfaces.in_words.rules import rule_in_words

PAGE: Final = "/console/experiments"
_SHARE: Final = N("A whole number of percent, from 1 to 99")
_NOTHING_LEFT: Final = N("So many parts leave nothing to the first; choose a smaller one")
FURTHER: Final = ("third", "fourth", "fifth")
_LATER: Final = N("A day from today on, or nothing")
_POINTS: Final = N("%(n)s percentage points")
_DIFFERENCE: Final = N("Two shares from 0.1 to 99.9 %, and not the same")
_FIELDS: Final = {"code": "code", "title": "title", "arms": "first", "wanted": "wanted"}
_PART_COSTS: Final = N(
    "In cost, points of %(wallet)s that members hold count with %(share)s of what they cost when "
    "they are spent: so much of what is left is expected to come back."
)
_ALL_COST: Final = N(
    "In cost, points of %(wallet)s that members hold count with all of what they cost when they "
    "are spent: how many never come back cannot be said yet."
)


async def experiments(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every experiment, a form to plan one, and how many members one takes."""
    async with here.transaction as tx:
        found = await read.experiments(tx)
        counts = await read.counts(tx, [one.experiment_id for one in found])
        many = await read.active_members(tx)
    items = [(one, sum(counts.get(one.experiment_id, {}).values())) for one in found]
    size, mean = _size(here), await seen.size_of_means(here)
    return here.page(
        "experiments/list.html",
        status=422 if wrong else 200,
        items=items,
        many=many,
        ways=[(one, here.reader.say(says)) for one, says in KINDS.items()],
        outcomes=[(one, here.reader.say(OUTCOMES[one])) for one in ("spend", "orders", "came")],
        stages=STATES,
        kind_names=KINDS,
        form=form or Form({}),
        further=FURTHER,
        wrong=wrong or {},
        size=size,
        mean=mean,
        of_mean=seen.ways(here),
        asked=(here.query.get("now", ""), here.query.get("then", "")),
        smaller=here.query.get("part", "" if here.query.get("arms") else "50"),
        parts=here.query.get("arms", "2"),
    )


async def plan(here: Here, form: Form) -> Response[Any]:
    """An experiment is planned."""
    share = form.get("share").strip()
    part = int(share) if share.isascii() and share.isdigit() and len(share) < 3 else 0
    if not part:
        return await experiments(here, form, {"share": here.reader.say(_SHARE)})
    if form.get("kind") == "split" and part * (len(_named(form)) - 1) >= 100:
        return await experiments(here, form, {"share": here.reader.say(_NOTHING_LEFT)})
    ends = _ends(here, form.get("ends").strip())
    if ends is not None and ends <= here.now:
        return await experiments(here, form, {"ends": here.reader.say(_LATER)})
    wanted = form.get("wanted").strip() or "0"
    command = PlanExperiment(
        form.get("code").strip(),
        form.get("title").strip(),
        form.get("kind", "split"),  # type: ignore[arg-type]
        form.get("outcome", "spend"),  # type: ignore[arg-type]
        _arms(form, part),
        here.by,
        int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else -1,
        ends,
    )
    if command.kind not in KINDS or command.outcome not in OUTCOMES:
        raise NotFound("this form is not whole; load the page again")
    kept = await _done(here, command)
    if isinstance(kept, Fault | Refused):
        at = _field_of(kept).split("/")
        name = _at_arm(form, at) if at[0] == "arms" else _FIELDS.get(at[0], "code")
        return await experiments(here, form, {name: here.told(kept)})
    return redirect(f"{PAGE}/{kept.code}")


def _at_arm(form: Form, at: Sequence[str]) -> str:
    """The field of the part that is wrong; the first where it is about all of them."""
    place = int(at[1]) if len(at) > 1 and at[1].isdigit() else 0
    fields = ["first", "second", *(name for name in FURTHER if form.get(name).strip())]
    return fields[place] if place < len(fields) else "first"


async def experiment(
    here: Here, code: str, wrong: dict[str, str] | None = None, why: str = ""
) -> Response[Any]:
    """One experiment: its parts, each beside the first, and whether one may stop."""
    async with here.transaction as tx:
        found = await read.experiment(tx, code)
        if found is None:
            raise NotFound("there is no such experiment; look at the list again")
        counts = (await read.counts(tx, [found.experiment_id])).get(found.experiment_id, {})
        looks = await read.looks(tx, found.experiment_id, MOST_LOOKS)
    if here.query.get("as"):
        return seen.file_of(found, looks, here.query.get("table", ""), here.query["as"])
    look = looks[0] if looks else None
    stop = STOPS.get(look.found["stop"], "") if look else ""
    return here.page(
        "experiments/one.html",
        status=422 if wrong else 200,
        one=found,
        state=STATES[found.state],
        kind=here.reader.say(KINDS[found.kind]),
        outcome=here.reader.say(OUTCOMES[found.outcome]),
        arms=_shown_arms(here, found, counts, look),
        seen=look,
        effects=_effects(here, found, look) if look else [],
        comes=_comes(here, look) if look else [],
        stop=here.reader.say(stop) if stop else "",
        alarm=stop == STOPS["mismatch"],
        gets=_gets(here, found),
        charts=seen.charts(here, found, looks),
        wrong=wrong or {},
        why=why,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """An experiment begins, ends, or its plan is dropped."""
    code, wanted = str(form.path["code"]), form.get("does")
    commands: dict[str, Any] = {
        "begin": BeginExperiment(code, here.by),
        "end": EndExperiment(code, form.get("why"), here.by),
        "drop": DropExperiment(code, here.by),
    }
    if wanted not in commands:
        raise NotFound("this form is not whole; load the page again")
    done = await _done(here, commands[wanted])
    if isinstance(done, Fault | Refused):
        return await experiment(here, code, {_field_of(done): here.told(done)}, form.get("why"))
    return redirect(PAGE if wanted == "drop" else f"{PAGE}/{code}")


async def _done(here: Here, command: ExperimentCommand) -> ExperimentOutcome:
    try:
        return cast("ExperimentOutcome", await here.do(keep_experiments, command))
    except Fault as fault:
        return fault


def _field_of(no: Fault | Refused) -> str:
    return no.field.strip("/") if isinstance(no, Fault) else ""


def _ends(here: Here, typed: str) -> datetime | None:
    """When the last day that is typed has ended, by the shop's clock; nothing where none is typed.

    Shape: what is no day is over already, and refused as such.
    """
    if not typed:
        return None
    try:
        last = date.fromisoformat(typed)
        return datetime.combine(last + timedelta(days=1), time(), here.zone)
    except (ValueError, OverflowError):
        return here.now


def _arms(form: Form, part: int) -> tuple[Arm, ...]:
    """Two arms, or more where they are named; of a hold-out two, and the first gets nothing. Each
    further one has the part that was typed, and the first what is left."""
    if form.get("kind") in ("hold_out", "everybody"):
        return (Arm(HELD_OUT, part), Arm("in", 100 - part))
    first, *others = _named(form)
    return (Arm(first, 100 - part * len(others)), *(Arm(name, part) for name in others))


def _named(form: Form) -> list[str]:
    """The names of its parts: two, whether or not they were typed, and further ones that were."""
    typed = [form.get(name).strip() for name in ("first", "second", *FURTHER)]
    return [*typed[:2], *(name for name in typed[2:] if name)]


def _size(here: Here) -> tuple[str, str]:
    """How many members it takes in each part, or what is wrong with the question."""
    now, then = (_percent(here, here.query.get(name, "")) for name in ("now", "then"))
    if now is None and then is None:
        return "", ""
    if now is None or then is None or now == then:
        return "", here.reader.say(_DIFFERENCE)
    of_parts = seen.parts_asked(here)
    if of_parts is None:
        return "", here.reader.say(seen.PART)
    share, lift = float(now) / 100, float(then - now) / 100
    size = parts_wanted(share, lift, of_parts.part, arms=of_parts.arms)
    return seen.size_said(here, size, of_parts), ""


def _percent(here: Here, typed: str) -> Decimal | None:
    plain = plain_number(typed.strip().removesuffix("%"), here.reader.separators)
    if not plain.replace(".", "", 1).isdigit() or len(plain) > 6:
        return None
    return value if Decimal("0.1") <= (value := Decimal(plain)) <= Decimal("99.9") else None


def _shown_arms(
    here: Here, one: Experiment, counts: dict[int, int], look: Look | None
) -> list[dict[str, str]]:
    """Each part: how large it is, and what its members did by the last look."""
    reader, currency = here.reader, here.version.program.currency
    whole = sum(arm.parts for arm in one.arms)
    shown = []
    for at, arm in enumerate(one.arms):
        seen = look.found["arms"][at] if look else None
        many = max(seen["members"], 1) if seen else 1
        shown.append(
            {
                "name": arm.name,
                "planned": reader.share(arm.parts, whole),
                "members": reader.number(counts.get(at, 0)),
                "came": reader.fine_share(seen["came"], many) if seen else "",
                "orders": reader.number(_two(seen["orders"] / many)) if seen else "",
                "spend": reader.money(round(seen["spend"] / many), currency) if seen else "",
            }
        )
    return shown


def _gets(here: Here, one: Experiment) -> list[dict[str, Any]]:
    """What each part gets by the program in force: rules and rewards that ask for it."""
    program, found = here.version.program, []
    for arm in one.arms:
        rules = [each for each in program.rules if _asks(each.when, one.attribute, arm.name)]
        rewards = [each for each in program.rewards
                   if arm.name in each.for_.get(one.attribute, ())]  # fmt: skip
        said = [
            *(rule_in_words(program, each, here.voice, inside=True) for each in rules),
            *(reward_terms_in_words(program, each, here.voice) for each in rewards),
        ]
        found.append({"name": arm.name, "said": said})
    return found


def _asks(when: Any, attribute: str, arm: str) -> bool:
    """Whether a condition holds for this part only; said the other way round it does not."""
    if isinstance(when, MemberIs):
        return when.attribute == attribute and arm in when.in_
    return isinstance(when, All) and any(_asks(each, attribute, arm) for each in when.of)


def _effects(here: Here, one: Experiment, look: Look) -> list[dict[str, Any]]:
    """What each part after the first is ahead by, in words; what decides comes first."""
    told = [_effect(here, each) for each in look.found["effects"]]
    return sorted(told, key=lambda each: each["outcome"] != one.outcome)


def _comes(here: Here, look: Look) -> list[str]:
    """With how much of what they cost the points count that members hold, wallet by wallet; looks
    of before that was told say nothing."""
    wallets, found = here.version.program.wallets, []
    for one in look.found.get("points", ()):
        known = wallets.get(one["wallet"])
        name, share = (known.name if known else "") or one["wallet"], one["comes_back"]
        found.append(
            here.reader.say(_ALL_COST, wallet=name)
            if share is None
            else here.reader.say(
                _PART_COSTS, wallet=name, share=here.reader.share(round(share * 1_000), 1_000)
            )
        )
    return found


def _effect(here: Here, each: dict[str, Any]) -> dict[str, Any]:
    name = OUTCOMES[each["outcome"]]
    shown = {
        "outcome": each["outcome"],
        "name": here.reader.say(name),
        "arm": each["arm"],
        "missing": "",
        "per_order": False,
        "per_cost": False,
    }
    if "per_order" in each:
        money = here.reader.money(round(each["per_order"]), here.version.program.currency)
        ends = each.get("price", {}).get("always", {})
        low, high = (
            here.reader.money(round(ends[end]), here.version.program.currency) if ends else ""
            for end in ("low", "high")
        )
        return shown | {"value": money, "per_order": True, "low": low, "high": high}
    if "per_cost" in each:
        ends = each["price"]["always"]
        parts = [_percents(here, one) for one in (each["per_cost"], ends["low"], ends["high"])]
        return shown | {"value": parts[0], "per_cost": True, "low": parts[1], "high": parts[2]}
    told = each.get("always") or {}
    lacking = each.get("missing") or (None if "low" in told else told)
    if lacking:
        says = MISSING.get(lacking["what"], MISSING["groups"])
        places = {name: here.reader.number(int(lacking[name])) for name in ("have", "wanted")}
        return shown | {"missing": here.reader.say(says, **places)}
    plain = [_amount(here, each["outcome"], told[name]) for name in ("value", "low", "high")]
    sure = "more" if told["low"] > 0 else "less" if told["high"] < 0 else "open"
    spared = each["once"].get("spared", 0)
    return shown | {
        "value": plain[0],
        "low": plain[1],
        "high": plain[2],
        "sure": sure,
        "spared": here.reader.share(round(spared * 100), 100) if spared >= 0.05 else "",
    }


def _percents(here: Here, value: float) -> str:
    """A return with its sign, in percent."""
    return f"{here.reader.signed(round(value * 100))} %"


def _amount(here: Here, outcome: str, value: float) -> str:
    """A difference with its sign, in money, percentage points or orders."""
    reader = here.reader
    if outcome in ("spend", "cost"):
        return reader.signed_money(round(value), here.version.program.currency)
    if outcome == "came":
        return reader.say(_POINTS, n=reader.signed(round(value * 10_000), 2))
    return reader.signed(round(value * 100), 2)


def _two(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))


PAGES: Final = (
    (PAGE, Permission.REPORTS_READ, lambda here, _: experiments(here)),
    (
        PAGE + "/{code:str}",
        Permission.REPORTS_READ,
        lambda here, path: experiment(here, path["code"]),
    ),
    (
        PAGE + "/{code:str}/members",
        Permission.MEMBERS_READ,
        lambda here, path: seen.in_part(here, path["code"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.PROGRAM_PUBLISH, plan),
    (PAGE + "/{code:str}", Permission.PROGRAM_PUBLISH, change),
)
