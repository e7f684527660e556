"""What the published versions of all programs promise, as far as the checks compare with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.decimals import units
from regulars.insight.verify.choices import choices_of
from regulars.insight.verify.climbing import credit_name, later, of_ladders
from regulars.insight.verify.connection import Connection
from regulars.insight.verify.ways import VERSIONS, Way, begins_at, promised, ways_of, with_budget
from regulars.records.program.changes.promotions.types import PREFIX
from regulars.records.program.parts.paying_out import PAID_OUT
from regulars.records.program.parts.rewards import PAYING, shelf_of
from regulars.records.program.parts.rewards import shelved as pieces_of
from regulars.records.program.reading import read_program
from regulars.records.program.types import Limit, Period, Program, Rule

_UNITED = "select program_id, into_id, count(*) as merged from member_alias group by 1, 2"
_PARTED = """
select program_id, from_id as member_id from member_merge union
select program_id, into_id from member_merge
"""
_CODES = "select program_id, kind, name, code from program_code"

Codes = dict[tuple[str, str], int]


class Cap(Struct, frozen=True):
    """One limit of one rule: what it allows, and under which counter it is counted."""

    rule: int
    counts_points: bool
    per: Period
    most: int
    counter: int
    shared: bool = False
    """Whether all members draw on it together."""
    rest: int = 0
    """Of a cooldown: how many days or minutes lie between two times at least."""
    by_minutes: bool = False


class Shared(Struct, frozen=True):
    """A budget: the wallet it is about, by number, and what it may come to."""

    counter: int
    wallet: int
    per: Period
    most: int


class Terms(Struct, frozen=True):
    """One published version: which rules fill which wallet, and what limits them."""

    program: Program
    rules_of: dict[int, tuple[int, ...]]
    """Places of the rules of each wallet, by the wallet's number."""
    names: dict[int, str]
    slack: dict[int, int]
    """By how much a return may be off in points where rounding keeps a remainder."""
    takes_all: frozenset[int]
    """Wallets from which a return takes everything, going into debt or being refused."""
    caps: tuple[Cap, ...]
    budgets: tuple[Shared, ...]
    credit_counter: int
    own_budgets: tuple[Shared, ...] = ()
    """Budgets of each member."""
    each_at_most: tuple[Shared, ...] = ()
    """Budgets of each activity, which nothing counts."""
    other_credit: int = 0
    """The counter of credit by the second measure of the ladder, where it has one."""
    further: Mapping[str, tuple[int, int]] = {}
    """The same two of each further ladder, by name."""
    came_back: Mapping[str, tuple[int, int]] = {}
    """And those of what came back, where that counts until its day."""
    ways: tuple[Way, ...] = ()
    """Its milestones, in file order."""


