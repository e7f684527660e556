"""Files become members, balances, tiers and history: counted twice and told to nobody."""

from pathlib import Path
from typing import Any

from tests.runtime.importing.moving_in import ACTIVITIES, ADA, BOB, LOTS, MEMBERS, House

IDENTIFIERS = ("member_id,kind,value", f"{ADA},phone,+12125550123", f"{BOB},card,C-77")
TIERS = ("member_id,tier,since,until", f"{ADA},gold,2026-01-01T00:00:00Z,2099-01-01T00:00:00Z")
FULL_LOTS = (
    LOTS,
    f"{ADA},points,l1,100,60,2026-01-01T00:00:00Z,2099-01-01T00:00:00Z,welcome",
    f"{ADA},points,l2,100,50,2020-01-01T00:00:00Z,2022-01-01T00:00:00Z,long gone",
    f"{BOB},points,l3,5,5,2026-01-01T00:00:00Z,,",
)
HISTORY = (
    ACTIVITIES,
    f"{ADA},purchase,till,r1,,2026-02-01T10:00:00Z,1250,USD",
    f"{BOB},purchase,till,r2,,2015-02-01T10:00:00Z,900000,USD",
    ",purchase,till,r3,,2026-02-02T10:00:00Z,500,USD",
)


def everything(house: House) -> list[str]:
    return [
        house.write("members.csv", *MEMBERS),
        house.write("identifiers.csv", *IDENTIFIERS),
        house.write("tiers.csv", *TIERS),
        house.write("lots.csv", *FULL_LOTS),
        house.write("activities.csv", *HISTORY),
    ]


def test_what_the_files_say_is_what_the_books_say(house: House) -> None:
    outcome = house.bring(*everything(house))
    assert outcome.right
    assert (outcome.taken, outcome.known, outcome.left_out) == (11, 0, 0)
    assert outcome.before["members"] == "2"
    assert outcome.before["points.points"] == "115"
    assert outcome.before["expiring.points.2021-12"] == "50"
    assert outcome.before["amount"] == "9017.50"
    assert outcome.arrived["points"] == {"points": 115}
    assert outcome.arrived["tiers"] == {"gold": 1}
    assert outcome.arrived["activities"] == {"purchase": 3}
    assert house.wrong_books() == {}


def test_nobody_is_told_anything(house: House) -> None:
    house.bring(*everything(house))
    assert house.counts()["outbox"] == 0


def test_ids_of_ours_are_kept(house: House) -> None:
    house.bring(*everything(house))
    kept = house.rows("select 'mem_' || replace(member_id::text, '-', '') from member order by 1")
    assert kept == [(ADA,), (BOB,)]


def test_points_that_were_over_lapse_on_arrival_and_not_in_the_night(house: House) -> None:
    house.bring(*everything(house))
    assert house.rows("select kind, actor like 'import:%' from entry where kind = 'expire'") == [
        ("expire", True),
        ("expire", True),  # Bob's of 2015, which his purchase earned
    ]
    overdue = house.rows("select count(*) from lot where remaining > 0 and expires_at < now()")
    assert overdue == [(0,)]


def test_a_tier_of_years_ago_is_not_standing_today(house: House) -> None:
    house.bring(*everything(house))
    moves = house.rows(
        """select to_tier, reason from tier_move join member using (program_id, member_id)
            where given_name = 'Bob' order by occurred_at, reason desc"""
    )
    assert moves[0][1] == "reached"
    assert moves[-1][0] != moves[0][0]
    assert house.rows("select tier from standing order by member_id")[0] == ("gold",)


def test_a_dry_run_leaves_nothing(house: House) -> None:
    files, before = everything(house), house.counts()
    outcome = house.bring(*files, dry=True)
    assert outcome.before["points.points"] == "115"
    assert house.counts() == before


def test_the_same_files_again_change_nothing(house: House) -> None:
    files = everything(house)
    house.bring(*files)
    before = house.counts()
    again = house.bring(*files)
    assert again.was_done
    assert house.counts() == before


