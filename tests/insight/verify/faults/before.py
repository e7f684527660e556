"""Faults about what was used before a program came here."""

from tests.insight.verify.planting import ELSE, NOBODY, at, planted


def of(name: str) -> str:
    """Rows of counters that are named so."""
    return f"""counter in (select code from program_code c where c.kind = 'counter'
                  and c.program_id = used_before.program_id and starts_with(c.name, '{name}'))"""


_MORE, _LESS = (
    ("update used_before set value = value + 1", "used_before"),
    (
        "update used_before set value = value - 1",
        "used_before",
    ),
)
BEFORE = {
    "more of a limit was used before than came": planted(
        at(*_MORE, of("limit:")), "counters_follow"
    ),
    "more of a reward was taken before than came": planted(
        at(*_MORE, of("reward:")), "reward_limits"
    ),
    "more of a benefit was used before than came": planted(
        at(*_MORE, of("benefit:")), "benefits_counted"
    ),
    "less was given away before than came": planted(at(*_LESS, of("transfer:")), "gifts_counted"),
    "more was given for a milestone before than came": planted(
        at(*_MORE, of("milestone-given:")), "budgets_follow", "milestones_booked"
    ),
    "less of a budget was used before than came": planted(
        at(*_LESS, f"member_id = {NOBODY}"), "budgets_follow"
    ),
    "more was gone before than came": planted(
        at("update gone_before set pieces = pieces + 1", "gone_before"), "stock_counts"
    ),
    "used before, by no import": planted(
        at(f"update used_before set import_id = {ELSE}", "used_before"), "imports_known"
    ),
    "a thing that came along, by no import": planted(
        at(f"update came_along set import_id = {ELSE}", "came_along"), "imports_known"
    ),
    "gone before, by no import": planted(
        at(f"update gone_before set import_id = {ELSE}", "gone_before"), "imports_known"
    ),
}