class Facts(Struct, frozen=True):
    """All versions of all programs."""

    terms: dict[tuple[int, int], Terms]
    counters: dict[tuple[int, int], str]
    """The name of each counter, by program and number."""
    since: dict[tuple[int, int], datetime] = {}
    """Since when each version is in force and known, in the order in which they came; without those
    that never ruled."""
    united: dict[tuple[int, UUID], int] = {}
    """How many were merged into a member: each of them had limits and fractions of their own."""
    begins: dict[tuple[int, int], datetime] = {}
    """From when on each version rules."""
    mixed: frozenset[tuple[int, UUID]] = frozenset()
    """Members who were ever merged: what milestones gave them was given to two."""
    with_budget: Mapping[tuple[int, int], Way] = {}
    """By program and counter the milestone with a budget that counts there what it gave."""

    def promised(self, program_id: int, terms: Terms, way: Way, day: int) -> Way:
        """What was promised of a milestone when the period of this day began."""
        versions = {
            at: self.terms[key].ways for key, at in self.begins.items() if key[0] == program_id
        }
        return promised(versions, way, begins_at(terms.program.zone, way.per, day))

    def given_to_two(self, row: Mapping[str, Any], name: str) -> bool:
        """Whether a counter says what milestones gave to somebody who was ever merged."""
        of = (row["program_id"], row["member_id"])
        return name.startswith("milestone-given:") and of in self.mixed

    def refuses_returns(self, program_id: int) -> bool:
        """Whether some wallet of the program turns returns away when points were spent."""
        return any(
            wallet.negative == "refuse"
            for (program, _), terms in self.terms.items()
            for wallet in terms.program.wallets.values()
            if program == program_id
        )

    def for_sql(self) -> str:
        """What the SQL of the checks gets as its `$1`."""
        known = {
            "stock": list(self._stock()),
            "reward_limits": list(self._reward_limits()),
            "allowances": list(self._allowances()),
            "names": list(self._names()),
            "orders": list(self._orders()),
            "notices": list(self._notices()),
            "idle": list(self._idle()),
            "games": list(self._games()),
            "milestones": list(self._milestones()),
            "changeovers": list(self._changeovers()),
            "promoted": list(self._promoted()),
            "later": list(later(self.terms)),
            "zones": list(self._zones()),
            "choices": list(choices_of({key: one.program for key, one in self.terms.items()})),
        }
        return msgspec.json.encode(known).decode()

    def _zones(self) -> Iterator[dict[str, Any]]:
        """By which clock each program cuts its days, since when."""
        for (program_id, version), since in self.since.items():
            yield {
                "program_id": program_id,
                "version": version,
                "since": since,
                "zone": self.terms[program_id, version].program.zone,
            }

    def _promoted(self) -> Iterator[dict[str, Any]]:
        """The rules of promotions that connected systems made, of every version."""
        for (program_id, _), terms in self.terms.items():
            for rule in terms.program.rules:
                if rule.id.startswith(PREFIX):
                    yield {"program_id": program_id, "rule": rule.id}

    def _stock(self) -> Iterator[dict[str, Any]]:
        """The first version that stocks a reward fills the shelf; later ones leave it as it is."""
        shelved = set()
        for (program_id, _), terms in self.terms.items():
            for reward in terms.program.rewards:
                shelf, pieces = shelf_of(reward), pieces_of(reward)
                if pieces is not None and (program_id, shelf) not in shelved:
                    shelved.add((program_id, shelf))
                    yield {"program_id": program_id, "reward": shelf, "pieces": pieces}

    def _reward_limits(self) -> Iterator[dict[str, Any]]:
        for (program_id, version), terms in self.terms.items():
            for reward in terms.program.rewards:
                if reward.limit is not None:
                    yield {
                        "program_id": program_id,
                        "version": version,
                        "reward": reward.id,
                        "most": reward.limit.times,
                    }

    def _allowances(self) -> Iterator[dict[str, Any]]:
        for (program_id, version), terms in self.terms.items():
            for benefit in terms.program.benefits:
                if benefit.allowance is not None:
                    yield {
                        "program_id": program_id,
                        "version": version,
                        "benefit": benefit.id,
                        "most": benefit.allowance.times,
                    }

    def _orders(self) -> Iterator[dict[str, Any]]:
        """In which order each wallet's points are spent, where it is not the soonest first."""
        for (program_id, version), terms in self.terms.items():
            for wallet, name in terms.names.items():
                spends = terms.program.wallets[name].spends
                if spends != "soonest_expiring":
                    yield {
                        "program_id": program_id,
                        "version": version,
                        "wallet": wallet,
                        "spends": spends,
                    }

    def _notices(self) -> Iterator[dict[str, Any]]:
        """Which wallets lapse only after a notice, and how many days before it is shown."""
        for (program_id, version), terms in self.terms.items():
            for wallet, name in terms.names.items():
                notice = terms.program.wallets[name].notice
                if notice is not None:
                    yield {
                        "program_id": program_id,
                        "version": version,
                        "wallet": wallet,
                        "days": notice.days,
                    }

    def _games(self) -> Iterator[dict[str, Any]]:
        """Since when each program has challenges or streaks, and where its clocks hang."""
        begun = set()
        for (program_id, version), since in self.since.items():
            program = self.terms[program_id, version].program
            if program_id not in begun and (program.challenges or program.streaks):
                begun.add(program_id)
                yield {"program_id": program_id, "since": since, "zone": program.zone}

    def _milestones(self) -> Iterator[dict[str, Any]]:
        """Wallets into which milestones give, and whether a return takes all of it back."""
        owes: dict[tuple[int, str], bool] = {}
        for (program_id, _), terms in self.terms.items():
            for one in terms.program.milestones:
                if one.wallet is not None:
                    owes[program_id, one.wallet] = True
        for (program_id, _), terms in self.terms.items():
            for name, wallet in terms.program.wallets.items():
                if (program_id, name) in owes:
                    owes[program_id, name] &= wallet.negative == "debt"
        for (program_id, name), whole in owes.items():
            yield {"program_id": program_id, "wallet": name, "whole": whole}

    def _idle(self) -> Iterator[dict[str, Any]]:
        """Which wallets ask for activity: how long, since when it is said so, and what counts."""
        before: dict[tuple[int, int], tuple[str, datetime]] = {}
        for (program_id, version), since in self.since.items():
            terms = self.terms[program_id, version]
            for wallet, name in terms.names.items():
                said, notice = (
                    terms.program.wallets[name].inactivity,
                    terms.program.wallets[name].notice,
                )
                if said is None or notice is None:
                    before.pop((program_id, wallet), None)
                    continue
                last = before.get((program_id, wallet))
                begun = last[1] if last is not None and last[0] == said.after else since
                before[program_id, wallet] = (said.after, begun)
                yield {
                    "program_id": program_id,
                    "version": version,
                    "wallet": wallet,
                    "zone": terms.program.zone,
                    "after": said.after,
                    "days": notice.days,
                    "since": begun,
                    **dict.fromkeys(said.reset_by, True),
                }

    def _changeovers(self) -> Iterator[dict[str, Any]]:
        """How members come over to each version's ladder, since when, and its steps in order."""
        for (program_id, version), since in self.since.items():
            program = self.terms[program_id, version].program
            if program.tiers is not None:
                yield {
                    "program_id": program_id,
                    "version": version,
                    "since": since,
                    "members": program.changeover.members,
                    "until": program.changeover.until_on is not None,
                    "ladder": [step.id for step in program.tiers.steps],
                }

    def _names(self) -> Iterator[dict[str, Any]]:
        for (program_id, _), terms in self.terms.items():
            for reward in terms.program.rewards:
                yield {"program_id": program_id, "kind": "reward", "name": reward.id}
            gifts = any(wallet.kind == "gift" for wallet in terms.program.wallets.values())
            if gifts or terms.program.paying is not None:
                yield {"program_id": program_id, "kind": "reward", "name": PAYING}
            if terms.program.paying_out is not None:
                yield {"program_id": program_id, "kind": "reward", "name": PAID_OUT}
            for step in terms.program.tiers.steps if terms.program.tiers else ():
                yield {"program_id": program_id, "kind": "tier", "name": step.id}