def test_one_more_line_brings_only_that_line(house: House) -> None:
    house.bring(*everything(house))
    before = house.counts()
    more = (*HISTORY, f"{ADA},purchase,till,r4,,2026-02-03T10:00:00Z,100,USD")
    outcome = house.bring(house.write("activities.csv", *more))
    assert (outcome.taken, outcome.known) == (1, 3)
    assert house.counts()["activity"] == before["activity"] + 1
    assert house.wrong_books() == {}


def test_what_waited_is_removed_when_it_is_done(house: House) -> None:
    house.bring(*everything(house))
    assert house.counts()["import_row"] == 0


def test_other_sums_than_stated_refuse_everything(house: House) -> None:
    files, before = everything(house), house.counts()
    outcome = house.bring(*files, expected={"members": "3", "points.points": "115"})
    assert outcome.refusals == ["members should be 3, the files come to 2"]
    assert house.counts() == before


def test_balances_and_earning_together_are_points_twice(house: House) -> None:
    files, before = everything(house), house.counts()
    (refusal,) = house.bring(*files, activities_earn=False).refusals
    assert refusal.startswith("balances are brought over, and the activities would earn")
    assert house.counts() == before


def test_a_return_finds_its_sale_in_the_same_file_in_any_order(house: House) -> None:
    house.bring(house.write("members.csv", *MEMBERS))
    lines = (
        "activity_id,member_id,kind,sale_id,occurred_at,amount_minor,currency",
        f"{_act(2)},{ADA},return,{_act(1)},2026-02-03T10:00:00Z,,USD",
        f"{_act(1)},{ADA},purchase,,2026-02-01T10:00:00Z,1250,USD",
        f"{_act(4)},,return,{_act(3)},2026-02-03T10:00:00Z,,USD",
        f"{_act(3)},,purchase,,2026-02-01T10:00:00Z,700,USD",
    )
    outcome = house.bring(house.write("activities.csv", *lines))
    assert (outcome.taken, outcome.left_out) == (4, 0)
    assert house.points()["Ada"] == 0
    assert house.wrong_books() == {}


def _act(n: int) -> str:
    return f"act_0190000000007000800000000000001{n}"


def test_parquet_and_json_lines_say_the_same_as_csv(house: House) -> None:
    import polars as pl

    house.bring(house.write("members.csv", *MEMBERS))
    lots = pl.read_csv(house.write("lots.csv", *FULL_LOTS), try_parse_dates=True)
    lots.head(2).write_parquet(house.folder / "lots.parquet")
    lots.tail(1).write_ndjson(house.folder / "lots.jsonl")
    house.bring(str(house.folder / "lots.parquet"))
    house.bring(str(house.folder / "lots.jsonl"))
    assert house.points() == {"Ada": 60, "Bob": 5}


def test_a_telephone_of_somebody_else_is_listed_and_the_others_are_taken(house: House) -> None:
    house.bring(house.write("members.csv", *MEMBERS), house.write("identifiers.csv", *IDENTIFIERS))
    lines = ("member_id,kind,value", f"{BOB},phone,+12125550123", f"{BOB},email,bob@example.com")
    before = house.counts()
    assert house.bring(house.write("identifiers.csv", *lines)).wrong == 1
    assert house.slips() == [
        "identifiers.csv,2,phone,a member who is here already has this phone: +12125550123,"
        '"If they are one person, leave the line out; if not, take it away or mend it"'
    ]
    assert house.counts() == before
    outcome = house.bring(house.write("identifiers.csv", *lines), leave_out=True)
    assert (outcome.taken, outcome.wrong, outcome.left_out) == (1, 1, 0)


TWICE_FOR_GOLD = """
regulars: 1
program: old-years
name: Old years
currency: EUR
zone: UTC
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gold, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: gold}}
tiers:
  window: calendar_year
  valid: next_window_end
  steps: [{id: gold, at: "5000.00"}]
"""


