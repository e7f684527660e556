"""Events about friends and games: referrals, milestones, prizes, draws, teams."""

from __future__ import annotations

from typing import Final

from regulars.records.outbox.events.fields import (
    ACTIVITY,
    BADGE,
    ENTRY,
    REDEMPTION,
    REWARD,
    WALLET,
    EventType,
    id_of_a,
    instant,
    or_null,
    perhaps,
    text,
    units,
    whole,
)

_REFERRAL: Final = {
    "referral_id": id_of_a("ref", "The referral."),
    "newcomer_id": id_of_a("mem", "The member who was brought."),
}
_WHY: Final = text("Why, as one word.", "not_bought")
_TEAM: Final = {
    "team_id": id_of_a("tea", "The team."),
    "challenge": text("The challenge's short name in the program file.", "spring"),
    "members": whole("How many are in it.", 4),
}
_STONE: Final = {
    "milestone": text("The milestone's short name in the program file.", "tenth-visit"),
    "activity_id": ACTIVITY,
    "entry_id": or_null(ENTRY),
    "earned": units("What came, or less than nothing for what went.", {"points": 50}),
}
_PRIZE_POINTS: Final = perhaps(whole("Points it brings, in the smallest unit.", 100))
_PRIZE: Final = {
    "prize_id": id_of_a("prz", "The prize."),
    "challenge": perhaps(text("The challenge, where it is of one.", "spring")),
    "streak": perhaps(text("The streak, where it is of one.", "weekly")),
    "milestone": perhaps(text("The milestone, where it is of one.", "tenth-coffee")),
    "board": perhaps(text("The leaderboard, where it is of one.", "coffees")),
    "reward": perhaps(REWARD),
    "redemption_id": perhaps(or_null(REDEMPTION)),
    "badge": perhaps(BADGE),
    "wallet": perhaps(or_null(WALLET)),
    "points": _PRIZE_POINTS,
}

PLAYING_EVENTS: Final = (
    EventType(
        "referral.named", "A newcomer said who brought them; told of who brought them.", _REFERRAL
    ),
    EventType(
        "referral.qualified",
        "A newcomer bought what is needed; the reward comes at `due_at`.",
        _REFERRAL | {"due_at": instant("When it comes.", "2026-03-16T23:00:00Z")},
    ),
    EventType(
        "referral.rewarded",
        "Both sides got what they were promised.",
        _REFERRAL
        | {
            "points": whole("What who brought them got, in the smallest unit.", 500),
            "newcomer_points": whole("What the newcomer got.", 200),
        },
    ),
    EventType("referral.rejected", "A referral brings nothing.", _REFERRAL | {"reason": _WHY}),
    EventType(
        "referral.retracted",
        "What a referral brought was taken back.",
        _REFERRAL | {"reason": _WHY},
    ),
    EventType("milestone.reached", "A member reached a milestone.", _STONE),
    EventType("milestone.taken_back", "A milestone is not reached any more.", _STONE),
    EventType("prize.given", "A member won a prize of a challenge or a streak.", _PRIZE),
    EventType("prize.taken_back", "A prize was taken back.", _PRIZE),
    EventType(
        "draw.won",
        "A member won in a draw: a reward, or points.",
        {
            "draw": text("The draw's short name in the program file.", "summer"),
            "prize": whole("Which of its prizes.", 1),
            "redemption_id": perhaps(or_null(REDEMPTION)),
            "reward": perhaps(REWARD),
            "entry_id": perhaps(or_null(ENTRY)),
            "wallet": perhaps(or_null(WALLET)),
            "points": _PRIZE_POINTS,
        },
    ),
    EventType(
        "challenge.joined",
        "A member takes part in a challenge.",
        {
            "part_id": id_of_a("prt", "Their part in it."),
            "challenge": text("The challenge's short name in the program file.", "spring"),
        },
    ),
    EventType("team.joined", "A member came into a team.", _TEAM),
    EventType("team.left", "A member left a team.", _TEAM),
)
