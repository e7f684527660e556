"""Lines that do not fit each other are listed with the mend, and nothing is written."""

from pathlib import Path
from typing import Any

import pytest
from tests.runtime.importing.moving_in import ACTIVITIES, ADA, BOB, LOTS, MEMBERS, House

from regulars.runtime.problems import SetupProblem

BUYS = f"{ADA},purchase,till,r1,,2026-02-01T10:00:00Z,1250,USD"
CREDIT = "credit:spend:standard:calendar_year"
LIMITS = "member_id,counter,period,used"
LOT = f"{ADA},points,l1,100,60,2026-01-01T00:00:00Z,2099-01-01T00:00:00Z,welcome"
BAD = {
    "two lines for one receipt with different totals": (
        "activities.csv", (ACTIVITIES, BUYS, BUYS.replace("1250", "1300")),
        "activities.csv,3,external_id,\"line 2 tells the same one differently (1250 there, 1300",
    ),
    "a member of whom nothing is known": (
        "activities.csv", (ACTIVITIES, BUYS.replace(ADA, ADA[:-1] + "9")),
        "activities.csv,2,id,nobody is known by id 01900000",
    ),
    "a wallet the program does not have": (
        "lots.csv", (LOTS, LOT.replace(",points,", ",miles,")),
        "lots.csv,2,wallet,there is no wallet 'miles' in this program,It has points;",
    ),
    "a tier the program does not have": (
        "tiers.csv", ("member_id,tier,since,until", f"{ADA},diamond,2026-01-01T00:00:00Z,"),
        "tiers.csv,2,tier,there is no tier 'diamond' in this program,",
    ),
    "a telephone that is none": (
        "identifiers.csv", ("member_id,kind,value", f"{ADA},phone,12"),
        "identifiers.csv,2,value,'12': ",
    ),
    "a purchase of the future": (
        "activities.csv", (ACTIVITIES, BUYS.replace("2026-02-01", "2126-02-01")),
        "activities.csv,2,occurred_at,2126-02-01 lies ahead of us,",
    ),
    "day and month the wrong way round": (
        "activities.csv", (ACTIVITIES, BUYS.replace("2026-02-01T10:00:00Z", "01.02.2026")),
        "activities.csv,2,occurred_at,'01.02.2026' is no date written as iso,",
    ),
    "thousands with a separator": (
        "lots.csv", (LOTS, LOT.replace(",60,", ',"1,060",')),
        "lots.csv,2,remaining,\"'1,060' is not a plain decimal number such as 9.99\",",
    ),
    "points below nothing": (
        "lots.csv", (LOTS, LOT.replace(",60,", ",-60,")),
        "lots.csv,2,remaining,'-60 is below nothing,\"What is owed comes in a file of debts",
    ),
    "another currency": (
        "activities.csv", (ACTIVITIES, BUYS.replace("USD", "EUR")),
        "activities.csv,2,currency,EUR is not the program's USD,",
    ),
    "a file that changes its shape half-way": (
        "activities.csv", (ACTIVITIES, BUYS, BUYS + ",more"),
        "activities.csv,3,,\"this line has 9 values, the first line names 8 columns\",",
    ),
    "a return without its sale": (
        "activities.csv", (ACTIVITIES, BUYS.replace("purchase", "return")),
        "activities.csv,2,sale_id,a return names its sale,",
    ),
    "one lot in two sizes": (
        "lots.csv", (LOTS, LOT, LOT.replace(",60,", ",61,")),
        "lots.csv,3,lot_id,\"line 2 tells the same one differently (60 there, 61 here)\",",
    ),
    "one count in two sizes": (
        "limits.csv", (LIMITS, f"{ADA},{CREDIT},7,5", f"{ADA},{CREDIT},7,6"),
        "limits.csv,3,used,\"line 2 tells the same one differently (5 there, 6 here)\",",
    ),
}  # fmt: skip


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("what", BAD)
def test_it_is_listed_and_nothing_is_written(house: House, what: str) -> None:
    name, lines, slip = BAD[what]
    house.bring(house.write("members.csv", *MEMBERS))
    before = house.counts()
    outcome = house.bring(house.write(name, *lines))
    (said,) = house.slips()
    assert said.startswith(slip), said
    assert not said.endswith(","), "the mend is missing"
    assert outcome.refusals == [
        f"1 line is wrong; see {house.folder / 'slips.csv'}. Mend them, or go on without them by "
        "--allow wrong-lines"
    ]
    assert house.counts() == before


