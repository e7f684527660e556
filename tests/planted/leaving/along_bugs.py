"""Bugs in what moves along and is no points; the check is in `along.py`."""

from __future__ import annotations

from tests.planted.bug import Bug

_BRING = "flows/importing/bring_had.py"
_CHECK = "checks.everything_moves_along"
_NAMED = "checks.who_moves_is_known_by_name"


def _bug(name: str, file: str, healthy: str, broken: str) -> Bug:
    return Bug(name, file, healthy, broken, _CHECK)


ALONG = (
    _bug("a prize that came along is taken back", "engine/rewarding/gaming/prizes.py",
         "if key not in due_keys and not prize.came:", "if key not in due_keys:"),
    _bug("what was reached elsewhere is not counted", "engine/rewarding/gaming/prizes.py",
         "had = challenges.elsewhere(name, has, done)", "had: dict[int, int] = {}"),
    _bug("a reward that rests is had at once after a move", "records/rewards/read.py",
         "c.kind = 'taken'", "c.kind = 'nothing'"),
    _bug("a choice is made anew after a move", _BRING, '        *choose(tx, of("choice")),\n', ""),
    _bug("grants stay behind", _BRING, '        *benefits.grant(tx, of("grant")),\n', ""),
    _bug("a friend who was brought counts for nobody after a move", _BRING,
         "    await tx.write(referrals.settle(tx, done))\n", ""),
    _bug("teams are empty after a move", _BRING,
         '        *teams.enter(tx, [(one.team_id, one.place) for one in of("place")]),\n', ""),
    _bug("memberships end by moving", _BRING,
         '[_begun(had.terms, one, tx.now) for one in of("membership")]', "[]"),
    _bug("households are left behind by a move", _BRING,
         '        *_shared(tx, of("household")),\n', ""),
    _bug("a buyer's own limit is left behind by a move", _BRING, "at.joined_at, at.limits)",
         "at.joined_at, {})"),
    _bug("somebody under age spends anew after a move", "records/rewards/read.py",
         "and kind = 'spent' and at >= $3", "and kind = 'spent' and false and at >= $3"),
    _bug("nobody knows after a move that a tier was given", _BRING,
         '        *by_hand.turn(tx, [turn for one in of("tier") for turn in _turns(tx, one)]),\n',
         ""),
    _bug("what was there before a tier was matched keeps it after a move", _BRING,
         "given.was_until, given.had)", "given.was_until, 0)"),
    _bug("what was given holds nobody whose tier did not come along", _BRING,
         "    if floors.better(floor, stands):\n", "    if False:\n"),
    _bug("a household comes without a head", "flows/importing/reading_ties.py",
         '    if roles.count("head") != 1:\n', "    if False:\n"),
    _bug("a household comes that somebody joins tomorrow", "flows/importing/reading_ties.py",
         "        if bad_time(place.joined_at, now) or place.joined_at > now:\n",
         "        if False:\n"),
    _bug("a thing is known by the number in its row", "flows/importing/reading_had.py",
         "    if kind in _BY_LINE:\n", "    if False:\n"),
    _bug("a tier comes that is given tomorrow", "flows/importing/reading_ties.py",
         "bad_time(one, now) or one > now for one in times", "False for one in times"),
    _bug("what came comes again", _BRING, "    if one.id in had.known:\n", "    if False:\n"),
    Bug("who has another number here is left behind by a household", _BRING,
        "    stands |= {one.member_id: here", "    _ = {one.member_id: here", _NAMED),
    Bug("the head who has another number here is nobody", "flows/importing/known_otherwise.py",
        "known.get(at, who) for at, who", "who for at, who", _NAMED),
    Bug("of two who have somebody's names either one comes along",
        "flows/importing/known_otherwise.py", "if len(some) == 1 else None",
        "if some else None", _NAMED),
    Bug("who was erased is put into a household by somebody else's name", _BRING,
        "one.member_id) not in there]", "one.member_id) not in _able(there)]", _NAMED),
    Bug("by a shared telephone the other of a couple is the head",
        "flows/importing/known_otherwise.py", "if there and here and not there & here:",
        "if False:", _NAMED),
)  # fmt: skip
