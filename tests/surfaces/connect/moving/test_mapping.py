"""A mapping says which column is what; one that cannot be right is refused before any line."""

from pathlib import Path

import pytest
from tests.surfaces.connect.moving.reading import LOTS, activities, lots, mapping, read

from regulars.base.faults import Invalid
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.connect.moving.ready import ready_mapping, ready_names


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("remaining: points, ", "", "files.f.gives.lots misses remaining or amount"),
        ("member_id: who, ", "", "files.f.gives.lots misses member_id or email or phone or card"),
        ("wallet: wallet", "purse: wallet", "files.f.gives.lots has no field purse; it has"),
        ("member_id: who", "member_id: who, email: mail", "files.f.gives.lots names the member in"),
        ("wallet: wallet", "wallet: {zone: UTC}", "files.f.gives.lots.wallet says neither"),
        (
            "source: m",
            "source: 5",
            "the mapping is not right: Expected `str`, got `int` - at `$.so",
        ),
        ("title: M", "title: M\ncolour: red", "the mapping is not right: Object contains unknown"),
        ("title: M", "title: [", "the mapping cannot be read as YAML"),
        ("lots:", "coupons:", "the mapping is not right: Invalid enum value 'coupons'"),
    ],
)
def test_a_mapping_that_cannot_be_right_names_its_place(old: str, new: str, says: str) -> None:
    assert old in LOTS
    with pytest.raises(Invalid) as fault:
        read_mapping(LOTS.replace(old, new))
    assert fault.value.says.startswith(says), fault.value.says


@pytest.mark.parametrize("name", ready_names())
def test_every_ready_mapping_can_be_read(name: str) -> None:
    assert read_mapping(ready_mapping(name)).mapping == name


def test_values_are_translated_and_unknown_ones_listed(tmp_path: Path) -> None:
    told = {"column": "wallet", "values": {"Punkte": "points", "": "points"}}
    gives = {"lots": {"member_id": "who", "wallet": told, "remaining": "points"}}
    path = tmp_path / "f.csv"
    path.write_text("who,wallet,points\nm1,Punkte,5\nm2,,6\nm3,Meilen,7\n")
    chunk = read(path, mapping(gives=gives))
    assert [lot.wallet for lot in lots(chunk)] == ["points", "points"]
    assert chunk.slips == [
        (0, 4, "wallet", "the mapping does not say what 'Meilen' means",
         "Add it under `values`, beside , Punkte")
    ]  # fmt: skip


def test_lines_may_be_left_aside_on_purpose(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("who,wallet,points,ends\nm1,points,5,\nm2,test,6,\n")
    chunk = read(path, mapping(skip=[{"column": "wallet", "values": ["test"]}]))
    assert (len(chunk.lines), chunk.left_aside, chunk.slips) == (1, 1, [])


def test_a_line_of_which_one_part_is_wrong_is_left_out_whole(tmp_path: Path) -> None:
    gives = {
        "members": {"member_id": "who"},
        "lots": {"member_id": "who", "wallet": {"constant": "points"}, "remaining": "points"},
    }
    path = tmp_path / "f.csv"
    path.write_text("who,points\nm1,much\n")
    chunk = read(path, mapping(gives=gives))
    assert (chunk.lines, chunk.names, len(chunk.slips)) == ([], [], 1)


def test_amounts_are_cents_whatever_the_style(tmp_path: Path) -> None:
    gives = {"activities": {"kind": {"constant": "purchase"}, "external_id": "no",
                            "occurred_at": "day", "amount": "sum"}}  # fmt: skip
    path = tmp_path / "f.csv"
    path.write_text("no;day;sum\nr1;03.02.2026;1.234,50\n")
    told = mapping(gives=gives, delimiter=";", decimal="comma", dates="%d.%m.%Y")
    (one,) = activities(read(path, told))
    assert (one.amount_minor, one.member, one.source) == (123450, None, "m")


def test_a_zone_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("who,wallet,points,ends\nm1,points,5,\n")
    with pytest.raises(Invalid, match="there is no time zone 'Berlin'"):
        read(path, mapping(zone="Berlin"))


def test_what_was_paid_in_another_currency_must_fit_its_sale(tmp_path: Path) -> None:
    told = '{"currency":"USD","amount_minor":1000,"counts":9,"per":10}'
    rows = [f"r{n},900,{text}" for n, text in enumerate((
        told, told.replace("USD", "dollars"), told.replace("9", "-9"),
        told.replace("}", ',"payments":[5]}'),
    ))]  # fmt: skip
    path = tmp_path / "f.jsonl"
    cells = [row.split(",", 2) for row in rows]
    path.write_text("\n".join(
        f'{{"no":"{no}","cents":{cents},"paid":{paid}}}' for no, cents, paid in cells
    ))  # fmt: skip
    gives = {
        "kind": {"constant": "purchase"}, "external_id": "no", "amount_minor": "cents",
        "occurred_at": {"constant": "2026-03-01T10:00:00Z"}, "paid_in": "paid",
    }  # fmt: skip
    chunk = read(path, mapping(gives={"activities": gives}))
    assert [one.external_id for one in activities(chunk)] == ["r0"]
    assert {slip[3] for slip in chunk.slips} == {"what was paid does not fit the sale"}
    assert len(chunk.slips) == 3
