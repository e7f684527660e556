"""Pairs of things that happen to the same member, shelf, cap or receipt at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.isolation import flows
from tests.makers import NOON, Shop, brings_back, buys
from tests.member_makers import joins, named

from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Confirm, RecordActivity, Redeem, Settle
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.commands import UndoUse, UseBenefit
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import Asked, ChangeMember, LinkIdentifiers, MemberRef

KIOSK = Path(__file__).with_name("kiosk.yaml").read_text("utf-8")
HELD_FOR = timedelta(minutes=15)
DOUBLE = KIOSK.replace("points: 1, per", "points: 2, per")

Ask = tuple[Any, Sequence[Any]]


class Scene(NamedTuple):
    """Two asks about the members `a<n>` and `b<n>`, what was before them and what follows."""

    name: str
    left: Callable[[int, Any], Ask]
    right: Callable[[int, Any], Ask]
    before: Callable[[Shop, Sequence[int]], Sequence[Any]] = lambda shop, ns: [None] * len(ns)
    after: Callable[[int, list[Any]], list[Ask]] = lambda n, outcomes: []
    differ: bool | None = True
    """Whether the two orders end differently; else the test would prove little. Not said of pairs
    that were not thought up one by one."""
    early: bool = False
    """The left one's clock is a second behind: to it, what ends now has not ended."""
    at_once: int = 20
    """For how many runs members are made ready at once; one where a night would serve them all."""
    books_only: bool = False
    """Where what is answered may depend on the order in further ways, and the books may not."""
    any_words: bool = False
    """Where a refusal may be worded either way, as beside an erasure (ADR 0528)."""
    apart_from: tuple[str, ...] = ()
    """Tables in which runs differ of themselves."""


def key(n: int, name: str) -> Asked:
    return Asked("till", f"{name}{n}")


def of(name: str, n: int) -> MemberRef:
    return MemberRef(external=f"{name}{n}")


def _joined(shop: Shop, ns: Sequence[int], names: str = "a") -> None:
    shop.join(*[joins(external=f"{name}{n}") for n in ns for name in names])


def with_points(shop: Shop, ns: Sequence[int], euros: int = 15, names: str = "a") -> Sequence[Any]:
    """Members with so many points, from one sale each."""
    _joined(shop, ns, names)
    return shop.record(
        *[buys(of(x, n), euros * 100, receipt=f"s{x}{n}") for n in ns for x in names]
    )