def test_a_member_on_two_lines_is_listed(house: House) -> None:
    house.bring(house.write("members.csv", *MEMBERS, MEMBERS[1]))
    assert house.slips()[0].startswith("members.csv,4,id,line 2 gives the same id 0190")
    assert house.counts()["member"] == 0


PEOPLE = (
    "mapping: shop\ntitle: Shop\nsource: shop\nfiles:\n  people:\n    gives:\n      members:",
    *(f"        {name}: {name}" for name in ("member_id", "email", "phone", "card", "given_name",
                                           "joined_at")),
    "  more:\n    gives:\n      identifiers: {member_id: member_id, kind: kind, value: value}",
    "  sales:\n    gives:\n      activities: {card: card, kind: kind, external_id: external_id,",
    "        occurred_at: occurred_at, amount: amount}",
)  # fmt: skip
NAMED = "member_id,email,phone,card,given_name,joined_at"


def named(house: House, *lines: str, beside: tuple[str, ...] = (), **more: Any) -> Any:
    people, mapping = house.write("people.csv", NAMED, *lines), house.write("shop.yaml", *PEOPLE)
    return house.bring(people, *beside, mapping=mapping, **more)


def test_names_of_somebody_who_is_here_are_foreseen_and_the_line_of_before_is_not(
    house: House,
) -> None:
    ada, eve = (f"{n},{n}@x.example,+4930901820{n},K{n},N{n},2020-01-02" for n in (1, 2))
    assert named(house, ada).right
    before = house.counts()
    assert named(house, ada, eve, dry=True).right  # the very line is known
    taken = ("3,1@x.example,,,C,2020-01-02", "4,,+49309018201,,D,2020-01-02",
             "5,,,K1,E,2020-01-02", "6,,,,F,2020-01-02")  # fmt: skip
    assert named(house, eve, *taken, dry=True).wrong == 3
    has = "a member who is here already has this"
    assert [line.split(',"')[0] for line in house.slips()] == [
        f"people.csv,3,email,{has} email: 1@x.example",
        f"people.csv,4,phone,{has} phone: +49309018201",
        f"people.csv,5,card,{has} card: K1",
    ]
    assert house.counts() == before
    went = named(house, eve, *taken, leave_out=True)
    assert (went.taken, went.wrong, went.left_out) == (2, 3, 0)


def test_a_card_that_collected_becomes_a_members_but_not_two_of_them(house: House) -> None:
    cards = ("card,kind,external_id,occurred_at,amount", *(
        f"K{n},purchase,r{n},2026-02-01T10:00:00Z,12.50" for n in (1, 2)))  # fmt: skip
    mapping = house.write("shop.yaml", *PEOPLE)
    assert house.bring(house.write("sales.csv", *cards), mapping=mapping).right
    assert house.counts()["member"] == 2
    one = "1,,,K1,A,2020-01-02"
    assert named(house, one, dry=True).right
    again = house.write("more.csv", "member_id,kind,value", "1,card,K1")
    assert named(house, one, beside=(again,), dry=True).right
    other = house.write("more.csv", "member_id,kind,value", "1,card,K2")
    assert named(house, one, beside=(other,), dry=True).wrong == 1
    assert "already has this card: K2" in house.slips()[0]


def test_balances_that_are_not_their_lots_are_listed(house: House) -> None:
    house.bring(house.write("members.csv", *MEMBERS))
    balances = ("member_id,wallet,balance", f"{ADA},points,61", f"{BOB},points,0")
    house.bring(house.write("lots.csv", LOTS, LOT), house.write("balances.csv", *balances))
    assert house.slips() == [
        "balances.csv,2,balance,\"the balance is 61, its lots come to 60\",\"Export both at the same "
        "moment, or leave the balances out if the lots are right\""
    ]  # fmt: skip
    assert house.counts()["lot"] == 0


