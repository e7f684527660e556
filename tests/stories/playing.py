"""Play a story on PostgreSQL row by row, and hold every row to what it says."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.makers import Shop, named
from tests.stories.acting import Stage
from tests.stories.reading import Row, Story, Unreadable
from tests.stories.verbs import serving
from tests.stories.watching import is_reckoned, place_on, tickets_in, turn_of_draw, why_of

from regulars.base.decimals import text_of
from regulars.base.faults import Fault, Refused
from regulars.flows.access.ask_for_codes import SpendingAsked
from regulars.flows.access.commands import CardShown
from regulars.flows.commands import Adjusted, Confirmed, Recorded, Redeemed
from regulars.flows.membership.commands import (
    Belonging,
    BenefitGranted,
    BenefitUsed,
    Merged,
)
from regulars.flows.membership.deliver_messages import Delivered
from regulars.flows.membership.plans.commands import MembershipStands
from regulars.flows.membership.tiers.tier_commands import TierGiven
from regulars.flows.points.choosing.commands import ChoiceMade
from regulars.flows.points.codes.commands import CodeDone
from regulars.flows.points.commands import Favoured, Transferred, WrittenOff
from regulars.flows.points.gaming.commands import PartTaken
from regulars.flows.points.gaming.team_commands import TeamTold
from regulars.flows.points.partners.commands import (
    Booked,
    ClaimFiled,
    ContractSigned,
    DecisionMade,
    DisputeOpened,
    PartnerKept,
    Settled,
)
from regulars.flows.points.payouts.commands import AccountSet, PayoutReturned, PayoutsRun
from regulars.flows.points.referring.commands import ReferralNamed
from regulars.records.members.types import Changed, Joined
from regulars.records.outbox.events.catalogue import wrong_in
from regulars.records.program.templates import load_template

_LOOKS = {
    "looks at": place_on, "counts tickets of": tickets_in,
    "is reckoned": is_reckoned, "is told why of": why_of,
    "works": serving.works, "stops": serving.stops, "passes members to": serving.passes,
    "is to be with": serving.gets, "is with": serving.with_whom,
}  # fmt: skip
_TOLD = "select type, member_id from outbox where program_id = $1 order by outbox_id"
_TIER = """
select s.tier from standing s join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind in ('external', 'card') and i.value = $2
"""
_NAMES = """
select distinct on (member_id) member_id, value from identifier
 where program_id = $1 and kind in ('external', 'card') order by member_id, kind desc, value
