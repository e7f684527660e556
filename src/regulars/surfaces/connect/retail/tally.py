"""What came of a file: totals that are the same however often and in how many runs it was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import RecordActivity, Recorded, RecordOutcome
from regulars.records.program.types import Program
from regulars.surfaces.connect.retail.amounts import price_units, whole_pence
from regulars.surfaces.connect.retail.lines import ShopLine
from regulars.surfaces.connect.retail.matching import Why
from regulars.surfaces.connect.retail.receipts import Told, What

MOST_EXAMPLES: Final = 3
MOST_TOP: Final = 10


class RuleTotal(Struct):
    """How often a rule gave something, and what."""

    rule: str
    says: str
    times: int = 0
    points: int = 0
    taken_back: int = 0


class ParkedTotal(Struct):
    """Return lines that take back no sale, for one reason."""

    why: Why
    says: str
    lines: int = 0
    examples: list[str] = []


class TopMember(Struct):
    """Where one member stands at the end; named by the shop's own number only."""

    member: str
    points: int
    tier: str
    spent_minor: int


class Totals(Struct):
    """The result without anything that differs from run to run, such as seconds."""

    program: str
    currency: str
    first_on: date
    last_on: date
    lines: int
    nobody_lines: int
    free_lines: int
    rounded_lines: int
    correction_lines: int = 0
    sale_lines: int = 0
    sold_to_nobody_lines: int = 0
    member_return_lines: int = 0
    returned_lines: int = 0
    without_sale_lines: int = 0
    """Of the members' return lines, those for which there is no earlier sale line."""
    activities: int = 0
    baskets: int = 0
    sales_to_nobody: int = 0
    returns: int = 0
    members: int = 0
    sold_minor: int = 0
    sold_to_nobody_minor: int = 0
    returned_minor: int = 0
    earned: int = 0
    taken_back: int = 0
    points: int = 0
    """What all members have together at the end of the file: earned less taken back."""
    tiers: dict[str, int] = {}
    rules: list[RuleTotal] = []
    parked: list[ParkedTotal] = []
    top: list[TopMember] = []
    refused: dict[str, int] = {}
    """By what was said; a file that was told before says nothing here."""


class Tally:
    """Counts what was told and what was answered, in the order it was told."""

    def __init__(self, program: Program, lines: Sequence[ShopLine], wallet: str) -> None:
        self._program, self._wallet = program, wallet
        self._totals = _of_lines(program, lines)
        self._rules = {rule.id: RuleTotal(rule.id, rule.says) for rule in program.rules}
        self._parked = {why: ParkedTotal(why, why.says) for why in Why}
        self._members: dict[str, TopMember] = {}
        self._refused: Counter[str] = Counter()

    def joined(self, member: str) -> None:
        """Somebody is a member now, whether or not they buy."""
        self._members[member] = TopMember(member, 0, "", 0)

    def add(self, told: Told, outcome: RecordOutcome) -> None:
        """Count one command and its answer."""
        totals = self._totals
        totals.activities += 1
        if not isinstance(outcome, Recorded):
            self._refused[_said(outcome)] += 1
            return
        if told.what is What.SALE:
            self._sale(told)
        elif told.what is What.RETURN:
            totals.returns += 1
            totals.returned_lines += told.lines
            totals.returned_minor += told.amount_minor
        elif told.what is What.PARKED:
            self._park(told)
        else:
            totals.correction_lines += told.lines
        if told.what in (What.SALE, What.RETURN):
            self._points(told, outcome)

    def totals(self) -> Totals:
        """Everything so far, added up."""
        totals, tiers = self._totals, self._program.tiers
        everybody = list(self._members.values())
        totals.members = len(everybody)
        totals.points = sum(member.points for member in everybody)
        totals.parked = [parked for parked in self._parked.values() if parked.lines]
        no_sale = [p.lines for p in totals.parked if p.why.finds_no_sale]
        totals.without_sale_lines = sum(no_sale)
        came = [p.lines for p in totals.parked if p.why is not Why.NOBODY]
        totals.member_return_lines = totals.returned_lines + sum(came)
        totals.rules = list(self._rules.values())
        counts = Counter(member.tier for member in everybody)
        steps = [("", "no tier yet"), *((s.id, s.name) for s in (tiers.steps if tiers else ()))]
        totals.tiers = {name: counts[step] for step, name in steps}
        names = dict(steps)
        totals.top = [replace(member, tier=names[member.tier]) for member in _first(everybody)]
        totals.refused = dict(sorted(self._refused.items()))
        return totals

    def _sale(self, told: Told) -> None:
        totals = self._totals
        totals.sale_lines += told.lines
        if told.command.member is None:
            totals.sales_to_nobody += 1
            totals.sold_to_nobody_lines += told.lines
            totals.sold_to_nobody_minor += told.amount_minor
            return
        totals.baskets += 1
        totals.sold_minor += told.amount_minor

    def _park(self, told: Told) -> None:
        assert told.why is not None, told
        parked = self._parked[told.why]
        parked.lines += told.lines
        if len(parked.examples) < MOST_EXAMPLES:
            parked.examples.append(_example(told.command))

    def _points(self, told: Told, outcome: Recorded) -> None:
        ref = told.command.member
        if ref is None:
            return
        assert ref.external is not None, ref
        member = self._members[ref.external]
        sign = 1 if told.what is What.SALE else -1
        member.spent_minor += sign * told.amount_minor
        member.tier = outcome.tier or ""
        gained = outcome.earned.get(self._wallet, 0)
        # Not the balance of the answer: it goes by the clock of today, by which points of a file
        # from long ago have lapsed when a return looks.
        member.points += gained
        self._totals.earned += max(gained, 0)
        self._totals.taken_back += max(-gained, 0)
        for rule, points in outcome.rules.items():
            total = self._rules[rule]
            total.times += points > 0
            total.points += max(points, 0)
            total.taken_back += max(-points, 0)


def _of_lines(program: Program, lines: Sequence[ShopLine]) -> Totals:
    prices = Counter(line.price for line in lines)
    return Totals(
        program=program.name,
        currency=program.currency,
        first_on=lines[0].minute.date(),
        last_on=lines[-1].minute.date(),
        lines=len(lines),
        nobody_lines=sum(line.member is None for line in lines),
        free_lines=sum(count for price, count in prices.items() if not price_units(price)),
        rounded_lines=sum(count for price, count in prices.items() if not whole_pence(price)),
    )


def _first(everybody: Iterable[TopMember]) -> list[TopMember]:
    order = sorted(everybody, key=lambda member: (-member.points, member.member))
    return order[:MOST_TOP]


def _said(outcome: Refused | Fault) -> str:
    return f"{outcome.code}: {outcome.says}"


def _example(command: RecordActivity) -> str:
    details = command.body.details
    who = f"member {command.member.external}" if command.member is not None else "nobody"
    described = details["description"] or "no description"
    pieces, price = -int(details["quantity"]), details["price"]
    when = f"{command.occurred_at:%Y-%m-%d}"
    return f"{when}, {who}: {pieces} × {described} at {price}"