async def read_facts(connection: Connection) -> Facts:
    """Every published version, read from its own words."""
    codes: dict[int, Codes] = {}
    for row in await connection.fetch(_CODES):
        codes.setdefault(row["program_id"], {})[row["kind"], row["name"]] = row["code"]
    terms = {}
    since, begins = {}, {}
    for row in await connection.fetch(VERSIONS):
        own = codes.get(row["program_id"], {})
        terms[row["program_id"], row["version"]] = terms_of(read_program(row["source"]), own)
        if not row["never"]:
            since[row["program_id"], row["version"]] = row["since"]
        begins[row["program_id"], row["version"]] = row["effective_from"]
    counters = {
        (program_id, code): name
        for program_id, own in codes.items()
        for (kind, name), code in own.items()
        if kind == "counter"
    }
    united = {
        (row["program_id"], row["into_id"]): row["merged"]
        for row in await connection.fetch(_UNITED)
    }
    mixed = [(one["program_id"], one["member_id"]) for one in await connection.fetch(_PARTED)]
    budgets = with_budget({key: one.ways for key, one in terms.items()})
    return Facts(terms, counters, since, united, begins, frozenset(mixed), budgets)


def terms_of(program: Program, codes: Codes) -> Terms:
    """One version, in numbers; a name without a number counts under 0, where nothing is kept."""
    code_of = {name: codes.get(("wallet", name), 0) for name in program.wallets}
    rules_of: dict[int, tuple[int, ...]] = dict.fromkeys(code_of.values(), ())
    for place, rule in enumerate(program.rules):
        rules_of[code_of[rule.wallet]] += (place,)
    return Terms(
        program=program,
        rules_of=rules_of,
        names={code: name for name, code in code_of.items()},
        slack={
            code_of[name]: wallet.rounding.step
            if wallet.rounding.carry or wallet.rounding.scope == "day"
            else 0
            for name, wallet in program.wallets.items()
        },
        takes_all=frozenset(
            code_of[name] for name, wallet in program.wallets.items() if wallet.negative != "never"
        ),
        caps=tuple(
            cap
            for place, rule in enumerate(program.rules)
            for cap in _caps(program, codes, place, rule)
        ),
        budgets=_budgets(program, codes, "everyone"),
        own_budgets=_budgets(program, codes, "member"),
        each_at_most=_budgets(program, codes, "activity"),
        credit_counter=codes.get(("counter", credit_name(program.tiers, program.tiers)), 0),
        other_credit=codes.get(
            ("counter", credit_name(program.tiers, program.tiers and program.tiers.or_by)), 0
        ),
        further=of_ladders(program, codes, "credit"),
        came_back=of_ladders(program, codes, "came-back"),
        ways=ways_of(program, codes),
    )