"""


_NAME = """
select value from identifier where program_id = $1 and member_id = $2 and kind = 'external'
"""


def play(story: Story, shop: Shop, slug: str) -> None:
    """Play a story in a shop of its own; the first row that does not hold fails."""
    first = load_template(story.template) if story.template else next(iter(story.programs.values()))
    shop.begin(first, slug=slug)
    Player(story, shop, slug).play()
    told = shop.rows("select distinct type, payload from outbox where program_id = $1")
    wrong = [why for kind, said in told for why in wrong_in(kind, json.loads(said))]
    assert not wrong, wrong


def _line(done: Booked | DecisionMade | Settled) -> str:
    """`-2.08, 7.92 left`: what a line did to a partner's account, and what stands there since; of a
    settlement `2 lines, 7.92 left`."""
    if isinstance(done, Settled):
        return f"{done.lines} lines, {text_of(done.closing_minor, 2)} left"
    if isinstance(done, DecisionMade):
        return done.decision + (f": {_line(done.booked)}" if done.booked else "")
    booked = done
    return f"{text_of(booked.amount_minor, 2)}, {text_of(booked.balance_minor, 2)} left"


class Player:
    """A story while it is played."""

    def __init__(self, story: Story, shop: Shop, slug: str) -> None:
        self.story, self.shop, self.slug = story, shop, slug
        self.stage = Stage(shop)
        self.day = ""
        self.told = 0
        self.has: dict[str, str] = {}
        self.tiers: dict[str, str] = {}

    def play(self) -> None:
        for row in self.story.rows:
            try:
                self._row(row)
            except Exception as failed:
                where = f"{self.story.path}:{row.line}"
                failed.add_note(f"{where}: {row}")
                raise

    def _row(self, row: Row) -> None:
        self._move(row.when)
        told = self._at_once(row) if " and " in row.who else [self._act(row.who, row)]
        if "answer" in row.cells:
            expected = row.answer or "nothing"
            assert ", ".join(told) == expected, f"said {', '.join(told)!r}, not {expected!r}"
        self._compare(row)

    def _move(self, when: str) -> None:
        if when:
            day, _, time = when.rpartition(" ")
            self.day = day or self.day
            self.shop.at(f"{self.day} {time}")

    # --- doing ----------------------------------------------------------------------------

    def _act(self, who: str, row: Row) -> str:
        if who == "night":
            self.shop.night(*(["take_automatic"] if row.what == "takes what is due" else []))
            return "nothing"
        if who == "shop":
            other = not row.what.startswith("publishes")
            return turn_of_draw(self.shop, row.what) if other else self._publish(row.what)
        for verb, look in _LOOKS.items():
            if row.what.startswith(f"{verb} "):
                return look(self.shop, who, row.what.removeprefix(f"{verb} "))
        if row.what in ("", "looks"):
            return "nothing"
        return self._answer(row.what, self._ask(who, row.what))

    def _ask(self, who: str, what: str) -> Any:
        flow, command = self.stage.deed(who, what)
        (outcome,) = self.shop.ask(flow, command) if flow else self.shop.join(command)
        if isinstance(outcome, Merged):
            self.stage.merged[who] = outcome.member_id
        return outcome

    def _at_once(self, row: Row) -> list[str]:
        """Several do the same at the same moment; who is first is up to chance."""
        deeds = [self.stage.deed(who, row.what) for who in row.who.split(" and ")]
        both = self.shop.together(
            *(lambda tx, terms, deed=deed: deed[0](tx, terms, [deed[1]]) for deed in deeds)
        )
        assert not [one for one in both if isinstance(one, BaseException)], both
        return sorted(self._answer(row.what, outcome) for (outcome,) in both)

    def _publish(self, what: str) -> str:
        what, _, meant = what.partition(" accepting ")
        found = re.match(r"publishes (\S+)(?: from (.+))?$", what)
        if found is None:
            raise Unreadable(f"{what!r}: a shop `publishes NAME` or `publishes NAME from DAY TIME`")
        own = named(self.story.programs[found[1]], self.slug)
        start = self.shop.local(found[2]) if found[2] else None
        self.shop.publish(own, effective_from=start, accept=(meant,) if meant else ())
        return "nothing"

    # --- saying ---------------------------------------------------------------------------

    def _answer(self, what: str, outcome: Any) -> str:
        again = "again: " if getattr(outcome, "replayed", False) else ""
        if isinstance(outcome, Fault | Refused):
            return outcome.code
        if isinstance(outcome, Recorded):
            said = self._points(outcome.earned) if outcome.state == "recorded" else outcome.state
            return again + said
        if isinstance(outcome, Redeemed):
            found = re.search(r" as (\S+)$", what)
            if found:
                self.stage.redemptions[found[1]] = outcome.redemption_id
                self.stage.codes[found[1]] = outcome.code
            return again + outcome.state + self._free(outcome) + self._of_each(found, outcome)
        if isinstance(outcome, Confirmed):
            return again + self._points(outcome.points)
        if isinstance(outcome, CodeDone):
            return again + outcome.state
        proof = self._proof(outcome)
        return proof or again + self._told_apart(what, outcome)

    def _proof(self, outcome: Any) -> str:
        """`sent by email`, and `proven` once the digits were right."""
        if isinstance(outcome, CardShown):
            self.stage.proven = outcome
            return "proven"
        return f"sent by {outcome.channel}" if isinstance(outcome, SpendingAsked) else ""

    def _free(self, outcome: Redeemed) -> str:
        """`: 1 tea 2.50`, where pieces of a basket are free."""
        pieces = [f"{x.pieces} {x.category} {text_of(x.value_minor, 2)}" for x in outcome.free]
        return f": {', '.join(pieces)}" if pieces else ""

    def _of_each(self, called: Any, outcome: Redeemed) -> str:
        """`: Ada 20 points 0.20, Ben …`, of a household that pays; each is known as `P-Ada`."""
        told = []
        for one in outcome.parts:
            ((name,),) = self.shop.rows(_NAME, one.member_id)
            if called:
                self.stage.redemptions[f"{called[1]}-{name.title()}"] = one.redemption_id
            points = self._points(one.price)
            told.append(f"{name.title()} {points} {text_of(one.value_minor, 2)}")
        return f": {', '.join(sorted(told))}" if told else ""

    def _told_apart(self, what: str, outcome: Any) -> str:
        """What is said of a use of a benefit; of the rest that it was done."""
        quiet = (
            Joined | Adjusted | Transferred | Merged | Changed | WrittenOff | Delivered | Favoured
        )
        quiet |= BenefitGranted | Belonging | TierGiven | PartTaken | AccountSet | PayoutReturned
        quiet |= PartnerKept | ContractSigned | ClaimFiled | DisputeOpened | ChoiceMade | TeamTold
        if isinstance(outcome, MembershipStands):
            return f"{outcome.state} {self._day(outcome)}, {text_of(outcome.amount_minor, 2)}"
        if isinstance(outcome, BenefitUsed):
            return self._used(what, outcome)
        if isinstance(outcome, Booked | DecisionMade | Settled):
            return _line(outcome)
        if isinstance(outcome, PayoutsRun):
            return f"{outcome.payouts} paid, {text_of(outcome.total_minor, 2)}"
        if isinstance(outcome, ReferralNamed):
            return f"{outcome.state}: {outcome.reason}" if outcome.reason else outcome.state
        if isinstance(outcome, Belonging):
            self.stage.households.setdefault(what.rsplit(maxsplit=1)[-1], outcome.household_id)
        assert isinstance(outcome, quiet), outcome
        return "nothing"

    def _day(self, stands: MembershipStands) -> str:
        """`until 2027-02-28`, by the clock of the shop."""
        zone = self.shop.terms.versions[-1].zone
        return f"until {stands.until_at.astimezone(zone).date().isoformat()}"

    def _used(self, what: str, outcome: BenefitUsed) -> str:
        """`used, 1 left`; without an end to it only `used`."""
        found = re.search(r" as (\S+)$", what)
        if found:
            self.stage.uses[found[1]] = outcome.use_id
        return outcome.state + ("" if outcome.left is None else f", {outcome.left} left")

    def _points(self, amounts: dict[str, int]) -> str:
        return ", ".join(self._so_many(w, n) for w, n in sorted(amounts.items()) if n) or "nothing"

    def _so_many(self, wallet: str, number: int, which: str = "") -> str:
        scale = self.shop.terms.versions[-1].program.wallets[wallet].scale
        return f"{text_of(number, scale)} {which}{wallet}"

    def _balance(self, name: str) -> str:
        parts = []
        kept, waits = self.shop.balances(name), self.shop.pending(name)
        for wallet in sorted(kept.keys() | waits.keys()):
            available, held, owed = kept.get(wallet, (0, 0, 0))
            sides = ((available, ""), (waits.get(wallet, 0), "pending "), (held, "held "))
            for number, which in (*sides, (owed, "owed ")):
                if number:
                    parts.append(self._so_many(wallet, number, which))
        return ", ".join(parts) or "nothing"

    # --- comparing ------------------------------------------------------------------------

    def _compare(self, row: Row) -> None:
        for who in row.who.split(" and "):
            name = who.removeprefix("card ") if who.startswith("card ") else who.lower()
            if who in ("night", "shop", "somebody"):
                continue
            if "has" in row.cells and row.has != "?":
                self.has[name] = row.has or self.has.get(name, "nothing")
                has = self._balance(name)
                assert has == self.has[name], f"{who} has {has}, not {self.has[name]}"
            if "tier" in row.cells:
                self.tiers[name] = row.tier or self.tiers.get(name, "none")
                tier = self._tier(name)
                assert tier == self.tiers[name], f"{who} is {tier}, not {self.tiers[name]}"
        if "told" in row.cells:
            told = self._told(row.who)
            assert told == row.told, f"told {told!r}, not {row.told!r}"

    def _tier(self, name: str) -> str:
        rows = self.shop.rows(_TIER, name)
        return str(rows[0][0] or "none") if rows else "none"

    def _told(self, who: str) -> str:
        """The events since the last row; of others than whom the row is about with their name."""
        names = {id_: who.lower() for who, id_ in self.stage.merged.items()}
        names |= dict(self.shop.rows(_NAMES))
        events = self.shop.rows(_TOLD)
        fresh, self.told = events[self.told :], len(events)
        about = {one.removeprefix("card ").lower() for one in who.split(" and ")}
        return ", ".join(
            type_ if names[id_].lower() in about else f"{type_} {names[id_].title()}"
            for type_, id_ in fresh
        )
