"""A table of receipts is read as it is; a line that cannot be taken is named with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.engine.replaying.test_summing import shown
from tests.surfaces.connect.moving.reading import mapping

from regulars.base.faults import Invalid
from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel.columns import columns_of_sales
from regulars.engine.replaying.kernel.summing import summed
from regulars.engine.replaying.tally import Tally
from regulars.records.program.reading import read_program
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.replay.reading import read_shop
from regulars.surfaces.replay.sales import read_sales

HEAD = "receipt,member,occurred_at,amount,store\n"
PROGRAM = """
regulars: 1
program: told
name: Told
currency: EUR
zone: Europe/Berlin
wallets: {points: {expiry: {after: 2 months, round_up_to: month}}}
stacking: {base: sum}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"},
     limits: [{per: month, points: 90}]}
  - {id: late, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: hour, from: 20, until: 24}}
  - {id: here, on: purchase, wallet: points, award: {give: fixed, points: 3},
     when: {if: store, in: [mitte]}}
tiers: {steps: [{id: silver, at: "50.00"}], window: rolling, rolling_days: 30}
"""


def place(currency: str = "EUR", decimals: int = 2) -> Place:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return Place({"points": 0}, (), currency, decimals, "Europe/Berlin", None, now)


def read(tmp_path: Path, *lines: str):
    path = tmp_path / "sales.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return read_sales(path, place())


def test_a_line_with_a_gap_is_left_out_with_the_reason(tmp_path: Path) -> None:
    sales = read(
        tmp_path,
        "r1,ada,2026-03-01T10:00:00,12.50,mitte",
        "r2,,2026-03-01T10:00:00,12.50,mitte",
        "r3,ada,yesterday,12.50,mitte",
        "r4,ada,2026-03-01T10:00:00,much,mitte",
        "r5,ada,2026-03-01T10:00:00,-3.00,mitte",
        "r6,ada,2026-03-01T10:00:00,1.005,mitte",
        "r7,ada,2027-03-01T10:00:00,1.00,mitte",
        "r1,ada,2026-03-01T10:00:00,12.50,mitte",
    )
    assert sales.frame.height == 1
    assert [(one.where, one.why.split(";")[0]) for one in sales.left_out] == [
        ("line 3", "no member"),
        ("line 4", "occurred_at is no time"),
        ("line 5", "amount is no number"),
        ("line 6", "a return"),
        ("line 7", "amount has more than the 2 decimals of EUR"),
        ("line 8", "it is in the future"),
        ("line 9", "this receipt was told before"),
    ]


def test_another_shops_file_says_what_comes_back_by_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    told = ("purchase,R1,9.00,,", "flight,R1,,,", "return,R2,,R1,flight", "return,R3,,R4,flight")
    lines = [f"{one},ada,2026-03-01T10:00:0{nth}Z" for nth, one in enumerate(told)]
    path.write_text("kind,receipt,amount,of,sort,who,at\n" + "\n".join(lines), "utf-8")
    fields = {
        "kind": "kind", "external_id": "receipt", "amount": "amount", "sale_id": "of",
        "sale_kind": "sort", "member_id": "who", "occurred_at": "at",
    }  # fmt: skip
    shop = read_shop(path, mapping(gives={"activities": fields}), place())
    kinds = {one.activity.activity_id: one.activity.kind for one in shop.rows if one.activity}
    back = [one.activity.sale_id for one in shop.rows if one.what == "return" and one.activity]
    assert [kinds[one] for one in back] == ["flight"]
    assert [one.where for one in shop.left_out] == ["line 5"]


def test_a_clock_without_a_zone_is_the_shops_own(tmp_path: Path) -> None:
    sales = read(
        tmp_path,
        "a,ada,2026-04-01 10:00:00,1.00,",
        "b,ada,2026-04-01T10:00:00Z,2.00,",
        "c,ada,2026-04-01T10:00:00+05:00,3.00,",
        "d,ada,2026-03-29 02:30:00,4.00,",
    )
    assert sales.frame.sort("line")["at"].to_list() == [
        datetime(2026, 4, 1, 8, tzinfo=UTC),
        datetime(2026, 4, 1, 10, tzinfo=UTC),
        datetime(2026, 4, 1, 5, tzinfo=UTC),
    ]
    assert [one.where for one in sales.left_out] == ["line 5"]  # an hour that never was


def test_a_table_without_the_columns_says_which_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pl.DataFrame({"member": ["ada"], "amount": [1.0]}).write_parquet(path)
    with pytest.raises(Invalid, match="no column occurred_at") as no:
        read_sales(path, place())
    assert no.value.field == "--sales"
    with pytest.raises(Invalid, match="cannot be read"):
        read_sales(tmp_path / "nowhere.parquet", place())


RAGGED = (
    b"Receipt, Member,Occurred_At,Amount,Store\r\n"
    b"r1,ada,2026-03-01T10:00:00,12.50,mitte\r\n"
    b"r2,ada,2026-03-01T10:00:00,1,234.50,mitte\r\n"
    b"\r\n"
    b'r3,ben,"2026-03-01T10:00:00,12.50,mitte\r\n'
    b"r4,ben,2026-03-01T10:00:00,12.50\r\n"
    b'r5,ben,2026-03-01T10:00:00,"7.25","two\r\nlines, one ""store"""\r\n'
    b'r6,cem,2026-03-01T10:00:00,"1,234.50",\r\n'
    b'r7,d"an,2026-03-01T10:00:00,9.00,mitte\r\n'
    b"r8,eve,2026-03-01T10:00:00,3.00,mitte"
)


