"""What a shop may decide about its staff and its counter, with what holds unless it does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from regulars.base.money import LARGEST
from regulars.records.access.staff.permissions import ROLES, Role

NO_LIMIT: Final = LARGEST
Sort = Literal["signing", "till", "alerts", "reaching", "data", "letters"]


class Setting(NamedTuple):
    """One setting: its meaning, what it may be, and what it is unless said; per role or for all."""

    means: str
    least: int
    most: int
    otherwise: int
    roles: Mapping[str, int] = MappingProxyType({})
    """Where it is of each role: what holds for those that differ."""
    per_role: bool = False
    sort: Sort = "alerts"
    """Beside which others it stands."""
    off: bool = False
    """0 may be said, too, though it is below the least: then nothing of it is done. What holds
    unless said may always be said."""

    def fits(self, value: int) -> bool:
        """Whether it may be this."""
        return (
            self.least <= value <= self.most or value == self.otherwise or (self.off and not value)
        )


SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "idle_minutes": Setting(
            "After so many minutes without a request somebody is signed out.", 5, 720, 30,
            sort="signing",
        ),
        "session_hours": Setting(
            "After so many hours somebody is signed out, however busy.", 1, 72, 12, sort="signing",
        ),
        "till_minutes": Setting(
            "After so many minutes without a touch a till asks for a PIN again.", 1, 240, 10,
            sort="till",
        ),
        "closed_kept_days": Setting(
            "So many days after somebody left, their name and address are taken out.", 0, 3650, 90,
            sort="signing",
        ),
        "adjust_limit": Setting(
            "So many points may be given or taken by hand at once, in each wallet.",
            0, NO_LIMIT, 0,
            MappingProxyType({"owner": NO_LIMIT, "manager": 5_000, "support": 500}), per_role=True,
        ),
        "goodwill_budget": Setting(
            "So many points each of them may give by hand in a month, from each wallet.",
            0, NO_LIMIT, 0,
            MappingProxyType({"owner": NO_LIMIT, "manager": 50_000, "support": 5_000}),
            per_role=True,
        ),
        "redeem_limit": Setting(
            "A reward that costs more points than this needs the PIN of a manager at the till.",
            0, NO_LIMIT, NO_LIMIT, sort="till",
        ),
        "late_credit_days": Setting(
            "So many days a purchase can be credited to a member who was not named with it.",
            0, 3_650, 30, sort="till",
        ),
        "goodwill_worth": Setting(
            "So much money's worth of points each of them may give by hand in a month, in whole "
            "units of the program's currency.",
            0, NO_LIMIT, NO_LIMIT, per_role=True,
        ),
        "velocity_times": Setting(
            "So often a member may earn in a row in one store before somebody is told.",
            2, 1_000, 3,
        ),
        "velocity_minutes": Setting("… within so many minutes.", 1, 1_440, 60),
        "share_percent": Setting(
            "So many of a hundred sales of one cashier may go to cards nobody registered.",
            1, 100, 50,
        ),
        "share_least": Setting("… once they had so many sales in a day.", 2, 100_000, 20),
        "by_hand_percent": Setting(
            "So many of a hundred sales one cashier may type in without a receipt, unless their "
            "colleagues do so, too.",
            1, 100, 50,
        ),
        "by_hand_least": Setting("… once they had so many sales in a day.", 2, 100_000, 20),
        "joins_times": Setting(
            "So many may join in one place before somebody is told.", 2, 100_000, 30
        ),
        "joins_minutes": Setting("… within so many minutes.", 1, 1_440, 10),
        "outreach_weekly": Setting(
            "To so many members who slip away somebody can write in a week.", 0, 10_000, 20,
            sort="reaching",
        ),
        "unusual_weekly": Setting(
            "Into so many members who did something unusual somebody can look in a week.",
            0, 10_000, 20, sort="reaching",
        ),
        "values_last_days": Setting(
            "So many days what was reckoned of a member (`value-…`) counts for rules; after that "
            "it counts as not known.",
            1, 365, 30, sort="reaching",
        ),
        "margin_percent": Setting(
            "So many of a hundred of revenue stay as margin; with 0 what members are worth is "
            "said in revenue.",
            0, 100, 0, sort="reaching",
        ),
        "interest_percent": Setting(
            "What money costs in a year, in percent: what members bring later counts less by it.",
            0, 100, 10, sort="reaching",
        ),
        "letter_cost": Setting(
            "What a letter by e-mail costs, in hundredths of the smallest coin.", 0, 1_000_000, 0,
            sort="reaching",
        ),
        "sms_cost": Setting(
            "What a text message costs, in hundredths of the smallest coin.", 0, 1_000_000, 0,
            sort="reaching",
        ),
        "inactive_months": Setting(
            "After so many months without a sign of life a member is told that they will be "
            "erased; with 0 nobody ever is.",
            12, 240, 0, sort="data",
        ),
        "inactive_notice_days": Setting(
            "So many days after they were told they are erased, unless something is heard of them.",
            7, 180, 30, sort="data",
        ),
        "inactive_points_too": Setting(
            "Whether whoever still has points is erased, too: 1, or 0 for not.", 0, 1, 0,
            sort="data",
        ),
        "messages_kept_days": Setting(
            "So many days it is known which messages a member was sent and what became of them.",
            7, 3_650, 90, sort="data",
        ),
        "requests_kept_days": Setting(
            "So many days what was asked by API can be looked up, if the installation keeps it "
            "for so long.",
            1, 365, 365, sort="data",
        ),
        "campaign_most": Setting(
            "So many messages of campaigns a member gets at most; with 0 any number.",
            1, 100, 3, sort="letters", off=True,
        ),
        "campaign_days": Setting("… within so many days.", 1, 365, 7, sort="letters"),
        "quiet_from": Setting(
            "From this hour of theirs on no campaign writes to a member.", 0, 23, 21,
            sort="letters",
        ),
        "quiet_until": Setting(
            "… until this hour; the same as before it for no such hours.", 0, 23, 8, sort="letters",
        ),
        "campaign_alone": Setting(
            "A campaign to more members than this is approved, and a journey that may come to "
            "write to more is published, by somebody else than wrote it.",
            0, NO_LIMIT, 1_000, sort="letters",
        ),
        "bounces_most": Setting(
            "A campaign or journey pauses once more than so many of ten thousand it wrote to have "
            "a wrong address; with 0 it never does.",
            1, 10_000, 500, sort="letters", off=True,
        ),
        "complaints_most": Setting(
            "A campaign or journey pauses once more than so many of ten thousand it wrote to "
            "complain; with 0 it never does.",
            1, 10_000, 30, sort="letters", off=True,
        ),
        "returned_least": Setting(
            "… judged once it was sent to so many.", 1, 1_000_000, 100, sort="letters",
        ),
        "survey_days": Setting(
            "A member is asked by one survey at most within so many days; with 0 as often as "
            "somebody asks.",
            1, 365, 90, sort="letters", off=True,
        ),
        "soft_bounces": Setting(
            "After so many letters that failed for now an address is not written to any more; "
            "with 0 it always is.",
            2, 20, 5, sort="letters", off=True,
        ),
        "soft_bounce_days": Setting("… within so many days.", 1, 365, 30, sort="letters"),
    }
)  # fmt: skip


class Chosen(Struct, frozen=True):
    """What a shop decided, by setting and role."""

    values: Mapping[tuple[str, str], int]

    def of(self, name: str, role: Role | str = "") -> int:
        """What holds: as the shop said, or unless said."""
        setting = SETTINGS[name]
        said = self.values.get((name, role))
        return setting.roles.get(role, setting.otherwise) if said is None else said


def wrong_setting(name: str, about: str, value: int) -> str:
    """What is wrong with a wished setting; nothing when it may be so."""
    setting = SETTINGS.get(name)
    if setting is None:
        return f"Choose from {', '.join(SETTINGS)}"
    if setting.per_role and about not in ROLES:
        return f"Say for which role: {', '.join(ROLES)}"
    if not setting.per_role and about:
        return "This holds for everybody; leave the role out"
    if not setting.fits(value):
        return f"Take a whole number from {setting.least} to {setting.most}"
    return ""
