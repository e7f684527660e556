"""Tier credit of an activity: what it counts, by each measure, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regulars.engine.facts import Facts
from regulars.engine.ladder.credit import Coming, bucket, comes_later, ripens_at
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.activity.types import FRIEND_STAYED


def known(version: Version, facts: Facts) -> Coming:
    """Credit that is known before the rules run: spend or a visit, by each measure."""
    other = version.other
    return _known(version, facts), 0 if other is None else _known(other, facts)


def _known(version: Version, facts: Facts) -> int:
    tiers = version.program.tiers
    if tiers is None or tiers.measure == "status":
        return 0
    kind = facts.kind
    if tiers.measure == "activities":
        return 1 if kind in tiers.kinds else 0
    if tiers.measure == "visits":
        return 1 if kind in ("purchase", "visit") else 0
    if tiers.measure == "friends":
        return 1 if kind == FRIEND_STAYED else 0
    return spend_of(version, facts)


def spend_of(version: Version, facts: Facts) -> int:
    """The qualifying amount that counts for tiers."""
    tiers = version.program.tiers
    assert tiers is not None, version.number
    place = version.compiled.definitions.index(tiers.qualifying)
    return sum([line.amounts[place] for line in facts.lines]) + facts.extras[place]


def gained(version: Version, coming: Coming, units: Mapping[int, int]) -> Coming:
    """All credit, now that the rules ran: status is what went into the status wallet."""
    tiers, other = version.program.tiers, version.other
    credit, more = coming
    if tiers is not None and tiers.measure == "status":
        credit = units.get(status_code(version), 0)
    if other is not None and counts_status(other):
        more = units.get(status_code(other), 0)
    return credit, more


def measured(version: Version) -> Iterator[Version]:
    """A ladder by each of its measures."""
    if version.program.tiers is not None:
        yield version
        if version.other is not None:
            yield version.other


def every(version: Version) -> Iterator[Version]:
    """Each ladder of a version by each of its measures, the tiers first."""
    yield from measured(version)
    for view in version.further.values():
        yield from measured(view)


def counts_status(version: Version) -> bool:
    """Whether tiers count what rules put into a status wallet."""
    tiers = version.program.tiers
    return tiers is not None and tiers.measure == "status"


def may_owe(version: Version) -> bool:
    """Whether what is left of a deed may count less than nothing: where the status wallet keeps
    remainders, its return may break a point that another deed rounded up, and credit is what is
    in the wallet (semantics D2, E3)."""
    tiers = version.program.tiers
    if tiers is None or tiers.measure != "status":
        return False
    compiled = version.compiled
    return compiled.wallets[compiled.wallet_places[str(tiers.wallet)]].keeps != "no"


def status_code(version: Version) -> int:
    """The small number of the wallet that tiers count."""
    tiers = version.program.tiers
    wallet = tiers.wallet if tiers is not None else None
    assert wallet is not None, version.number
    return version.wallet_codes[version.compiled.wallet_places[wallet]]


def count(changes: Changes, state: MemberState, version: Version, day: int, coming: Coming) -> int:
    """Count credit; the period it stands under, or 0 where there is none."""
    credit, more = coming
    if not credit and not more:
        return 0
    period, other = bucket(version, state, day), version.other
    now, waits = changes.now, comes_later(version) and not version.ladder
    if waits and now is not None and ripens_at(version, state, period) <= now:
        # Told so late that it counts by now: no day that is still to come looks at it.
        changes.ripe.add(state.member_id)
    if credit:
        changes.count(state, version.credit_counter, period, credit)
    if other is not None and more:
        changes.count(state, other.credit_counter, period, more)
    return period


def give_back(
    changes: Changes,
    state: MemberState,
    version: Version,
    had: tuple[Coming, int, int],
    now: tuple[Facts, Mapping[int, int]],
) -> tuple[Coming, int]:
    """Take credit of what came back, unless the program lets members keep it; what still counts,
    and the period it counts in.

    Shape: `had` is the credit with its period, and the day of the deed; `now` what is left, and
    what rules take per wallet.
    """
    found, period = [], had[1]
    for counts, credit in zip((version, version.other), had[0], strict=True):
        left = credit
        if counts is not None and (credit or may_owe(counts)):
            left = _credit_left(counts, credit, now)
            if left != credit:
                period = period or bucket(version, state, had[2])
                less, owes = left - credit, may_owe(counts)
                changes.count(state, counts.credit_counter, period, less, owes=owes)
        found.append(left)
    return (found[0], found[1]), period


def _credit_left(version: Version, credit: int, now: tuple[Facts, Mapping[int, int]]) -> int:
    after, units = now
    tiers = version.program.tiers
    if tiers is None or tiers.returned_credit == "never":
        return credit
    if tiers.measure == "spend":
        return min(spend_of(version, after), credit)
    if tiers.measure in ("visits", "activities", "friends"):
        return credit if any(line.quantity for line in after.lines) else 0
    left = credit - units.get(status_code(version), 0)
    return left if may_owe(version) else max(left, 0)


def status_again(
    changes: Changes,
    state: MemberState,
    version: Version,
    had: tuple[Coming, int, int],
    units: Mapping[int, int],
) -> tuple[Coming, int]:
    """How much more status credit a deed gives that was decided anew, and the period it counts in.

    Shape: `had` is its credit with its period, and its day.
    """
    found, period = [], had[1]
    for counts, credit in zip((version, version.other), had[0], strict=True):
        more = 0
        if counts is not None and counts_status(counts):
            more = units.get(status_code(counts), 0)
            more = more if may_owe(counts) else max(more, -credit)
        if counts is not None and more:
            period = period or bucket(version, state, had[2])
            owes = may_owe(counts)
            changes.count(state, counts.credit_counter, period, more, owes=owes)
        found.append(more)
    return (found[0], found[1]), period