def test_a_line_that_does_not_fit_is_left_out_alone(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_bytes(RAGGED)
    sales = read_sales(path, place())
    taken = sales.frame.sort("line").select("line", "receipt", "amount", "store").rows()
    assert taken == [
        (2, "r1", 1250, "mitte"), (7, "r5", 725, 'two\nlines, one "store"'), (11, "r8", 300, "mitte")
    ]  # fmt: skip
    assert [(one.where, one.why) for one in sales.left_out] == [
        ("line 3", "it has 6 values where the heading names 5 columns; a value with a comma in it "
         "needs quotation marks, and amounts are such as 1234.50"),
        ("line 5", "a quotation mark is missing, or stands inside a value without being doubled; "
         "close it, or take it out"),
        ("line 6", "it has 4 values where the heading names 5 columns; it was cut short; export "
         "it again"),
        ("line 9", "amount is no number; write such as 12.50"),
        ("line 10", "a quotation mark is missing, or stands inside a value without being doubled; "
         "close it, or take it out"),
    ]  # fmt: skip


@pytest.mark.parametrize("odd", ["r2,ben,2026-03-01T10:00:00,2.00", '"r,2",ben,2026-03-01,2.00'])
def test_a_line_cut_short_is_seen_beside_whole_ones(tmp_path: Path, odd: str) -> None:
    """Also where a comma in a quoted value stands for the one that is missing."""
    sales = read(tmp_path, '"r,1",ada,2026-03-01T10:00:00,1.00,x', odd, "r3,ada,2026-03-01,3.00,x")
    assert sorted(sales.frame["line"]) == [2, 4]
    assert [one.where for one in sales.left_out] == ["line 3"]


def test_lines_that_all_fit_are_read_at_once_and_as_one_by_one(tmp_path: Path) -> None:
    lines = ['"r,1",ada,2026-03-01 10:00,"1.50",mitte', "r2,ben,2026-03-02 10:00,2,", ""]
    fits = read(tmp_path, *lines).frame
    ragged = read(tmp_path, *lines[:2], "r3")
    assert fits.equals(ragged.frame)
    assert (fits.height, [one.where for one in ragged.left_out]) == (2, ["line 4"])


def test_a_column_is_called_whatever_it_is_called(tmp_path: Path) -> None:
    """`line` is a column of receipts by line, and a heading may be empty."""
    heads = ("line,member,occurred_at,amount", "member,,amount,occurred_at,column 2")
    rows = ("7,ada,2026-03-01,1.50", "ada,x,1.50,2026-03-01,y")
    path = tmp_path / "lines.csv"
    for head, row in zip(heads, rows, strict=True):
        for more, taken in (("", 1), ("\nragged", 1)):
            path.write_text(f"{head}\n{row}{more}\n")
            sales = read_sales(path, place())
            assert sales.frame.select("line", "amount").rows() == [(2, 150)] * taken
    told = {"line": [7], "member": ["ada"], "occurred_at": ["2026-03-01"], "amount": [1.5]}
    pl.DataFrame(told).write_parquet(tmp_path / "lines.parquet")
    sales = read_sales(tmp_path / "lines.parquet", place())
    assert sales.frame.select("line", "amount").rows() == [(1, 150)]


def test_tills_that_number_anew_each_day_are_taken_whole(tmp_path: Path) -> None:
    """The same receipt is that of a day of the shop, of a store and of a member."""
    sales = read(
        tmp_path,
        "1,ada,2026-01-01T10:00:00,1.00,mitte",
        "1,ben,2026-01-02T10:00:00,1.00,mitte",
        "1,ben,2026-01-02T11:00:00,1.00,mitte",
        "1,cem,2026-01-02T10:00:00,1.00,mitte",
        "1,ben,2026-01-02T10:00:00,1.00,west",
        "1,ben,2026-01-02T23:30:00Z,1.00,mitte",
    )
    assert [one.where for one in sales.left_out] == ["line 4"]


WHOLE = "member,occurred_at,amount\nJörg,2026-03-01T10:00:00,12.50\n"
SEMICOLONS = "member;occurred_at;amount\nada;2026-03-01 10:00;12,50\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (WHOLE.encode("latin-1"), "not written in UTF-8: line 2 .* save it as CSV UTF-8"),
        (WHOLE.encode("utf-16"), "written in UTF-16; save it as CSV UTF-8"),
        (SEMICOLONS.encode(), "has semicolons between its columns; save it with commas"),
        (b"", "is empty; its first line names the columns"),
        (b"PK\x03\x04", "is a workbook; save its sheet as CSV UTF-8"),
        (WHOLE.encode().replace(b"member,", b"Amount,"), "has the column amount twice"),
        (WHOLE.encode().replace(b"12.50", b"12,50"), "no line that can be taken; line 2: it has 4"),
        (WHOLE.encode().replace(b"member", b'"member'), "line 1: a quotation mark is missing"),
    ],
)
def test_a_file_written_otherwise_says_how_to_mend_it(
    tmp_path: Path, data: bytes, says: str
) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(data)
    with pytest.raises(Invalid, match=f"^shop.csv[^`]*{says}") as no:
        read_sales(path, place())
    assert no.value.field == "--sales"


