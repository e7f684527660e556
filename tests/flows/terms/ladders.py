"""A shop whose ladder changes: its file, and where its members stand."""

from datetime import UTC, datetime, timedelta

from tests.makers import Shop

LADDER = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: WINDOW
  rolling_days: 30
  valid: VALID
  returned_credit: revoke_now
  steps: STEPS
"""
OLD = '[{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]'
HARDER = '[{id: silver, at: "200.00"}, {id: gold, at: "500.00"}]'


def ladder(
    steps: str = OLD, plan: str = "", window: str = "calendar_year", valid: str = "next_window_end"
) -> str:
    text = LADDER.replace("STEPS", steps).replace("WINDOW", window).replace("VALID", valid)
    return text + (f"changeover: {plan}\n" if plan else "")


def named(shop: Shop, text: str) -> str:
    return text.replace("program: ladder", f"program: {shop.terms.slug}")


def tier(shop: Shop, who: str = "ada") -> tuple[str | None, datetime | None]:
    sql = """select tier, tier_until from standing where program_id = $1 and member_id =
             (select member_id from identifier where program_id = $1 and value = $2)"""
    return shop.rows(sql, who)[0]  # type: ignore[return-value]


def berlin(year: int, month: int, day: int) -> datetime:
    """Midnight of a winter's day in Berlin."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)