def test_the_other_lines_may_go_on_when_it_is_allowed(house: House) -> None:
    lines = (ACTIVITIES, BUYS, BUYS.replace("r1", "r2").replace("2026-02", "2126-02"))
    files = house.write("members.csv", *MEMBERS), house.write("activities.csv", *lines)
    outcome = house.bring(*files, leave_out=True)
    assert (outcome.taken, outcome.wrong) == (3, 1)
    assert house.slips()[0].startswith("activities.csv,3,occurred_at,2126-02-01 lies ahead")
    assert house.counts()["activity"] == 1


def test_a_receipt_that_is_in_the_books_with_another_total_is_foreseen(house: House) -> None:
    """A dry run said nothing of it, and the line stayed behind once the others were booked."""
    files = house.write("members.csv", *MEMBERS), house.write("activities.csv", ACTIVITIES, BUYS)
    assert house.bring(*files).right
    assert house.bring(files[1], dry=True).right
    before, other = house.counts(), BUYS.replace("r1", "r2")
    again = house.write("again.csv", ACTIVITIES, BUYS.replace("1250", "1300"), other)
    told = house.bring(f"activities={again}", dry=True)
    assert told.wrong == 1
    assert house.slips() == [
        'again.csv,2,external_id,"the books tell the same one differently (1250 there, 1300 here)",'
        '"Leave the line out; if it is right, put right by hand what is in the books"'
    ]
    house.bring(f"activities={again}")
    assert house.counts() == before


def test_a_receipt_that_is_in_the_books_with_other_lines_is_foreseen(house: House) -> None:
    """Compared by its total alone it was right in a dry run, and stayed behind when booked."""
    head, said = f"{ACTIVITIES},lines", '[{""sku"":""%s"",""amount_minor"":1250}]'
    of = {sku: f'{BUYS},"{said % sku}"' for sku in ("tea", "cup")}
    files = house.write("members.csv", *MEMBERS), house.write("activities.csv", head, of["tea"])
    assert house.bring(*files).right
    other = of["tea"].replace("r1", "r2")
    assert house.bring(house.write("activities.csv", head, of["tea"], other), dry=True).right
    again = house.write("again.csv", head, of["cup"], other)
    assert house.bring(f"activities={again}", dry=True).wrong == 1
    assert house.slips() == [
        'again.csv,2,external_id,"the books tell the same one differently (its lines, payments, '
        'time, place or whose it is)","Leave the line out; if it is right, put right by hand what '
        'is in the books"'
    ]


def test_the_same_receipt_twice_in_the_same_words_is_once(house: House) -> None:
    files = (
        house.write("members.csv", *MEMBERS),
        house.write("activities.csv", ACTIVITIES, BUYS, BUYS),
    )
    assert house.bring(*files).right
    assert house.counts()["activity"] == 1


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((), "activities.csv has no line with the names of its columns"),
        ((ACTIVITIES.replace("occurred_at", "when"), BUYS), "activities.csv misses occurred_at"),
        ((ACTIVITIES, BUYS.replace("till", '"till'), BUYS), "activities.csv, line 2: "),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_whole(
    house: House, lines: tuple[str, ...], says: str
) -> None:
    before = house.counts()
    with pytest.raises(SetupProblem) as problem:
        house.bring(house.write("activities.csv", *lines))
    assert problem.value.what.startswith(says), problem.value.what
    assert house.counts() == before


def test_a_mapping_that_is_no_text_in_utf8_is_refused(house: House) -> None:
    path = house.write("old.yaml", "mapping: old")
    Path(path).write_bytes("title: Müller".encode("windows-1252"))
    with pytest.raises(SetupProblem, match=r"old\.yaml is not text in UTF-8\. Save it as UTF-8"):
        house.bring("members.csv", mapping=path)


def test_a_file_of_ours_without_lines_is_an_answer_and_not_a_slip(house: House) -> None:
    """Who exports a shop in which nothing was bought has an empty file of activities."""
    files = (house.write("members.csv", *MEMBERS), house.write("activities.csv", ACTIVITIES))
    assert house.bring(*files).right
    assert house.counts()["activity"] == 0
