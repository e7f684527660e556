"""What the console calls roles, states and entries; each is translated where it is shown."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

N: Final = str
"""Marks a sentence for the translators without saying it yet."""

ROLES: Final = MappingProxyType(
    {
        "owner": N("Owner"),
        "manager": N("Manager"),
        "marketer": N("Marketing"),
        "finance": N("Finance"),
        "support": N("Support"),
        "cashier": N("Cashier"),
        "auditor": N("Auditor"),
    }
)
STATES: Final = MappingProxyType(
    {
        "active": N("Active"),
        "unregistered": N("Card without a person"),
        "waiting": N("Waiting to be let in"),
        "blocked": N("Blocked"),
        "merged": N("Merged into another"),
        "erased": N("Erased"),
    }
)
ENTRIES: Final = MappingProxyType(
    {
        "earn": (N("Earned"), "plus"),
        "return": (N("Taken back for a return"), "undo-2"),
        "hold": (N("Reserved for a reward"), "clock"),
        "capture": (N("Redeemed"), "gift"),
        "void": (N("Reservation undone"), "undo-2"),
        "lapse": (N("Reservation ran out"), "clock"),
        "expire": (N("Expired"), "calendar"),
        "adjust": (N("Adjusted by hand"), "pencil"),
        "activate": (N("Pending points can be used"), "check"),
        "cancel": (N("Pending points came to nothing"), "x"),
        "open": (N("Brought along"), "download"),
        "transfer": (N("Passed on"), "arrow-right"),
        "pool": (N("Put into the household's pool"), "users"),
        "merge": (N("Came with a merged account"), "users"),
        "unmerge": (N("Went with an account that was parted"), "users"),
        "extend": (N("Lives longer"), "calendar"),
        "postpone": (N("Expires later, notice was late"), "calendar"),
        "reinstate": (N("Lives again"), "rotate-ccw"),
        "write_off": (N("Debt forgiven"), "check"),
        "restate": (N("Decided anew"), "refresh-cw"),
        "refund": (N("Given back"), "undo-2"),
        "repay": (N("Debt paid"), "check"),
        "milestone": (N("Milestone reached"), "trophy"),
    }
)
KINDS: Final = MappingProxyType(
    {
        "phone": N("Phone"),
        "email": N("E-mail"),
        "card": N("Card"),
        "external": N("Id elsewhere"),
        "number": N("Member number"),
    }
)

SECRETS: Final = (
    N("Take at least 12 characters; four words are easy to keep in mind"),
    N("Take at most 200 characters"),
    N("Take one with more than a few different characters"),
    N("Leave your name and your address out of it"),
    N("A PIN has four to eight digits"),
    N("Take one that is not one digit again and again, nor a row such as 1234"),
)
"""What is said of a password or PIN that will not do; a test compares it with what says it."""

MEANS: Final = MappingProxyType(
    {
        "idle_minutes": N("Signed out after so many minutes without doing anything"),
        "session_hours": N("Signed out after so many hours, however busy"),
        "closed_kept_days": N("Days until the name of somebody who left is taken out"),
        "adjust_limit": N("Most points given or taken by hand at once"),
        "goodwill_budget": N("Most points given by hand in a month"),
        "goodwill_worth": N("Most money's worth of points given by hand in a month"),
        "velocity_times": N("Alert when a member earns so often in a row in one store"),
        "velocity_minutes": N("… within so many minutes"),
        "share_percent": N("Alert when so many of a hundred sales go to cards nobody registered"),
        "share_least": N("… once a cashier had so many sales in a day"),
        "by_hand_percent": N(
            "Alert when a cashier types in so many of a hundred sales without a receipt"
        ),
        "by_hand_least": N("… once they had so many sales in a day"),
        "joins_times": N("Alert when so many join in one place"),
        "till_minutes": N("A till asks for a PIN again after so many minutes without a touch"),
        "joins_minutes": N("… all within so many minutes"),
        "redeem_limit": N(
            "A reward above so many points needs a manager's PIN at the till (empty: none does)"
        ),
        "letter_cost": N("What a letter by e-mail costs, in hundredths of the smallest coin"),
        "sms_cost": N("What a text message costs, in hundredths of the smallest coin"),
        "outreach_weekly": N("Members who slip away to whom somebody can write in a week"),
        "unusual_weekly": N(
            "Members who did something unusual into whom somebody can look in a week"
        ),
        "values_last_days": N("Days what was reckoned of a member counts for rules"),
        "margin_percent": N(
            "Of a hundred of revenue so much stays as margin (0: members are worth revenue)"
        ),
        "interest_percent": N(
            "Interest in a year in percent, by which what members bring later counts less"
        ),
        "inactive_months": N("Months without a sign of life until a member is told (0: never)"),
        "inactive_notice_days": N("Days from then until they are erased"),
        "inactive_points_too": N("Members who still have points"),
        "messages_kept_days": N("Days it is known what was sent to a member"),
        "requests_kept_days": N("Days what was asked by API can be looked up, at most"),
        "survey_days": N("Days in which a member is asked by one survey at most (0: any number)"),
        "campaign_most": N("Messages of campaigns a member gets at most (0: any number)"),
        "campaign_days": N("… within so many days"),
        "quiet_from": N("The hour of theirs from which no campaign writes to a member"),
        "quiet_until": N("… until this hour"),
        "campaign_alone": N("Members to whom one person alone may send a campaign, at most"),
        "bounces_most": N(
            "Wrong addresses of ten thousand sent until a campaign or journey pauses (0: never)"
        ),
        "complaints_most": N(
            "Complaints of ten thousand sent until a campaign or journey pauses (0: never)"
        ),
        "returned_least": N("… judged once it was sent to so many"),
        "soft_bounces": N("Letters that fail for now until an address is left alone (0: never)"),
        "soft_bounce_days": N("… all within so many of the last days"),
        "late_credit_days": N("Days in which a purchase can be credited afterwards"),
    }
)
"""Every setting; a test compares them with what there is to set."""
KINDS_SENT: Final = MappingProxyType(
    {
        "code": N("A code to sign in"),
        "confirmation": N("A question about a consent"),
        "spending": N("A code to spend with"),
        "earned": N("Points that came"),
        "redeemed": N("A reward that was taken"),
        "notice": N("Something that ends soon"),
        "line": N("A word of whoever looks after them"),
    }
)
WAYS: Final = MappingProxyType(
    {
        "off": N("Not sent"),
        "email": N("By e-mail"),
        "sms": N("By text message"),
        "push": N("As a notice on their devices"),
        "any": N("By whatever there is: e-mail first"),
    }
)

CHANNELS: Final = MappingProxyType({"email": N("e-mail"), "sms": N("text message")})
