"""Bugs about who looks after whom, and about what is booked by who comes no more, that the model
has to notice, in games that go straight to where they show."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.moving.by_hand import played as by_hand

_RULE = "engine/rewarding/including/associates.py"
_FOLLOW = "flows/membership/benefits/follow_associates.py"
_GIVING = "flows/membership/benefits/looking_after.py"
_BRINGS = "engine/deciding/bring_over.py"
_COUNTS = "flows/importing/open_counts.py"
_KEEP = "flows/membership/benefits/keep_associates.py"


def _bug(name: str, where: tuple[str, str], healthy: str, broken: str) -> Bug:
    file, game = where
    return Bug(f"the model: {name}", file, healthy, broken, f"checks.model_{game}")


LOOKING_AFTER: Final = (
    _bug(
        "the owner looks after members like anybody",
        (_RULE, "looked_after_turns"),
        'return one.role == "owner", _far(one, store)',
        'return one.role == "nobody", _far(one, store)',
    ),
    _bug(
        "who works everywhere comes before who works in the member's store",
        (_RULE, "looked_after_turns"),
        "    if one.stores is None:\n        return 1\n",
        "    if one.stores is None:\n        return -1\n",
    ),
    _bug(
        "whoever has most members has one more",
        (_RULE, "looked_after_turns"),
        "_far(one, store), has.get(one.staff_id, 0)",
        "_far(one, store), -has.get(one.staff_id, 0)",
    ),
    _bug(
        "somebody who left looks after members",
        ("records/access/staff/types.py", "looked_after_turns"),
        "return self.is_active and permits(self.role, permission)",
        "return permits(self.role, permission)",
    ),
    _bug(
        "the store of a use is not asked",
        (_GIVING, "looked_after_turns"),
        'store = wanted.store or giving.stores.get(state.member_id, "")',
        'store = giving.stores.get(state.member_id, "")',
    ),
    _bug(
        "members are passed on to whom they are taken from",
        (_KEEP, "looked_after_turns"),
        "if one.staff_id != command.staff_id]\n    for benefit",
        "if one.staff_id]\n    for benefit",
    ),
    _bug(
        "there is no grace",
        (_RULE, "looked_after_endings"),
        "return now if grace is None else add_span(version.zone, now, grace)",
        "return now if True else add_span(version.zone, now, grace)",
    ),
    _bug(
        "whoever comes back within the grace gets another one",
        (_GIVING, "looked_after_endings"),
        "    if there:\n        one = there[0]\n        giving.resumed",
        "    if not there:\n        one = there[0]\n        giving.resumed",
    ),
    _bug(
        "who was let go by hand has somebody again",
        (_GIVING, "looked_after_endings"),
        'latest is not None and latest.why == "by_hand"',
        'latest is not None and latest.why == "nothing"',
    ),
    _bug(
        "another one takes over for ever",
        (_KEEP, "looked_after_endings"),
        "until = None if any(one.ended_at is None for one in there) else _last_end(there)",
        "until = None",
    ),
    _bug(
        "whoever has somebody by hand needs no benefit",
        (_KEEP, "looked_after_by_hand"),
        "no = no_right(version, state, benefit, granted, now)",
        "no = no_right(version, state, benefit, granted, now) if not benefit else None",
    ),
    _bug(
        "nobody looks whether a benefit is over",
        (_FOLLOW, "looked_after_by_hand"),
        'if state.state == "erased" or no_right(version, state, one.benefit, mine, now):',
        'if state.state == "erased":',
    ),
    _bug(
        "who reached a tier is told after six hours that it is over",
        ("records/benefits/associates/read.py", "looked_after_by_hand"),
        "then interval '{LATER}' else interval '{SOON}' end",
        "then interval '{LATER}' else interval '{LATER}' end",
    ),
    _bug(
        "people choose, and a rule does so too",
        (_RULE, "looked_after_by_hand"),
        "if one.associate is not None and how in (None, one.associate.chosen)",
        "if one.associate is not None",
    ),
    _bug(
        "a benefit that is no more has its people for ever",
        (_FOLLOW, "looked_after_versions"),
        "look = await read.of_others(tx, sorted(asks), most)",
        "look = await read.of_others(tx, sorted(asks), 0)",
    ),
    _bug(
        "who knows one of two who are one is not asked",
        ("records/benefits/associates/read.py", "looked_after_together"),
        "     where l.program_id = $1::int and l.into_id = any($2::uuid[])\n)\n"
        "select {_COLUMNS}, f.stands_as",
        "     where $1::int = 0 and l.into_id = any($2::uuid[])\n)\nselect {_COLUMNS}, f.stands_as",
    ),
    _bug(
        "somebody is brought down to a tier they had elsewhere",
        (_BRINGS, "looked_after_elsewhere"),
        "    if state.tier is not None and (grant.had_more or not by_nothing):\n",
        "    if state.tier is None and not grant.tier:\n",
    ),
    _bug(
        "a tier that is over by now is theirs until the night",
        (_BRINGS, "looked_after_elsewhere"),
        "    tiering.review(changes, state, version, now)\n    return None",
        "    return None",
    ),
    _bug(
        "the rule counts from when a tier was reached elsewhere",
        (_BRINGS, "looked_after_elsewhere"),
        "until = tiering.until_of(version, state, local(version.zone, now).day)",
        "until = tiering.until_of(version, state, local(version.zone, grant.since).day)",
    ),
    _bug(
        "a tier may end before it begins",
        ("flows/importing/bring_tiers.py", "looked_after_elsewhere"),
        "command.until is not None and command.until <= since",
        "command.until is not None and command.until < since",
    ),
    _bug(
        "what they used elsewhere counts as often as it is told",
        (_COUNTS, "looked_after_elsewhere"),
        "if before is not None or command.value == 0:",
        "if command.value == 0:",
    ),
    _bug(
        "what they used elsewhere takes the place of what they used here",
        (_COUNTS, "looked_after_elsewhere"),
        "state.counters.get(key, 0) + command.value)",
        "command.value)",
    ),
    _bug(
        "another number of what they used elsewhere comes in silence",
        (_COUNTS, "looked_after_elsewhere"),
        "if before is not None and before != command.value:",
        "if before is not None and before > command.value:",
    ),
    _bug(
        "of who is blocked the hours stay taken",
        ("flows/membership/block_members.py", "by_hand_shut_out_kept"),
        "                *booked,\n",
        "",
    ),
    _bug(
        "what was granted for an hour that is free again is used up",
        ("flows/membership/benefits/cancelling.py", "by_hand_shut_out_kept"),
        "        undo(changes, states[whose], used, (terms.numbered(used.version), 0, why))\n",
        "        assert why\n",
    ),
    _bug(
        "what began is taken back from who is blocked",
        ("records/benefits/read.py", "by_hand_shut_out_kept"),
        "where u.state = 'used' and u.from_at > $3\n order by u.from_at, u.use_id",
        "where u.state = 'used' and u.from_at >= $3\n order by u.from_at, u.use_id",
    ),
    _bug(
        "of who is forgotten the hours stay taken",
        ("flows/membership/erase_members.py", "by_hand_gone_kept"),
        "    await cancel_for_good(tx, terms, todo)\n",
        "",
    ),
)


def _played(game: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.beside.looked_after.chosen import play_chosen
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"house-{os.getpid()}"

        play_chosen(game, lambda source, now: Own(shop, source, now))

    return check


LOOKED_AFTER: Final = {
    name: by_hand(game.removeprefix("by_hand_"))
    if (game := name.removeprefix("model_")).startswith("by_hand_")
    else _played(game.removeprefix("looked_after_"))
    for name in dict.fromkeys(bug.check.removeprefix("checks.") for bug in LOOKING_AFTER)
}
"""The checks of these bugs, by name."""
