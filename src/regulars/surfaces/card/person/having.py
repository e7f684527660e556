"""What comes with a member's tier or plan: benefits left, and what a paid membership brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from litestar.handlers import HTTPRouteHandler

from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import May, Occasion
from regulars.flows.membership.benefits.show_associates import LookedAfter, show_associates
from regulars.flows.membership.benefits.use_benefits import show_benefits
from regulars.flows.membership.plans.show_memberships import Shown, show_memberships
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.person.appointments import BENEFITS, coming
from regulars.surfaces.card.person.buying import offers, paid_there
from regulars.surfaces.in_words.rewards import benefit_in_words

_NOT_MINE = frozenset({"not_granted", "tier_too_low", "no_membership", "not_for_you"})


def having_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of benefits and memberships."""
    return [desk.shows(BENEFITS, "me/benefits.html", look_at_benefits)]


async def look_at_benefits(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """Every benefit this member has, and how their memberships stand."""
    id_, program = visit.member.id, visit.program
    asked = [Occasion(one.id, tx.now) for one in program.benefits]
    found = await show_benefits(tx, visit.terms, id_, asked)
    said = {one.id: one for one in program.benefits}
    plans = await show_memberships(tx, visit.terms, id_)
    with_ = {one.benefit: one for one in await show_associates(tx, visit.terms, id_) if one.here}
    return {
        "appointments": await coming(tx, visit),
        "done": request.query_params.get("done") == "yes",
        "refused": request.query_params.get("done") == "no",
        "benefits": [
            _benefit(
                visit,
                benefit_in_words(program, said[one.benefit], visit.voice),
                answer,
                with_.get(one.benefit),
            )
            for one, answer in found
            # Within its grace who looks after somebody is seen, too.
            if answer.no is None or answer.no.code not in _NOT_MINE or one.benefit in with_
        ],
        "plans": [_plan(visit, one) for one in plans],
        "offers": await offers(tx, visit, plans),
        "paid_there": await paid_there(tx, plans),
        "once": tx.new_id().hex,
        "bought": request.query_params.get("bought") == "yes",
    }


def _benefit(visit: Visit, words: str, answer: May, with_: LookedAfter | None) -> dict[str, Any]:
    left = ""
    if answer.left is not None:
        left = visit.reader.say_many("%(n)s left", "%(n)s left", answer.left)
    return {
        "words": words,
        "left": left,
        "now": answer.no is None,
        "opens": answer.opens_at,
        "waits": _waits(visit, answer),
        "asks_birthday": answer.no is not None and answer.no.code == "birthday_unknown",
        "ends": answer.ends_at,
        "who": "" if with_ is None else with_.who.name,
        "until": None if with_ is None else with_.until,
    }


def _waits(visit: Visit, answer: May) -> str:
    """From which day to which it is theirs, where it waits for their birthday."""
    if answer.no is None or answer.no.code != "not_birthday":
        return ""
    first, end = (date.fromisoformat(answer.no.facts[name]) for name in ("from_on", "until_on"))
    last = end - timedelta(days=1)
    reader = visit.reader
    return reader.say(
        "From %(first)s to %(last)s, around your birthday",
        first=reader.day(first),
        last=reader.day(last),
    )


def _plan(visit: Visit, found: Shown) -> dict[str, Any]:
    one, reader, currency = found.one, visit.reader, visit.program.currency
    names = {plan.id: plan.name for plan in visit.program.plans}
    return {
        "id": shown("mbs", one.membership_id),
        "name": names.get(one.plan, one.plan),
        "state": one.state,
        "until": one.until_at,
        "trial": one.in_trial,
        "fee": "" if found.due_minor is None else reader.money(found.due_minor, currency),
        "worth": reader.money(found.worth_minor, currency),
        "uses": found.uses,
        "saved": reader.money(found.saved_minor, currency) if found.saved_minor > 0 else "",
        "to_go": reader.money(-found.saved_minor, currency) if found.saved_minor < 0 else "",
    }
