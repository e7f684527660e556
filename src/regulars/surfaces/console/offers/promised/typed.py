"""What was typed about an offer, as the flow takes it; and how an offer stands in its form."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from regulars.base.faults import Invalid
from regulars.base.languages import language_of
from regulars.flows.terms.promised.commands import KeepOffer
from regulars.records.program.changes.offers.types import (
    Access,
    Bonus,
    Gives,
    Offer,
    Price,
    Times,
)
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here

_MONTH: Final = timedelta(days=30)
FIELDS: Final = {
    "/gives/points": "points", "/gives/wallet": "wallet", "/gives/by": "by",
    "/gives/categories": "categories", "/gives/reward": "reward", "/gives/price": "price",
    "/gives/benefit": "benefit", "/ends_on": "ends", "/held_percent": "held",
}  # fmt: skip
"""By place in a command the field of the form; others are called the same."""


def begun(here: Here, form: Form) -> KeepOffer | Invalid:
    """A draft of this kind with what stands to reason; its name is what members read at first."""
    program, name = here.version.program, form.get("name").strip()
    wallet = next(iter(program.wallets))
    kind, ends = form.get("kind"), None
    gives: Gives
    if kind == "multiply":
        gives = Times(wallet, "2")
    elif kind == "reward":
        if not program.rewards:
            return Invalid("there is no reward yet", field="/kind")
        one = program.rewards[0]
        gives, ends = Price(one.id, one.price), here.now.astimezone(here.zone).date() + _MONTH
    elif kind == "access":
        if not program.benefits:
            return Invalid("there is no benefit yet", field="/kind")
        gives = Access(program.benefits[0].id)
    else:
        gives = Bonus(wallet, "10")
    own = language_of(program.locale)
    return KeepOffer(
        form.get("code").strip(), name, gives, {own: name or "…"}, here.by,
        days=None if ends else 14, ends_on=ends,
    )  # fmt: skip


def typed(here: Here, form: Form, there: Offer) -> KeepOffer:
    """The whole form as it was typed. Faults: Invalid at its field."""
    says = {
        language: form.get(f"{language}-says")
        for language in form.languages("", "-says")
        if form.get(f"{language}-says").strip()
    }
    return KeepOffer(
        there.code, form.get("name"), _gives(form, there.gives), says, here.by,
        form.get("segment"), form.get("activating") == "yes", _number(form, "days"), _day(form),
        form.get("budget").strip() or None, _number(form, "most") or 100_000,
        _number(form, "held") or 0,
    )  # fmt: skip


def _gives(form: Form, there: Gives) -> Gives:
    categories = tuple(
        one for part in form.get("categories").split(",") if (one := part.strip()[:80])
    )[:50]
    wallet, text = form.get("wallet"), {name: form.get(name).strip() for name in _TEXTS}
    match there:
        case Bonus():
            least = text["at_least"] or None
            return Bonus(
                wallet, text["points"], there.on, least, categories, _number(form, "times") or 1
            )
        case Times():
            return Times(wallet, text["by"], categories, _number(form, "times"))
        case Price():
            price = {wallet: text["price"]}
            return Price(form.get("reward"), price, _number(form, "times") or 1)
        case Access():
            return Access(form.get("benefit"), _number(form, "times") or 1)


_TEXTS: Final = ("points", "at_least", "by", "price")


def _number(form: Form, name: str) -> int | None:
    text = form.get(name).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("This is not a whole number", field=f"/{name}")
    return int(text)


def _day(form: Form) -> date | None:
    text = form.get("ends").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as why:
        raise Invalid("Say a day", field="/ends") from why


def as_typed(one: Offer) -> dict[str, Any]:
    """How an offer stands in its form."""
    told: dict[str, Any] = {
        "name": one.name, "days": one.days or "", "ends": one.ends_on or "",
        "budget": one.budget or "", "most": one.most, "held": one.held_percent,
        "activating": "yes" if one.activating else "", "times": one.gives.times or "",
        **{f"{language}-says": text for language, text in one.says.items()},
    }  # fmt: skip
    match one.gives:
        case Bonus() as gives:
            told |= {"wallet": gives.wallet, "points": gives.points}
            told |= {"at_least": gives.at_least or "", "categories": ", ".join(gives.categories)}
        case Times() as gives:
            told |= {"wallet": gives.wallet, "by": gives.by}
            told |= {"categories": ", ".join(gives.categories)}
        case Price() as gives:
            wallet, points = next(iter(gives.price.items()), ("", ""))
            told |= {"reward": gives.reward, "wallet": wallet, "price": points}
        case Access() as gives:
            told |= {"benefit": gives.benefit}
    return told
