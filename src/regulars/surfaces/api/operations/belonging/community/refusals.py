"""What is not let happen with clubs and gatherings."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.refusals import Entry

RECORDING: Final = ("proof_needed", "subject_needed", "told_before")
"""What a program may ask of any kind of activity, and so of these."""
COMMUNITY_REFUSALS: Final[dict[str, Entry]] = {
    "club_closed": Entry(
        409, "The club is closed", "Nobody joins it any more.", "Keep it with the state `open`."
    ),
    "club_by_invitation": Entry(
        409,
        "By invitation",
        "Into this club comes whoever the shop asked.",
        "POST /v1/clubs/{club}/invitations first.",
    ),
    "club_by_tier": Entry(
        409,
        "For other tiers",
        "Into this club comes whoever stands on one of its tiers.",
        "The facts name them.",
    ),
    "club_only": Entry(
        409,
        "For its club",
        "The gathering, lesson or team is for whoever is in its club.",
        "Let the member join the club first.",
    ),
    "gathering_not_open": Entry(
        409,
        "Not open yet",
        "Seats are asked for from an instant on, by some tiers earlier.",
        "Ask again from `opens_at` on.",
    ),
    "gathering_begun": Entry(
        409,
        "It has begun",
        "Once a gathering has begun, seats and its plan stay as they are.",
        "Say how it was in its `recap`, and who came.",
    ),
    "gathering_cancelled": Entry(
        409, "Called off", "The gathering does not take place.", "Plan another one."
    ),
    "gathering_not_now": Entry(
        409,
        "On another day",
        "Somebody is said to be here from a day before it begins to a day after it ends.",
        "Look at `begins_at`.",
    ),
    "no_seat": Entry(
        409,
        "No seat",
        "The member has no seat, and none is free.",
        "Make more of them: `capacity` of the gathering.",
    ),
    "with_a_seat": Entry(
        409,
        "Goes with a seat",
        "The reward is a seat at an event and is taken with it, and an event takes no other.",
        "POST /v1/gatherings/{gathering}/seats.",
    ),
    "keeps_its_seat": Entry(
        409,
        "Belongs to a seat",
        "These points are reserved for a seat at an event, and go with it.",
        "POST /v1/gatherings/{gathering}/departures gives the seat up, and the points with it.",
    ),
    "lesson_closed": Entry(
        409, "The lesson is closed", "Nobody answers it any more.", "Keep it with the state `open`."
    ),
    "came_only": Entry(
        409,
        "For who came",
        "The lesson is held: its quiz is for whoever came to an event at which it is taught.",
        "Say that they came (POST /v1/gatherings/{gathering}/arrivals), or keep it without `held`.",
    ),
    "lesson_again_later": Entry(
        409,
        "Not again yet",
        "After a try that failed the next one comes ten minutes later.",
        "Try again from `again_at` on.",
    ),
    "reviewed_already": Entry(
        409,
        "Reviewed already",
        "A member has one review of one thing at a time.",
        "Let them take the first one back.",
    ),
    "post_waits": Entry(
        409,
        "So much waits already",
        "Of one member only so much waits to be read.",
        "Decide about some of it first.",
    ),
    "post_over": Entry(
        409, "Taken back", "What was taken back stays so.", "Nothing is to be done."
    ),
    "own_post": Entry(
        409, "Their own", "Nobody reports what is theirs.", "Let them take it back instead."
    ),
    "came_already": Entry(
        409, "Here already", "Who came has used the seat.", "Nothing is to be done."
    ),
}