def test_old_years_earn_at_the_tier_of_then_whichever_file_comes_first(
    fresh_database: Any, tmp_path: Path
) -> None:
    house = House.open(fresh_database, tmp_path, TWICE_FOR_GOLD)

    def sales(name: str, who: str, **bought: int) -> str:
        lines = (
            f"{who},purchase,till,{who[-1]}{day},,{day[1:5]}-{day[5:7]}-01T10:00:00Z,{minor},EUR"
            for day, minor in bought.items()
        )
        return house.write(name, ACTIVITIES, *lines)

    house.bring(
        house.write("members.csv", *MEMBERS),
        house.write("tiers.csv", "member_id,tier,since,until", f"{ADA},gold,2026-01-01T00:00:00Z,"),
        sales("activities.csv", ADA, y202005=10_000, y202505=10_000, y202605=10_000),
    )
    house.bring(sales("activities.csv", BOB, y202105=10_000, y202602=600_000, y202603=10_000))
    house.bring(sales("activities.csv", BOB, y202104=10_000, y202204=500_000))
    house.bring(sales("activities.csv", BOB, y202205=10_000, y202103=500_000))
    earned = """select a.external_id, sum(-p.amount)::int from posting p
                  join entry e using (program_id, member_id, entry_id)
                  join activity a on a.program_id = e.program_id and a.activity_id = e.cause_id
                 where p.account = 11 group by 1 order by 1"""
    assert house.rows(earned) == [
        ("1y202005", 100), ("1y202505", 100), ("1y202605", 200),
        ("2y202103", 5_000), ("2y202104", 200), ("2y202105", 200),
        ("2y202204", 10_000), ("2y202205", 200), ("2y202602", 6_000), ("2y202603", 200),
    ]  # fmt: skip
    assert house.wrong_books() == {}


FLIGHTS = """
regulars: 1
program: flights
name: Flights
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rules:
  - {id: flight, on: flight, wallet: points, award: {give: fixed, points: 7}}
  - {id: spent, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
AIRLINE = """
mapping: airline
title: An airline
source: airline
files:
  members: {gives: {members: {member_id: id, joined_at: joined}}}
  history:
    gives:
      activities: {kind: kind, member_id: id, external_id: receipt, sale_id: of, sale_kind: sort,
                   occurred_at: at, amount: amount}
"""


def test_a_flight_comes_back_by_its_kind_wherever_its_return_stands(
    fresh_database: Any, tmp_path: Path
) -> None:
    flights_come_back(House.open(fresh_database, tmp_path, FLIGHTS))


def flights_come_back(house: House) -> None:
    """Purchases of somebody in an earlier lane have the same numbers; returns name nobody, and
    stand before what they name."""
    mapping = house.write("airline.yaml", AIRLINE)
    heading = "kind,id,receipt,of,sort,at,amount"
    joined = [f"{name},2020-01-02T10:00:00Z" for name in ("ada", "cem")]
    told = [f"return,,b{n},R{n},flight,2026-02-02T10:00:00Z," for n in range(9)]
    told += [f"purchase,cem,R{n},,,2026-02-01T10:00:00Z,10.00" for n in range(8)]
    told += [f"flight,ada,R{n},,,2026-02-01T11:00:00Z," for n in range(8)]
    files = [
        f"members={house.write('members.csv', 'id,joined', *joined)}",
        f"history={house.write('history.csv', heading, *told)}",
    ]
    outcome = house.bring(*files, mapping=mapping)
    assert (outcome.refusals, outcome.left_out) == ([], 0)
    here = f"where program_id = {house.program_id}"
    waited = f"select count(*), count(settled_at) from waiting_return {here}"
    points = f"select sum(available)::int from balance {here}"
    assert (house.rows(waited), house.rows(points)) == ([(1, 0)], [(80,)])
    flown = "flight,ada,R8,,,2026-02-01T11:00:00Z,"
    house.bring(f"history={house.write('more.csv', heading, flown)}", mapping=mapping)
    assert (house.rows(waited), house.rows(points)) == ([(1, 1)], [(80,)])
    assert house.wrong_books() == {}
