"""Events about members: who they are, where they stand, with whom."""

from __future__ import annotations

from typing import Final

from regulars.records.outbox.events.fields import (
    MEMBER,
    MESSAGE,
    STATE,
    EventType,
    Field,
    free_text,
    id_of_a,
    instant,
    or_null,
    perhaps,
    plain_id,
    text,
    whole,
)

_UNION: Final = {
    "merge_id": id_of_a("mrg", "The merge."),
    "from": id_of_a("mem", "The member who is the other one from now on."),
    "into": id_of_a("mem", "The member who stays."),
}
_GIVEN: Final = {
    "grant_id": id_of_a("tgr", "The tier given by hand."),
    "tier": text("The tier's short name in the program file.", "gold"),
    "kind": text("How: granted, matched or invited.", "granted"),
}
_FROM: Final = or_null(text("Where they stood; null is nowhere.", "silver"))
_TO: Final = or_null(text("Where they stand; null is nowhere.", "gold"))
_LOST_SOON: Final = {
    "message_id": MESSAGE,
    "tier": text("What they stand on.", "gold"),
    "projected": or_null(text("Where they will stand if nothing more happens.", "silver")),
    "missing": whole("The credit that is missing to keep it.", 7000),
    "lost_at": instant("When it will be lost.", "2026-12-31T23:00:00Z"),
    "or_missing": or_null(whole("The same in the other credit, where there are two ways.", 3)),
}
_LADDER: Final = text("The further ladder's short name in the program file.", "miles")
_REASON: Final = free_text("Why, as the shop said.", "several cards of one person")
_ALERT: Final = id_of_a("alt", "The alert about them.")
_AS_OF: Final = text("The last day that was looked at, in the shop's zone.", "2026-03-01")
_WHY: Final = Field("words", "Why, in words of ours.", ["days_away", "fewer_orders"])
_CHANGED: Final = Field("words", "What is another now, never how it reads.", ["birthday"])

_SEGMENT: Final = {
    "segment": text("The segment's code.", "gone-quiet"),
    "name": text("What it is called.", "Good and gone quiet"),
    "moved_at": instant("When it was seen that they came or went.", "2026-03-03T00:00:02Z"),
    "because": text("What brought it about: told (booked or said of them) or time.", "time"),
}

_REACHED: Final = {
    "journey": text("The journey's code.", "win-back"),
    "step": text("The step's short name.", "call"),
    "note": text("What the step says to whoever hears it; empty where nothing.", "vip-call"),
    "run_id": plain_id("The member's way through it: with the step, told once."),
}

_TOLD: Final = {
    "message_id": MESSAGE,
    "campaign": text("The campaign's code; empty where a journey says it.", "spring"),
    "journey": text("The journey's code; empty where a campaign says it.", ""),
    "step": text("The short name of the journey's step; empty with a campaign.", ""),
    "language": text("In which language it is written.", "en"),
    "about": free_text("What it is about.", "Early access for you"),
    "text": free_text("What is to be said, as it was filled for them.", "Hi Pia, come on Friday."),
    "stop": free_text(
        "Where they end all of the kind, to stand below.", "https://club.example/card/stop?link=…"
    ),
}

