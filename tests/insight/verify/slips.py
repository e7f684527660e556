"""Decisions made wrongly: kept trails are packed, so these faults are planted through Python."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from regulars.records.trail.types import Steps, pack, unpack


class Slip(NamedTuple):
    """One wrong decision and who must notice it; everybody else must stay calm."""

    make: Callable[[Any], Awaitable[None]]
    noticed_by: frozenset[str]


def slip(receipt: str, change: Callable[[Steps], Steps], *noticed_by: str) -> Slip:
    """The trail of this receipt of the first program says something else."""

    async def make(connection: Any) -> None:
        row = await connection.fetchrow(
            "select t.activity_id, t.packed from trail t join activity using (activity_id) "
            "where external_id = $1 and t.program_id = 1",
            receipt,
        )
        changed = pack(change(unpack(row["packed"])))
        sql = "update trail set packed = $2 where activity_id = $1"
        await connection.execute(sql, row["activity_id"], changed)

    return Slip(make, frozenset(noticed_by))


def _given(steps: Steps, place: int, points: int) -> Steps:
    given = list(steps.given)
    given[place] = points
    return replace(steps, given=tuple(given))


SLIPS = {
    "a rule gave one more": slip(
        "a3", lambda steps: _given(steps, 0, steps.given[0] + 1), "points_explained"
    ),
    "a rule gave more than was left of its limit": slip(
        "b4", lambda steps: replace(_given(steps, 1, 25), room=(24, 30, 2)),
        "caps_hold", "counters_follow", "points_explained",
    ),
    "an activity gave more than there is at once": slip(
        "a3", lambda steps: _given(steps, 0, 100_001), "caps_hold", "points_explained"
    ),
    "a limit was passed in its period": slip(
        "b4", lambda steps: replace(_given(steps, 1, 31), room=(31, 31, 2)),
        "caps_hold", "counters_follow", "points_explained",
    ),
    "a rule gave again while it rested": slip(
        "nap2", lambda steps: replace(steps, minute=steps.minute - 90),
        "caps_hold", "counters_follow",
    ),
    "more had lapsed than ever did": slip(
        "rc1",
        lambda steps: replace(steps, lapsed={"points": steps.lapsed["points"] + 1}),
        "points_explained",
    ),
    "credit for a tier was counted twice": slip(
        "a3", lambda steps: replace(steps, credit=steps.credit * 2), "counters_follow"
    ),
    "credit of a second measure came from nowhere": slip(
        "a3", lambda steps: replace(steps, other_credit=1), "counters_follow"
    ),
    "credit of a further ladder came from nowhere": slip(
        "a3", lambda steps: replace(steps, further={"club": (0, 1, 0, 1)}), "counters_follow"
    ),
    "points of a returned purchase were kept": slip(
        "rb1", lambda steps: _given(steps, 0, 9), "returned_pieces"
    ),
    "fractions of a returned purchase were kept": slip(
        "rb1", lambda steps: replace(steps, stands={"drops": 7}), "returned_pieces"
    ),
    "more came back than was bought": slip(
        "rb1", lambda steps: replace(steps, returned=(6,)), "returned_pieces"
    ),
    "other pieces came back than were named": slip(
        "ra1", lambda steps: replace(steps, returned=(2, 2)), "returned_pieces"
    ),
    "a sale to nobody was taken back twice": slip(
        "rn1", lambda steps: replace(steps, returned=(3,)), "returned_pieces"
    ),
    "a version that was never published": slip(
        "a3", lambda steps: replace(steps, version=7), "points_explained", "counters_follow",
        "budgets_follow",
    ),
}  # fmt: skip
