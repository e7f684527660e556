"""Bugs about what is handed out by hand that the model has to notice, in games that go straight to
where they show."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_CODE = "engine/rewarding/counter/using.py"
_BENEFIT = "engine/deciding/benefit.py"
_USES = "flows/membership/benefits/use_benefits.py"
_FLOORS = "engine/ladder/floors.py"
_GIVING = "engine/ladder/giving.py"
_GIVES = "flows/membership/tiers/give_tiers.py"
_KEEPS = "flows/membership/benefits/keep_appointments.py"
_ERASE = "flows/membership/erase_members.py"
_CLAIMS = "flows/points/partners/claim_activities.py"
_PAYING = "engine/rewarding/gaming/paying.py"
_BACK = "flows/terms/withdraw_version.py"


def _bug(name: str, where: tuple[str, str], healthy: str, broken: str) -> Bug:
    file, game = where
    return Bug(f"the model: {name}", file, healthy, broken, f"checks.model_by_hand_{game}")


BY_HAND: Final = (
    _bug("a code is used twice", (_CODE, "codes"), 'if code.state == "used":', "if False:"),
    _bug(
        "a code that was withdrawn is good",
        (_CODE, "codes"),
        'if code.state == "withdrawn":',
        "if False:",
    ),
    _bug(
        "a code is good a moment too long",
        (_CODE, "codes"),
        "code.ends_at is not None and now >= code.ends_at",
        "code.ends_at is not None and now > code.ends_at",
    ),
    _bug(
        "who is blocked uses a code",
        (_CODE, "codes"),
        'state.state == "blocked" and not version.program.blocked.may_redeem:\n        yield bl',
        'state.state == "none" and not version.program.blocked.may_redeem:\n        yield bl',
    ),
    _bug(
        "a code that was handed over never ends",
        ("flows/batch/hand_codes.py", "codes_kept"),
        "ends_at=add_span(zone, tx.now, length) if length else None",
        "ends_at=None",
    ),
    _bug(
        "one who is named twice has two codes",
        ("flows/points/codes/issue_codes.py", "codes_kept"),
        "list(dict.fromkeys(one for one in found if not isinstance(one, Fault)))",
        "[one for one in found if not isinstance(one, Fault)]",
    ),
    _bug(
        "an allowance has one more",
        (_BENEFIT, "benefits"),
        "left < guests.counts(benefit, occasion.party) and allowance",
        "left + 1 < guests.counts(benefit, occasion.party) and allowance",
    ),
    _bug(
        "a use that was taken back stays used",
        (_BENEFIT, "benefits"),
        "changes.count(state, included.counter, included.period, -included.times)",
        "pass",
    ),
    _bug(
        "what was granted and ends goes last",
        (_BENEFIT, "benefits"),
        "ends_first = mine and mine[0].until_at is not None and left is not None",
        "ends_first = False",
    ),
    _bug(
        "it begins for all of them on the same day",
        (_BENEFIT, "benefits"),
        "return min([begins, *ahead])",
        "return begins",
    ),
    _bug(
        "the first of the days that are out is not",
        ("engine/rewarding/including/opening.py", "benefits"),
        "if days.from_on <= today < days.until_on:",
        "if days.from_on < today < days.until_on:",
    ),
    _bug(
        "what is for a tier is for everybody on any",
        ("engine/ladder/further.py", "benefits"),
        "return step_of(version, state.tier) >= step_of(version, tier)",
        "return step_of(version, state.tier) > 0",
    ),
    _bug(
        "points of a use that lapsed are taken twice",
        (_USES, "benefits_kept"),
        "gone = 0 if entry_id is None else lapsed.get(entry_id, {}).get(wallet, 0)",
        "gone = 0 * len(lapsed) * wallet",
    ),
    _bug(
        "what was granted is not left again",
        ("records/benefits/read.py", "benefits_kept"),
        "where u.program_id = $1 and u.grant_id = g.grant_id and u.state <> 'undone') as used",
        "where u.program_id = $1 and u.grant_id = g.grant_id) as used",
    ),
    _bug(
        "a challenge is met by a cent less",
        (_FLOORS, "tiers"),
        "earned_since(version, state, given, at) >= given.asks",
        "earned_since(version, state, given, at) >= given.asks - 1",
    ),
    _bug(
        "what they reached by themselves is lost behind what was given",
        (_FLOORS, "tiers"),
        "    best = _by_credit(version, state, day, step if given.kind",
        "    best = Stand(None, None, 0) if given.kind != 'invited' else "
        "_by_credit(version, state, day, step if given.kind",
    ),
    _bug(
        "who was invited falls whatever their credit",
        (_FLOORS, "tiers"),
        'step if given.kind == "invited" else 0',
        "0",
    ),
    _bug(
        "who has the tier no more moves what they booked by it",
        (_BENEFIT, "booths"),
        "    answer = may(version, state, occasion, asker.granted)\n"
        "    if used.included.counter:\n"
        "        state.counters[counter] = before\n"
        "    if answer.no is not None:",
        "    answer = may(version, state, occasion, asker.granted)\n"
        "    if used.included.counter:\n"
        "        state.counters[counter] = before\n"
        '    if answer.no is not None and answer.no.code != "tier_too_low":',
    ),
    _bug(
        "an appointment that could not be moved is gone",
        (_KEEPS, "booths_kept"),
        "    if isinstance(done, Refused):\n        batch.spend(used, 1)\n",
        "    if isinstance(done, Refused):\n        batch.undone.append(used)\n",
    ),
    _bug(
        "what was booked by a tier can be cancelled by nobody once it is over",
        (_USES, "booths_kept"),
        "    late = too_late(",
        "    late = item.outcome = None if state.tier else erased_refused()\n"
        "    if late:\n        return\n    late = too_late(",
    ),
    _bug(
        "somebody is there for an hour of another day",
        (_KEEPS, "arrivals_kept"),
        "if local(zone, used.included.booked.from_at).day != local(zone, now).day:",
        "if local(zone, used.included.booked.from_at).day > local(zone, now).day + 1:",
    ),
    _bug(
        "who comes is told what is left by a tier that is over",
        (_KEEPS, "arrivals_kept"),
        "    review(batch.changes, batch.states[used.member_id], batch.terms.at(now), now)\n",
        "",
    ),
    _bug(
        "somebody is there for what was cancelled",
        (_KEEPS, "arrivals_kept"),
        '    if used.state != "used":\n        item.outcome = Invalid("this',
        '    if used.state == "none":\n        item.outcome = Invalid("this',
    ),
    _bug(
        "whoever was there once cannot be said to have stayed away",
        (_KEEPS, "arrivals_kept"),
        '    if used.state == "used" and used.use_id not in told:',
        '    if used.state == "used" and used.use_id not in told and used.came_at is None:',
    ),
    _bug(
        "a challenge counts although it was ended before its time",
        ("engine/deciding/tiering.py", "tiers"),
        'bare = replace(given, asks=None, kind="granted")',
        "bare = given",
    ),
    _bug(
        "an invitation waits twice",
        (_GIVING, "tiers"),
        "if any(one.tier == tier and one.waits(now) for one in state.grants):",
        "if False:",
    ),
    _bug(
        "somebody is invited to what they reach by credit",
        (_GIVING, "tiers"),
        "if version.compiled.tier_by[step]:",
        "if False:",
    ),
    _bug(
        "an invitation is accepted when its time is over",
        (_GIVES, "tiers"),
        "    if not given.waits(now):",
        "    if False:",
    ),
    _bug(
        "what lies on gift balances forgets what was paid on",
        ("records/ledger/totals/read.py", "balances_kept"),
        "select wallet, sum(available + pending + held)::bigint as units",
        "select wallet, max(available + pending + held)::bigint as units",
    ),
    _bug(
        "what was reserved stays so when its member is forgotten",
        (_ERASE, "forgotten_kept"),
        "owners = await rewards.open_of(tx, todo) if todo else {}",
        "owners = {}",
    ),
    _bug(
        "a use of somebody who was forgotten is taken back",
        (_USES, "forgotten_kept"),
        '    if state.state == "erased":\n        item.outcome = erased_refused()\n'
        "        return\n    late",
        "    if False:\n        return\n    late",
    ),
    _bug(
        "a version is taken back although something was decided by it",
        (_BACK, "versions_kept"),
        "    if any(counts.values()):",
        "    if False:",
    ),
    _bug(
        "a version is taken back under the one that follows",
        (_BACK, "versions_kept"),
        "    if later:",
        "    if False:",
    ),
    _bug(
        "what ruled before does not rule again",
        (_BACK, "versions_kept"),
        "write.publish(tx, number, one.effective_from, before.source, wish.by)",
        "write.publish(tx, number, one.effective_from, found.source, wish.by)",
    ),
    _bug(
        "a claim that was rejected bars everybody",
        (_CLAIMS, "quarrels_kept"),
        '        if state in ("open", "granted"):',
        '        if state in ("open", "granted", "rejected"):',
    ),
    _bug(
        "what was decided is decided again",
        ("engine/rewarding/partnering/claims.py", "quarrels_kept"),
        '    if state != "open":',
        "    if False:",
    ),
    _bug(
        "a claim is decided a moment too late",
        ("records/rewards/partners/types.py", "quarrels_kept"),
        'return "open" if now < claim.decide_by else "lapsed"',
        'return "open" if now <= claim.decide_by else "lapsed"',
    ),
    _bug(
        "a line of which a part came back is taken out whole",
        (_CLAIMS, "quarrels_kept"),
        "    units = left_of(disputed, gone)\n",
        "    units = abs(disputed.units)\n",
    ),
    _bug(
        "a line is disputed twice",
        (_CLAIMS, "quarrels_kept"),
        "        if line.entry_id in there:",
        "        if False:",
    ),
    _bug(
        "a place is paid although what came back leaves less than who is behind",
        (_PAYING, "places_kept"),
        'if promise.returned == "taken_back" and together < place.needs:',
        "if False:",
    ),
    _bug(
        "who shares a place has all of it",
        (_PAYING, "places_kept"),
        "for place in there) // many",
        "for place in there)",
    ),
    _bug(
        "more have something than there are places",
        (_PAYING, "places_kept"),
        "fits = seen <= one.promise.most and group[0].score >= least",
        "fits = group[0].score >= least",
    ),
    _bug(
        "a cent too little is enough for a place",
        (_PAYING, "places_kept"),
        "and group[0].score >= least\n",
        "and group[0].score >= least - 1\n",
    ),
)


def played(game: str) -> Any:
    """A game of what is handed out by hand; one that is kept is played on PostgreSQL."""

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.beside.by_hand.chosen import play_chosen
        from tests.model.in_memory import InMemory
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"by-hand-{os.getpid()}"

        name = game.removesuffix("_kept")
        if name == game:
            play_chosen(name, InMemory)
        else:
            play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


HANDING: Final = {
    name: played(name.removeprefix("model_by_hand_"))
    for name in dict.fromkeys(bug.check.removeprefix("checks.") for bug in BY_HAND)
}
"""The checks of these bugs, by name."""