def test_lines_as_an_old_computer_ends_them_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r").encode())
    assert list(read_sales(path, place()).names.values()) == ["Jörg"]


def test_parquet_with_other_things_in_its_columns_is_refused(tmp_path: Path) -> None:
    path, at = tmp_path / "odd.parquet", datetime(2026, 3, 1)  # noqa: DTZ001
    right = {"member": ["ada"], "occurred_at": [at], "amount": [1.5]}
    for odd, says in (
        ({"occurred_at": [20_260_301]}, "occurred_at holds no times"),
        ({"amount": [[1.5]]}, "amount holds no amounts"),
        ({"member": [["ada"]]}, "member holds no plain texts"),
    ):
        pl.DataFrame({**right, **odd}).write_parquet(path)
        with pytest.raises(Invalid, match=says):
            read_sales(path, place())
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(Invalid, match="no Parquet file, or a damaged one; export it again"):
        read_sales(path, place())


def test_kernel_and_fold_say_the_same_of_a_table(tmp_path: Path) -> None:
    lines = [
        f"r{n},m{n % 7},2026-0{1 + n % 3}-{1 + n * 5 % 28:02}T{n * 7 % 24:02}:{n % 60:02}:00,"
        f"{n * 37 % 90}.{n % 100:02},{('mitte', 'west', '')[n % 3]}"
        for n in range(120)
    ]
    sales = read(tmp_path, *lines)
    assert not sales.left_out
    terms = alone(compile_program(read_program(PROGRAM)), datetime(1970, 1, 1, tzinfo=UTC))
    window = (date(2026, 1, 20).toordinal(), date(2026, 5, 1).toordinal())
    ends = day_starts_at(terms.versions[0].zone, window[1])
    fold = Fold(terms, Tally(*window)).run(sales.happenings(), ends)
    columns = columns_of_sales(sales.members, sales.days("Europe/Berlin"))
    assert fold.tally.total("points", "expired") > 0
    assert set(fold.tally.rules) == {"euro", "late", "here"}
    assert shown(summed(terms, columns, window, compiled=False)[0]) == shown(fold)
