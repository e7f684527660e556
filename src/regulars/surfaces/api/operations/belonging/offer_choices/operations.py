"""Choices among offers: written, opened, closed, and what choosing brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.keep_choices import (
    KeepChoice,
    MoveChoice,
    Step,
    keep_choices,
    no_choice,
)
from regulars.insight.estimators.comparing.rivals import Worth
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.choosing import Learned, learned
from regulars.records.access.types import Scope
from regulars.records.program.changes.choices import read
from regulars.records.program.changes.choices.types import Choice
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.offer_choices import examples
from regulars.surfaces.api.operations.belonging.offer_choices.wire import (
    ChoiceBeside,
    ChoiceBetween,
    ChoiceCount,
    ChoiceExpected,
    OfferChoiceEffect,
    OfferChoiceOpened,
    OfferChoiceRead,
    OfferChoiceSent,
    OfferChoiceShown,
    OfferChoicesShown,
)
from regulars.surfaces.api.strict.once import Once

_TAG: Final = "Offers"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_AT: Final = "/v1/offer-choices/{offer_choice}"
Names = Mapping[UUID, str]


async def listed(call: Call) -> Reply:
    """Every choice."""
    async with call.transaction as tx:
        names = await _names(tx)
        return Reply(OfferChoicesShown([_shown(one, names) for one in await read.choices(tx)]))


async def one(call: Call) -> Reply:
    """One choice with what came of it."""

    async def look(tx: Tx, terms: Terms) -> OfferChoiceRead:
        found = await read.choice(tx, call.ids["offer_choice"])
        if found is None:
            raise no_choice(call.ids["offer_choice"])
        names = await _names(tx)
        arms = ["" if id_ is None else names.get(id_, "") for id_ in found.among]
        counts = await read.counts(tx, found)
        today = tx.now.astimezone(terms.at(tx.now).zone).date()
        return OfferChoiceRead(
            _shown(found, names),
            [ChoiceCount(arm, many) for arm, many in zip(arms, counts, strict=True)],
            found.expects_on,
            _expected(found, arms),
            _effect(await learned(tx, found, today), arms),
        )

    return Reply(await call.read(look))


def _expected(found: Choice, arms: list[str]) -> list[ChoiceExpected]:
    if found.expects is None:
        return []
    expects = found.expects
    return [
        ChoiceExpected(cell, list(each), list(expects.seen[cell]), arms[expects.best(cell)])
        for cell, each in sorted(expects.cells.items())
    ]


def _effect(came: Learned, arms: list[str]) -> OfferChoiceEffect:
    beside = [
        ChoiceBeside(
            one.way, "" if one.arm is None else arms[one.arm], _between(one.brings),
            _between(one.more.ips), _between(one.more.snips), _between(one.more.dr),
        )
        for one in came.rivals
    ]  # fmt: skip
    return OfferChoiceEffect(came.over, came.informed, _between(came.brings), beside)


def _between(found: Worth | NotEnough) -> ChoiceBetween:
    if isinstance(found, NotEnough):
        return ChoiceBetween(None, None, None, found.what)
    return ChoiceBetween(found.value, found.low, found.high, "")


async def keep(call: Call) -> Reply:
    """A choice is written."""
    sent: OfferChoiceSent = call.sent
    await call.do(keep_choices, KeepChoice(
        call.ids["offer_choice"], sent.name, sent.segment, sent.offers, call.by, sent.nothing,
        sent.explore_percent, sent.days,
    ))  # fmt: skip
    return await one(call)


async def open_(call: Call) -> Reply:
    """Members are chosen for."""
    sent: OfferChoiceOpened = call.sent
    await _step(call, "open", sent.version)
    return await one(call)


async def close(call: Call) -> Reply:
    """Nobody new is chosen for."""
    await _step(call, "close")
    return await one(call)


async def drop(call: Call) -> Reply:
    """It is forgotten."""
    found = await _step(call, "drop")
    async with call.transaction as tx:
        return Reply(_shown(found, await _names(tx)))


async def _step(call: Call, step: Step, version: int | None = None) -> Choice:
    command = MoveChoice(call.ids["offer_choice"], step, call.by, version)
    found: Choice = await call.do(keep_choices, command)
    return found


async def _names(tx: Tx) -> Names:
    """The codes of offers and of segments by their ids."""
    some = {one.offer_id: one.code for one in await offers.offers(tx)}
    return some | {one.segment_id: one.code for one in await segments.segments(tx)}


def _shown(found: Choice, names: Names) -> OfferChoiceShown:
    return OfferChoiceShown(
        found.code, found.name, names.get(found.segment_id, ""),
        [names.get(id_, "") for id_ in found.offers], found.nothing, found.explore_percent,
        found.days, found.state, found.version, found.made_at, found.made_by, found.opened_at,
        found.opened_by, found.closed_at, found.closed_by,
    )  # fmt: skip


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/offer-choices", "list_offer_choices",
        says="Every choice among offers, the latest first",
        scopes=_READ,
        answers={200: OfferChoicesShown},
        answer_example={"items": [examples.CHOICE]},
        do=listed,
    ),
    _operation(
        "GET", _AT, "get_offer_choice",
        says="One choice among offers, what is expected of each, and what choosing brought",
        notes="Choosing is compared with always the same offer, with chance and with nobody "
        "getting anything: by weight (`ips`), by its own weight (`snips`) and "
        "doubly robust (`dr`), over "
        "members whose days are over and for whom something was expected when it was chosen.",
        scopes=_READ,
        answers={200: OfferChoiceRead},
        answer_example=examples.READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", _AT, "keep_offer_choice",
        once=Once.AGAIN,
        says="Write a choice among offers, as a draft",
        notes="For each member of the segment, once, the offer is given that is expected to bring "
        "most of members who buy alike; as often as `explore_percent` says one of all by chance. "
        "The chance is written down with each. What was opened stays as it was.",
        scopes=_WRITE,
        sent=OfferChoiceSent,
        answers={200: OfferChoiceRead},
        example=examples.SENT,
        answer_example=examples.READ,
        codes=("offer_not_so",),
        do=keep,
    ),
    _operation(
        "POST", _AT + "/open", "open_offer_choice",
        once=Once.AGAIN,
        says="Choose an offer for each member of its segment from now on",
        notes="Its offers are open already, without a segment of their own. Once one of them is "
        "given away, closed or over, nobody new is chosen for.",
        scopes=_WRITE,
        sent=OfferChoiceOpened,
        answers={200: OfferChoiceRead},
        example={"version": 1},
        answer_example=examples.READ,
        codes=("not_found", "offer_not_so"),
        do=open_,
    ),
    _operation(
        "POST", _AT + "/close", "close_offer_choice",
        once=Once.AGAIN,
        says="Choose for nobody new",
        scopes=_WRITE,
        answers={200: OfferChoiceRead},
        answer_example=examples.READ,
        codes=("not_found", "offer_not_so"),
        do=close,
    ),
    _operation(
        "DELETE", _AT, "drop_offer_choice",
        once=Once.AGAIN,
        says="Forget a choice among offers that was never opened",
        scopes=_WRITE,
        answers={200: OfferChoiceShown},
        answer_example=examples.CHOICE,
        codes=("not_found", "offer_not_so"),
        do=drop,
    ),
)  # fmt: skip