def _with_hold(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    with_points(shop, ns)
    return shop.redeem(*[Redeem(of("a", n), "coffee") for n in ns])


def _with_hold_that_ends_now(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    noon = shop.now
    with_points(shop, ns)
    shop.now = noon - HELD_FOR
    held = shop.redeem(*[Redeem(of("a", n), "coffee") for n in ns])
    shop.now = noon
    return held


def _with_lot_that_ends_now(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Ten points that end at this very instant, and six that stay."""
    noon = shop.now
    _joined(shop, ns)
    shop.now = noon.replace(month=noon.month - 1, day=1, hour=8)
    shop.record(*[buys(of("a", n), 1000) for n in ns])
    shop.now = noon
    return shop.record(*[buys(of("a", n), 600) for n in ns])


def _with_booking(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Twenty miles that wait to be confirmed."""
    _joined(shop, ns)
    return shop.record(*[RecordActivity("booking", of("a", n)) for n in ns])


def _with_points_that_turn_now(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Five nights whose day of waiting is over at this very instant."""
    noon = shop.now
    _joined(shop, ns)
    shop.now = noon - timedelta(days=1)
    stayed = shop.record(*[RecordActivity("stay", of("a", n)) for n in ns])
    shop.now = noon
    return stayed


def _silver_of_last_year(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    noon = shop.now
    _joined(shop, ns)
    shop.now = noon.replace(year=noon.year - 1, month=12)
    sold = shop.record(*[buys(of("a", n), 10_000) for n in ns])
    shop.now = noon
    shop.night("expire_lots")
    return sold


def _with_the_last_one_used(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _joined(shop, ns)
    return shop.ask(use_benefits, *[UseBenefit(of("a", n), "lounge") for n in ns])


def _return_that_met_its_sale(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Sale and return each committed without having seen the other."""
    _joined(shop, ns)
    for n in ns:
        sale = buys(of("a", n), 1500, receipt=f"sa{n}")
        back = brings_back(f"sa{n}", receipt=f"r{n}")
        _apart(shop, sale, back)
    return [None] * len(ns)


def _apart(shop: Shop, sale: RecordActivity, back: RecordActivity) -> None:
    terms = shop.terms

    async def both() -> None:
        async with shop.transaction() as one, shop.transaction() as other:
            await record_activities(one, terms, [sale])
            await record_activities(other, terms, [back])

    shop.run(both())


# --- asks ---------------------------------------------------------------------------------------


def redeems(who: str = "a", reward: str = "coffee", asked: str = "", **more: Any) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return redeem_rewards, [Redeem(of(who, n), reward, asked=key(n, asked), **more)]

    return ask


def settles(outcome: str, asked: str) -> Any:
    def ask(n: int, held: Any) -> Ask:
        return redeem_rewards, [Settle(held.redemption_id, outcome, asked=key(n, asked))]

    return ask


def says(outcome: str, asked: str) -> Any:
    """A booking is confirmed or cancelled."""

    def ask(n: int, booked: Any) -> Ask:
        named = SaleRef(id=booked.activity_id)
        return confirm_activities, [Confirm(named, outcome, asked=key(n, asked))]

    return ask


def buys_for(*who: str, asked: str = "", receipt: str = "", minor: int = 700) -> Any:
    def ask(n: int, _: Any) -> Ask:
        sales = [
            buys(of(x, n), minor, receipt=f"{receipt}{n}" if receipt else "",
                 asked=key(n, f"{asked}{x}"))
            for x in who
        ]  # fmt: skip
        return record_activities, sales

    return ask


def shows_card(minor: int, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return record_activities, [buys(MemberRef(card=f"A{n}"), minor, asked=key(n, asked))]

    return ask


def visits(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return record_activities, [RecordActivity("visit", of("a", n), asked=key(n, asked))]

    return ask


def draws(who: str, asked: str) -> Any:
    """Each run on a day of its own, so that its budget is fresh."""

    def ask(n: int, _: Any) -> Ask:
        on = NOON - timedelta(days=n)
        drawn = RecordActivity("raffle", of(who, n), on, asked=key(n, asked))
        return record_activities, [drawn]

    return ask


def returns(asked: str, *pieces: tuple[int, int]) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return record_activities, [brings_back(f"sa{n}", *pieces, asked=key(n, asked))]

    return ask


def uses(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return use_benefits, [UseBenefit(of("a", n), "lounge", asked=key(n, asked))]

    return ask


def takes_back(asked: str) -> Any:
    def ask(n: int, used: Any) -> Ask:
        return undo_uses, [UndoUse(used.use_id, asked=key(n, asked))]

    return ask


def corrects(units: int, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        one = Adjust(of("a", n), "points", units, "goodwill", "mia", asked=key(n, asked))
        return adjust_balances, [one]

    return ask


def changes(asked: str, **to: Any) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return flows.change, [ChangeMember(of("a", n), asked=key(n, asked), **to)]

    return ask


def links(who: str, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        wish = LinkIdentifiers(of(who, n), link=named(card=f"C{n}"), asked=key(n, asked))
        return flows.link, [wish]

    return ask


def joins_with(asked: str, **said: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        names = {kind: value.format(n=n) for kind, value in said.items()}
        return flows.join, [joins(key=f"{asked}{n}" if asked else "", **names)]

    return ask


def works(step: Any) -> Any:
    return lambda n, _: (step, [n])


def publishes(n: int, slug: str) -> Ask:
    """Another version each time, which gives two points where the first one gives one."""
    source = DOUBLE.replace("program: kiosk", f"program: {slug}")
    return flows.publish, [f"{source}\n# {n}\n"]


def _single_points(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """One version in force in which a euro is a point; so one member at a time."""
    slug = shop.terms.slug
    shop.publish(KIOSK.replace("program: kiosk", f"program: {slug}") + f"\n# before {ns[0]}\n")
    _joined(shop, ns)
    return [slug] * len(ns)


def _voids_what_was_held(n: int, outcomes: list[Any]) -> list[Ask]:
    won = [one.redemption_id for one in outcomes if hasattr(one, "redemption_id")]
    return [(redeem_rewards, [Settle(one, "voided")]) for one in won]


def _catches_up(n: int, outcomes: list[Any]) -> list[Ask]:
    return [(flows.catch_up, [n])]


PAIRS = (
    Scene("redeem × redeem", redeems(asked="l"), redeems(asked="r"), with_points),
    Scene("redeem × the same redeem again", redeems(asked="x", capture=True),
          redeems(asked="x", capture=True), with_points),
    Scene("redeem × expire", redeems(asked="l"), works(flows.expire), _with_lot_that_ends_now,
          early=True, at_once=1),
    Scene("expire × expire", works(flows.expire), works(flows.expire), _with_lot_that_ends_now,
          differ=False, at_once=1, books_only=True),
    Scene("redeem × return", redeems(asked="l"), returns("r"), with_points),
    Scene("return × return of all", returns("l"), returns("r"), with_points),
    Scene("return × the same return again", returns("x"), returns("x"), with_points),
    Scene("capture × void", settles("captured", "l"), settles("voided", "r"), _with_hold),
    Scene("capture × the same capture again", settles("captured", "x"), settles("captured", "x"),
          _with_hold),
    Scene("capture × lapse", settles("captured", "l"), works(flows.lapse),
          _with_hold_that_ends_now, early=True, at_once=1),
    Scene("confirm × cancel", says("confirmed", "l"), says("cancelled", "r"), _with_booking),
    Scene("confirm × the same confirm again", says("confirmed", "x"), says("confirmed", "x"),
          _with_booking),
    Scene("redeem × activate", redeems("a", "nap", "l"), works(flows.activate),
          _with_points_that_turn_now, early=True, at_once=1),
    Scene("activate × activate", works(flows.activate), works(flows.activate),
          _with_points_that_turn_now, differ=False, at_once=1, books_only=True),
    Scene("earn × the same earn again", buys_for("a", asked="x"), buys_for("a", asked="x"),
          with_points),
    Scene("earn × the same receipt under another key", buys_for("a", asked="l", receipt="R"),
          buys_for("a", asked="r", receipt="R"), with_points),
    Scene("earn × the same receipt with other content", buys_for("a", asked="l", receipt="R"),
          buys_for("a", asked="r", receipt="R", minor=900), with_points),
    Scene("last piece × last piece", redeems("a", "mug", "l"), redeems("b", "mug", "r"),
          lambda shop, ns: with_points(shop, ns, names="ab")[::2], _voids_what_was_held),
    Scene("return × its sale", returns("l"), buys_for("a", asked="r", receipt="sa"),
          lambda shop, ns: [_joined(shop, [n]) for n in ns], _catches_up, differ=False,
          books_only=True),
    Scene("catch up × catch up", works(flows.catch_up), works(flows.catch_up),
          _return_that_met_its_sale, at_once=1),
    Scene("join × join with one telephone", joins_with("l", external="a{n}", phone="+49301{n:06d}"),
          joins_with("r", external="b{n}", phone="+49301{n:06d}")),
    Scene("join × the same join again", joins_with("x", external="a{n}", email="a{n}@example.org"),
          joins_with("x", external="a{n}", email="a{n}@example.org")),
    Scene("join with a card × first purchase with it", joins_with("l", card="A{n}"),
          shows_card(700, "r")),
    Scene("first purchase × first purchase with a card", shows_card(700, "l"),
          shows_card(900, "r")),
    Scene("link × link of one card", links("a", "l"), links("b", "r"),
          lambda shop, ns: [_joined(shop, [n], "ab") for n in ns]),
    Scene("adjust × redeem", corrects(-10, "l"), redeems(asked="r"), with_points),
    Scene("adjust × the same adjust again", corrects(-10, "x"), corrects(-10, "x"), with_points),
    Scene("change × change", changes("l", given_name="Ada"), changes("r", given_name="Eva"),
          with_points),
    Scene("tier review × earn", works(flows.review), buys_for("a", asked="r"),
          _silver_of_last_year, at_once=1),
    Scene("two earns on one cap", visits("l"), visits("r"), with_points),
    Scene("two members on one budget", draws("a", "l"), draws("b", "r"),
          lambda shop, ns: [_joined(shop, [n], "ab") for n in ns]),
    Scene("use of the last one × use of the last one", uses("l"), uses("r"),
          lambda shop, ns: [_joined(shop, [n]) for n in ns]),
    Scene("use × undo", uses("l"), takes_back("r"), _with_the_last_one_used),
    Scene("undo × undo", takes_back("l"), takes_back("r"), _with_the_last_one_used, differ=False),
    Scene("two members × the same two the other way round", buys_for("a", "b", asked="l"),
          buys_for("b", "a", asked="r", minor=900),
          lambda shop, ns: with_points(shop, ns, names="ab")[::2]),
    Scene("publish × earn", publishes, buys_for("a", asked="r"), _single_points, at_once=1),
    Scene("publish × first purchase with a card", publishes, shows_card(700, "r"),
          _single_points, at_once=1),
)  # fmt: skip
