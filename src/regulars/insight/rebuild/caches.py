"""Each cache: where it is kept, how to find where it differs, and what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from regulars.insight.verify.catalogue import checks

FOLDER: Final = Path(__file__).parent
MEMBER: Final = ("program_id", "member_id")


class Cache(Struct, frozen=True, kw_only=True):
    """One cache. `sql` returns a row per difference: the key, what is kept, what should be."""

    name: str
    says: str
    table: str
    key: tuple[str, ...]
    due: Mapping[str, str]
    """Per column of the table: what it should be, as SQL over the rows of `sql`."""
    sql: str
    only: str = "true"
    """Which rows of `sql` are differences of this cache."""
    adds: Mapping[str, str] | None = None
    """What else a missing row needs, as SQL; None where a row is never missing."""

    @property
    def of_members(self) -> bool:
        """Whether its rows belong to members, whose standing is their lock."""
        return "member_id" in (*self.key, *self.due)

    def differences(self) -> str:
        """The differences: key, columns as they are kept, and `<column>_should`."""
        should = ", ".join(f"({sql}) as {column}_should" for column, sql in self.due.items())
        # Our own words and files only, never anything a person typed.
        return f"select *, {should} from ({self.sql}) as found where {self.only}"  # noqa: S608


def _check(name: str) -> str:
    return next(check.sql for check in checks() if check.name == name)


def _own(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text("utf-8")


_FOUND: Final = _check("numbers_find")
_NUMBERS: Final = f"select *, 'number' as kind, number as value from ({_FOUND}) as n"  # noqa: S608

CACHES: Final = (
    Cache(
        name="standings",
        says="every member has a standing that is not behind its events",
        table="standing",
        key=MEMBER,
        due={"version": "version_due", "tied": "tied_due"},
        sql=_own("standings"),
        adds={},
    ),
    Cache(
        name="balances",
        says="balances are the sums of the postings",
        table="balance",
        key=(*MEMBER, "wallet"),
        due={part: f"{part}_booked" for part in ("available", "pending", "held", "debt")},
        sql=_check("balances_follow"),
        adds={},
    ),
    Cache(
        name="earned",
        says="lifetime figures are what was issued, less what returns took back",
        table="balance",
        key=(*MEMBER, "wallet"),
        due={"earned": "earned_booked"},
        sql=_check("earned_follows"),
        adds={},
    ),
    Cache(
        name="activity",
        says="a member was last active when they last did what a wallet asks for",
        table="balance",
        key=(*MEMBER, "wallet"),
        due={"last_qualifying_at": "active_due"},
        sql=_check("last_active"),
        adds={},
    ),
    Cache(
        name="idle clocks",
        says="whoever has points in a wallet that asks for activity is listed",
        table="idle_clock",
        key=(*MEMBER, "wallet"),
        due={"look_at": "since"},
        sql=_check("listed"),
        adds={},
    ),
    Cache(
        name="lots",
        says="what remains and what is reserved of each lot follows from moves and holds",
        table="lot",
        key=(*MEMBER, "wallet", "lot_id"),
        due={"remaining": "remaining_due", "pinned": "pinned_due"},
        sql=_own("lots"),
    ),
    Cache(
        name="lot states",
        says="a lot is pending until an entry says that it can be spent, or never will be",
        table="lot",
        key=(*MEMBER, "wallet", "lot_id"),
        due={"state": "state_due"},
        sql=_own("lot_states"),
    ),
    Cache(
        name="tiers",
        says="tiers are where the ups and downs end",
        table="standing",
        key=MEMBER,
        due={part: f"{part}_due" for part in ("tier", "tier_since", "tier_until")},
        sql=_own("tiers"),
    ),
    Cache(
        name="tier clocks",
        says="whoever may reach a tier by doing nothing is listed to be looked at by then",
        table="tier_clock",
        key=MEMBER,
        due={"look_at": "moment"},
        sql=_check("climbers_listed"),
        adds={},
    ),
    Cache(
        name="deeds",
        says="what members do is listed for challenges and streaks",
        table="deed",
        key=(*MEMBER, "activity_id"),
        due={"occurred_at": "happened_at", "own_day": "own_day_due"},
        sql=_check("deeds_listed"),
        only="happened_at is not null",
        adds={},
    ),
    Cache(
        name="reward counters",
        says="how often a member took a reward is the number of their redemptions",
        table="counter",
        key=(*MEMBER, "counter", "period"),
        due={"value": "taken"},
        sql=_check("reward_limits"),
        only="taken <> counted",
        adds={},
    ),
    Cache(
        name="benefit counters",
        says="how often a member used a benefit is the number of their uses",
        table="counter",
        key=(*MEMBER, "counter", "period"),
        due={"value": "taken"},
        sql=_check("benefits_counted"),
        only="taken <> counted",
        adds={},
    ),
    Cache(
        name="stock",
        says="on the shelf is what was put there, less what is reserved or handed over",
        table="reward_stock",
        key=("program_id", "reward"),
        due={"remaining": "shelved - gone"},
        sql=_check("stock_counts"),
        only="shelved is not null",
        adds={},
    ),
    Cache(
        name="numbers",
        says="every member, or whom they were merged into, is found by their number",
        table="identifier",
        key=("program_id", "kind", "value"),
        due={"member_id": "stands_as"},
        sql=_NUMBERS,
        adds={"linked_at": "clock_timestamp()"},
    ),
)
"""In the order in which they are mended: the standing is the lock of all that follows."""