PEOPLE_EVENTS: Final = (
    EventType(
        "message.told",
        "A message of a campaign or a journey is for another system to say, once.",
        _TOLD,
    ),
    EventType("journey.reached", "A member came to a step of a journey that tells.", _REACHED),
    EventType(
        "member.joined",
        "Somebody joined, or claimed a card that collected before.",
        {
            "member_id": MEMBER,
            "number": perhaps(text("The loyalty number; gone once erased.", "123456789015")),
            "joined_at": instant("Since when they are a member.", "2026-03-02T12:00:00Z"),
            "source": text("From where they came, empty where nobody said.", "till"),
            "upgraded": Field("flag", "Whether their card collected before.", False),
        },
    ),
    EventType(
        "member.changed",
        "Something kept of a member is another now.",
        {"member_id": MEMBER, "changed": _CHANGED, "state": STATE},
    ),
    EventType(
        "member.linked",
        "A member is found by something else, or no longer by something.",
        {
            "member_id": MEMBER,
            "linked": Field("words", "By what from now on, never which.", ["phone"]),
            "unlinked": Field("words", "By what no longer.", []),
            "state": STATE,
        },
    ),
    EventType(
        "member.blocked",
        "A member may do no more than blocked members.",
        {"member_id": MEMBER, "reason": _REASON},
    ),
    EventType(
        "member.unblocked",
        "A blocked member may do everything again.",
        {"member_id": MEMBER, "reason": _REASON},
    ),
    EventType(
        "member.merged",
        "Two members turned out to be one person; each of the two has an event.",
        _UNION,
    ),
    EventType(
        "member.slipping",
        "A member who used to come is not likely to come again soon; somebody could write to them.",
        {
            "alert_id": _ALERT,
            "member_id": MEMBER,
            "as_of": _AS_OF,
            "reasons": _WHY,
            "chance": whole("Of an order within 90 days, in thousandths.", 310),
            "worth_minor": or_null(
                whole(
                    "Of their next twelve months, revenue in minor units; null where nobody can "
                    "say it of this shop.",
                    8450,
                )
            ),
            "weekly": perhaps(whole("So many members a week are told of at most.", 20)),
            "picked": perhaps(
                whole(
                    "Whom such an alert would have picked on the last 90 days that were kept out "
                    "of what it learned from.",
                    310,
                )
            ),
            "right": perhaps(whole("Of these, who did not order.", 236)),
        },
    ),
    EventType(
        "member.slip_ended",
        "It is known of a slipping member that somebody was told of whether they came back.",
        {
            "alert_id": _ALERT,
            "member_id": MEMBER,
            "as_of": _AS_OF,
            "outcome": text("`came` back within 90 days, or `stayed_away`.", "came"),
            "over_on": text("The day of their order, or the last of the 90 days.", "2026-03-20"),
            "chance": or_null(whole("Of an order, in thousandths, as it was foretold.", 310)),
            "worth_minor": or_null(
                whole(
                    "Of their next twelve months, revenue in minor units; null where nobody can "
                    "say it of this shop.",
                    8450,
                )
            ),
            "handled_at": or_null(
                instant("When somebody said they looked after them.", "2026-03-02T09:00:00Z")
            ),
        },
    ),
    EventType(
        "member.unusual",
        "What a member did on a day is far from all they and others did before.",
        {
            "alert_id": _ALERT,
            "member_id": MEMBER,
            "as_of": _AS_OF,
            "reasons": Field("words", "What is far from usual.", ["spent_much"]),
            "weekly": perhaps(whole("Of so many a week somebody is told: `unusual_weekly`.", 20)),
            "judged": perhaps(whole("Alerts so far of which somebody said what they were.", 30)),
            "right": perhaps(whole("Of these, said to be right.", 21)),
            "tried": perhaps(
                whole(
                    "Whom the rule would have told of on seven nights that ended 90 days ago; "
                    "purchases that came back since are not among them.",
                    14,
                )
            ),
            "lasted": perhaps(
                whole("Of these, who did at least half as much again within 90 days.", 4)
            ),
        },
    ),
    EventType(
        "member.unusual_ended",
        "It is known of an unusual day of a member what became of it.",
        {
            "alert_id": _ALERT,
            "member_id": MEMBER,
            "as_of": _AS_OF,
            "outcome": text(
                "`lasted`: a day of at least half as much came again within 90 days; "
                "`once`: none did; `taken_back`: most of it came back.",
                "once",
            ),
            "over_on": text("Since which day that is known.", "2026-05-30"),
            "verdict": or_null(text("`right` or `false_alarm`, as somebody said of it.", "right")),
            "handled_at": or_null(
                instant("Since when somebody had looked after it.", "2026-03-02T09:00:00Z")
            ),
        },
    ),
    EventType(
        "account.slipping",
        "An account of several people uses the shop less than it used to; somebody could call "
        "them.",
        {
            "alert_id": _ALERT,
            "account_id": id_of_a("hou", "The account."),
            "member_id": id_of_a("mem", "Who leads it."),
            "as_of": _AS_OF,
            "reasons": Field("words", "Why, in words of ours.", ["days_away", "more_tickets"]),
            "worth_minor": whole("What it paid in a year, in minor units.", 48450),
            "weekly": perhaps(whole("So many accounts a week are told of.", 20)),
            "picked": perhaps(
                whole("Accounts the signal would have named at four days of the past.", 31)
            ),
            "right": perhaps(whole("Of these, who did not order within 90 days.", 18)),
        },
    ),
    EventType(
        "account.slip_ended",
        "It is known of an account that somebody was told of whether anybody of it ordered again.",
        {
            "alert_id": _ALERT,
            "account_id": id_of_a("hou", "The account."),
            "member_id": id_of_a("mem", "Who leads it."),
            "as_of": _AS_OF,
            "outcome": text("`came` back within 90 days, or `stayed_away`.", "came"),
            "over_on": text("The day of the order, or the last of the 90 days.", "2026-03-20"),
            "verdict": or_null(text("`right` or `false_alarm`, as somebody said of it.", "right")),
            "handled_at": or_null(
                instant("Since when somebody had looked after it.", "2026-03-02T09:00:00Z")
            ),
        },
    ),
    EventType("member.unmerged", "A merge was undone; each of the two has an event.", _UNION),
    EventType(
        "member.erasure_noticed",
        "Nothing was heard of a member for long: they are told that they will be erased then, "
        "unless they come by before.",
        {
            "member_id": MEMBER,
            "erased_at": instant("From when on.", "2026-04-02T22:00:00Z"),
        },
    ),
    EventType(
        "member.erased",
        "Everything personal of a member is gone here; erase what you keep of them, too.",
        {
            "member_id": MEMBER,
            "erased_at": instant("Since when.", "2026-03-02T12:00:00Z"),
        },
    ),
    EventType(
        "consent.changed",
        "A member allows a channel from now on, or forbids it.",
        {
            "member_id": MEMBER,
            "channel": text("Which: email, sms, or another name of the shop's.", "email"),
            "state": text("given or withdrawn.", "withdrawn"),
            "changed_at": instant("Since when.", "2026-03-02T12:00:00Z"),
        },
    ),
    EventType(
        "tier.changed",
        "A member stands on another tier.",
        {
            "from": _FROM,
            "to": _TO,
            "reason": text("Why: reached, lost, returned, and so on.", "reached"),
        },
    ),
    EventType(
        "tier.lost_soon", "A notice lies in the member's inbox: they lose their tier.", _LOST_SOON
    ),
    EventType("tier.given", "Somebody of the shop gave a tier by hand.", _GIVEN),
    EventType("tier.given_ended", "A tier given by hand is over.", _GIVEN),
    EventType("tier.invited", "A member is invited to a tier and may accept.", _GIVEN),
    EventType(
        "ladder.changed",
        "A member stands elsewhere on a further ladder.",
        {"ladder": _LADDER, "from": _FROM, "to": _TO},
    ),
    EventType(
        "ladder.lost_soon",
        "A notice lies in the member's inbox: they lose a step of a further ladder.",
        {"ladder": _LADDER, **_LOST_SOON},
    ),
    EventType("segment.entered", "A member came into a segment that tells.", _SEGMENT),
    EventType("segment.left", "A member went out of a segment that tells.", _SEGMENT),
    EventType(
        "household.changed",
        "A member came into a household, left it, or has another role there.",
        {
            "household_id": id_of_a("hou", "The household."),
            "role": or_null(text("Their role; null once they left.", "adult")),
            "members": whole("How many belong to it.", 3),
        },
    ),
)
