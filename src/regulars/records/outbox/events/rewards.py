"""Events about what members get: rewards, codes, benefits, choices, pay-outs, paid plans."""

from __future__ import annotations

from typing import Final

from regulars.records.outbox.events.fields import (
    REDEMPTION,
    REWARD,
    STORE,
    EventType,
    id_of_a,
    instant,
    or_null,
    perhaps,
    plain_id,
    text,
    units,
    whole,
)

_TAKEN: Final = {"redemption_id": REDEMPTION, "reward": REWARD}
_BENEFIT: Final = text("The benefit's short name in the program file.", "free-delivery")
_USE: Final = {
    "use_id": id_of_a("use", "The use."),
    "benefit": _BENEFIT,
    "store": STORE,
    "guests": perhaps(whole("How many came along.", 1)),
    "from_at": perhaps(instant("Of an appointment: when it begins.", "2026-07-09T08:00:00Z")),
}
_ASSOCIATE: Final = {
    "associate_id": plain_id("This stretch of time."),
    "benefit": text("The benefit it comes with.", "personal-shopper"),
    "staff_id": id_of_a("staff", "Who of the shop it is."),
}
_TURN: Final = {
    "membership_id": id_of_a("mbs", "The membership."),
    "turn_id": plain_id("What happened to it."),
    "plan": text("The paid plan's short name in the program file.", "club"),
    "state": text(
        "How it stands now: trial, active, past_due, paused, cancelled or ended.", "active"
    ),
    "until_at": or_null(instant("Until when it is paid.", "2027-03-02T11:00:00Z")),
}
_TURNS: Final = {
    "started": "A membership of a paid plan began.",
    "paid": "A fee was paid.",
    "failed": "A fee could not be collected.",
    "refunded": "A fee was given back.",
    "restored": "A fee that was given back did not arrive: it counts as paid again.",
    "cancelled": "A membership ends with the term that is paid.",
    "paused": "A membership rests.",
    "resumed": "A membership goes on after it rested.",
    "changed": "A member goes over to another plan or term.",
    "told": "A member was told of a higher fee to come, or that it does not come.",
    "past_due": "A term is over and the next one is not paid.",
    "ended": "A membership is over.",
}

REWARD_EVENTS: Final = (
    EventType(
        "reward.held",
        "A reward is reserved, and its points are set aside.",
        _TAKEN | {"price": units("What it costs, by wallet.", {"points": 100}), "store": STORE},
    ),
    EventType("reward.captured", "A reward was handed over.", _TAKEN),
    EventType("reward.voided", "A reservation was taken back, its points are free.", _TAKEN),
    EventType("reward.lapsed", "A reservation ended by itself, its points are free.", _TAKEN),
    EventType(
        "code.used",
        "A code of a reward was used.",
        {"code_id": id_of_a("cod", "The code."), "reward": REWARD, "store": STORE},
    ),
    EventType("benefit.used", "A member used a benefit.", _USE),
    EventType("benefit.undone", "The use of a benefit was taken back.", _USE),
    EventType("benefit.missed", "Nobody came to an appointment, and it counts.", _USE),
    EventType(
        "associate.assigned",
        "Somebody of the shop looks after a member from now on.",
        _ASSOCIATE | {"how": text("By the fair rule or by hand: fewest or by_hand.", "fewest")},
    ),
    EventType(
        "associate.ended",
        "Somebody of the shop looks after a member no more.",
        _ASSOCIATE
        | {
            "why": text("over, changed or by_hand.", "over"),
            "ended_at": perhaps(instant("The end, where it is to come.", "2026-10-09T08:00:00Z")),
        },
    ),
    EventType(
        "benefit.granted",
        "A member may use a benefit some times, whatever their tier.",
        {
            "grant_id": id_of_a("grt", "The grant."),
            "benefit": _BENEFIT,
            "times": or_null(whole("How often; null is without limit.", 2)),
        },
    ),
    EventType(
        "choice.made",
        "A member chose what they get.",
        {
            "choice_id": id_of_a("cho", "The choice."),
            "word": text("What there was to choose, as the program file names it.", "birthday"),
            "chosen": text("What was chosen.", "cake"),
        },
    ),
    EventType(
        "payout.returned",
        "A bank sent a pay-out back.",
        {
            "redemption_id": REDEMPTION,
            "return_id": plain_id("The return."),
            "code": text("The bank's reason.", "AC04"),
        },
    ),
    *(EventType(f"membership.{what}", says, _TURN) for what, says in _TURNS.items()),
)
