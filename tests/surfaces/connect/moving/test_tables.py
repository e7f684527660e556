"""Files as the world writes them: marks, line ends, quotes, encodings, shapes."""

from pathlib import Path

import polars as pl
import pytest
from tests.surfaces.connect.moving.reading import lots, mapping, read

from regulars.base.faults import Invalid

HEAD = "who,wallet,points,ends"


def file(tmp_path: Path, raw: bytes, name: str = "f.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        b"who,wallet,points,ends\nm1,points,60,\n",
        b"\xef\xbb\xbfwho,wallet,points,ends\r\nm1,points,60,\r\n",
        b" who , wallet,points,ends\n\n m1 ,points, 60 ,\n",
        b'"who","wallet","points","ends"\n"m1","points","60",""',
    ],
)
def test_marks_line_ends_and_quotes_change_nothing(tmp_path: Path, raw: bytes) -> None:
    (lot,) = lots(read(file(tmp_path, raw)))
    assert (lot.member.external, lot.wallet, lot.units) == ("m1", "points", 60)


def test_a_quoted_line_break_does_not_shift_the_numbers_of_lines(tmp_path: Path) -> None:
    raw = b'who,wallet,points,ends,note\nm1,points,6,,"two\nlines"\nm2,points,wrong,,\n'
    (slip,) = read(file(tmp_path, raw)).slips
    assert slip[:3] == (0, 4, "points")


def test_other_encodings_are_read_when_they_are_named(tmp_path: Path) -> None:
    raw = "who;wallet;points;ends\nm1;points;60;\n".encode("utf-16")
    told = mapping(encoding="utf-16", delimiter=";")
    assert lots(read(file(tmp_path, raw), told))[0].units == 60


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "f.csv is empty; export it again"),
        (
            HEAD.encode() + b"\nM\xfcller,points,60,\n",
            "f.csv is not written in utf-8: it breaks at",
        ),
        ((HEAD + "\n").encode("utf-16"), "f.csv is written in UTF-16: say `encoding: utf-16`"),
        (b"who;wallet;points;ends\nm1;points;60;\n", "f.csv has one column only; its values seem"),
        (b"who,wallet,points,points\nm1,points,6,7\n", "f.csv has the column points twice"),
        (b"who,wallet,points\nm1,points,6\n", "f.csv has no column 'ends'; it has who, wallet,"),
        (HEAD.encode() + b'\nm1,points,"6\n', "f.csv, line 2: "),
        (b"PK\x03\x04", "f.csv has no column"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_the_mend(
    tmp_path: Path, raw: bytes, says: str
) -> None:
    with pytest.raises(Invalid) as fault:
        read(file(tmp_path, raw))
    assert fault.value.says.startswith(says), fault.value.says


def test_a_name_without_a_known_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="nobody says what it is"):
        read(file(tmp_path, HEAD.encode(), "f.xls"))


def test_lines_that_are_too_long_or_too_short_are_listed_one_by_one(tmp_path: Path) -> None:
    raw = HEAD.encode() + b"\nm1,points,60\nm2,points,7,,,\nm3,points,8,\n"
    chunk = read(file(tmp_path, raw))
    assert [slip[1] for slip in chunk.slips] == [2, 3]
    assert [lot.units for lot in lots(chunk)] == [8]


def test_json_lines_reach_into_objects_by_a_dot(tmp_path: Path) -> None:
    told = mapping().files["f"].gives["lots"]
    assert isinstance(told, dict)
    gives = {"lots": {**told, "member_id": "member.id"}}
    raw = b'{"member":{"id":5},"wallet":"points","points":60,"ends":null}\n\n'
    (lot,) = lots(read(file(tmp_path, raw, "f.jsonl"), mapping(gives=gives)))
    assert (lot.member.external, lot.units) == ("5", 60)


def test_json_that_is_none_or_has_other_keys_is_listed(tmp_path: Path) -> None:
    good = b'{"who":"m1","wallet":"points","points":60,"ends":null}\n'
    raw = good * 300 + b"not json\n" + good.replace(b'"ends"', b'"end"') + b"[1]\n"
    slips = read(file(tmp_path, raw, "f.jsonl")).slips
    assert [(slip[1], slip[2]) for slip in slips] == [(301, ""), (302, "end"), (303, "")]


def test_parquet_keeps_numbers_and_dates_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"who": [1, 2], "wallet": ["cash", "cash"], "points": [0.1, 12.0],
                  "ends": ["2027-01-01T00:00:00Z", None]}).write_parquet(path)  # fmt: skip
    assert [lot.units for lot in lots(read(path))] == [10, 1200]


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read as Parquet"):
        read(file(tmp_path, b"PAR1 but not really", "f.parquet"))
