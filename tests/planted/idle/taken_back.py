"""Bugs about taking back what is no purchase; a story is the check that must notice each."""

from __future__ import annotations

from tests.planted.bug import Bug

_STORY = "story a-visit-that-never-was"
TAKEN_BACK = (
    Bug(
        "only a purchase comes back",
        "flows/recording/sales.py",
        "return activity.sale_id is None",
        'return activity.kind == "purchase"',
        _STORY,
    ),
    Bug(
        "what is named is always a purchase",
        "flows/recording/sales.py",
        "return natural_key(named.source, named.external_id, named.kind)",
        'return natural_key(named.source, named.external_id, "purchase")',
        _STORY,
    ),
    Bug(
        "a visit that was taken back keeps its points",
        "engine/compiling/emit_rules.py",
        "if isinstance(rule.award, Fixed | ByTable):",
        "if False:",
        _STORY,
    ),
    Bug(
        "a visit that was taken back counts for the milestone",
        "engine/compiling/stones.py",
        "return int(not facts.lines or any(line.quantity for line in facts.lines))",
        "return 1",
        _STORY,
    ),
    Bug(
        "a visit that was taken back counts for the challenge",
        "engine/rewarding/gaming/deeds.py",
        "return None if all(done.sale.steps.returned or (0,)) else Worth(1)",
        "return Worth(1)",
        _STORY,
    ),
    Bug(
        "nobody reads what came back of visits",
        "flows/batch/played.py",
        "bought | back}, friends=back)",
        "bought}, friends=back)",
        _STORY,
    ),
    Bug(
        "a return waits for purchases alone",
        "flows/recording/decide_one.py",
        'if item.command.kind == "return":\n        return None\n    return item.receipt',
        'if item.command.kind != "purchase":\n        return None\n    return item.receipt',
        _STORY,
    ),
    Bug(
        "a review that was taken back cannot be written anew",
        "records/activity/read.py",
        "where r.program_id = $1 and r.sale_id = a.activity_id)\n   and not exists (select from lot l",
        "where r.program_id = $1 and r.sale_id = a.sale_id)\n   and not exists (select from lot l",
        _STORY,
    ),
    Bug(
        "a return can be taken back",
        "flows/recording/decide_one.py",
        '_STAYS: Final = ("return", FRIEND_STAYED)',
        "_STAYS: Final = ()",
        _STORY,
    ),
)