def _budgets(program: Program, codes: Codes, of: str) -> tuple[Shared, ...]:
    shape = "budget:{0.id}:{0.per}" if of == "everyone" else "limit:budget:{0.id}:{0.per}:points"
    return tuple(
        Shared(
            codes.get(("counter", shape.format(budget)), 0),
            codes.get(("wallet", budget.wallet), 0),
            budget.per,
            units(budget.points, program.wallets[budget.wallet].scale),
        )
        for budget in program.budgets
        if ("activity" if budget.per == "activity" else budget.of) == of
    )


def _caps(program: Program, codes: Codes, place: int, rule: Rule) -> list[Cap]:
    """The limits of a rule and then its cooldown, in the order of the frozen room."""
    found = [_cap(program, codes, place, limit) for limit in rule.limits]
    rests = rule.cooldown
    if rests is not None:
        unit = "days" if rests.days else "minutes"
        counter = codes.get(("counter", f"cooldown:{rule.id}:{unit}"), 0)
        rest = rests.days or 60 * (rests.hours or 0)
        found.append(Cap(place, False, "ever", 1, counter, rest=rest, by_minutes=not rests.days))
    return found


def _cap(program: Program, codes: Codes, place: int, limit: Limit) -> Cap:
    rule = program.rules[place]
    counts = "times" if limit.points is None else "points"
    if limit.points is None:
        most = limit.times or 0
    else:
        most = units(limit.points, program.wallets[rule.wallet].scale)
    shared = limit.of == "everyone"
    name = f"limit:{rule.id}:{limit.per}:{counts}" + (":everyone" if shared else "")
    counter = codes.get(("counter", name), 0)
    return Cap(place, limit.points is not None, limit.per, most, counter, shared)
