"""Files as the world writes them: marks, line ends, quotes, encodings, shapes."""

from pathlib import Path
from random import Random

import polars as pl
import pytest
from tests.surfaces.connect.moving.reading import lots, mapping, read

from regulars.base.faults import Invalid
from regulars.surfaces.connect.moving import tables

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


def test_json_that_is_none_is_listed(tmp_path: Path) -> None:
    good = b'{"who":"m1","wallet":"points","points":60,"ends":null}\n'
    raw = good * 300 + b"not json\n" + b"[1]\n"
    slips = read(file(tmp_path, raw, "f.jsonl")).slips
    assert [(slip[1], slip[2]) for slip in slips] == [(301, ""), (302, "")]


def test_json_leaves_out_what_is_empty_wherever_it_first_occurs(tmp_path: Path) -> None:
    """Only the keys of the first 201 lines were taken: a later one was told to be none, and a
    mapped one that came later was a column the file did not have."""
    bare = b'{"who":"m1","wallet":"points","points":60}\n'
    late = bare.replace(b"}", b',"ends":"2027-01-01","note":{"by":"Ada"}}')
    chunk = read(file(tmp_path, bare * 250 + late + bare, "f.jsonl"))
    assert chunk.slips == []
    assert [n for n, lot in enumerate(lots(chunk), 1) if lot.expires_at] == [251]
    assert len(lots(chunk)) == 252
    with pytest.raises(Invalid, match=r"f\.jsonl has no column 'ends'; it has who, wallet, points"):
        read(file(tmp_path, bare * 250 + late.replace(b"ends", b"end"), "f.jsonl"))


def test_a_large_basket_is_one_value_and_a_lost_quotation_mark_is_not(tmp_path: Path) -> None:
    """Our own export of a purchase of 700 lines was refused, and with it the whole file."""
    head, basket = f"{HEAD},lines\n", "4006381333931," * 14_000
    chunk = read(file(tmp_path, f'{head}m1,points,60,,"{basket}"\n'.encode()))
    assert (chunk.slips, [lot.units for lot in lots(chunk)]) == ([], [60])
    lost = f'{head}m1,points,60,,"' + "m2,points,60,,\n" * (tables.LONGEST_CELL // 15 + 1)
    with pytest.raises(Invalid, match="line 2: a value has more than 16,777,216 letters: a quot"):
        read(file(tmp_path, lost.encode()))


def test_parquet_keeps_numbers_and_dates_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"who": [1, 2], "wallet": ["cash", "cash"], "points": [0.1, 12.0],
                  "ends": ["2027-01-01T00:00:00Z", None]}).write_parquet(path)  # fmt: skip
    assert [lot.units for lot in lots(read(path))] == [10, 1200]


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read as Parquet"):
        read(file(tmp_path, b"PAR1 but not really", "f.parquet"))


UMLAUTS = HEAD + "\nJörg,points,60,\n"


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "windows-1254", "cp1256"])
def test_utf8_that_is_told_as_something_else_is_refused_and_not_brought_over_as_other_letters(
    tmp_path: Path, encoding: str
) -> None:
    """Every byte is a letter there, so nothing breaks: Jörg came as JÃ¶rg."""
    with pytest.raises(Invalid) as fault:
        read(file(tmp_path, UMLAUTS.encode()), mapping(encoding=encoding))
    says = f"f.csv is written in UTF-8, not in {encoding}: say `encoding: utf-8` in the mapping"
    assert fault.value.says == says


@pytest.mark.parametrize("raw", ["Jorg", "Jörg", "Ã"])
def test_what_is_written_as_its_mapping_says_is_read(tmp_path: Path, raw: str) -> None:
    told = mapping(encoding="windows-1252")
    lines = f"{HEAD},note\nm1,points,60,,{raw}\n".encode("windows-1252")
    assert lots(read(file(tmp_path, lines), told))[0].units == 60


def test_utf8_is_known_across_the_pieces_a_file_is_looked_at_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_AT_ONCE", len(UMLAUTS[: UMLAUTS.index("ö")]) + 1)
    with pytest.raises(Invalid, match="written in UTF-8"):
        read(file(tmp_path, UMLAUTS.encode()), mapping(encoding="windows-1252"))


def test_what_breaks_is_not_told_to_be_what_it_was_told_to_be(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="for example iso-8859-1"):
        read(file(tmp_path, HEAD.encode() + b"\n\x81"), mapping(encoding="windows-1252"))


GOOD = b'{"who":"m1","wallet":"points","points":60,"ends":null}'


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"[" + GOOD + b",\n" + GOOD + b"]\n", "f.jsonl is one list in JSON, not JSON Lines"),
        (b"\xef\xbb\xbf [\n" + GOOD + b"\n]", "f.jsonl is one list in JSON, not JSON Lines"),
        (GOOD.decode().encode("utf-16"), "f.jsonl is written in UTF-16, JSON Lines in UTF-8"),
        (b"nothing\nof this\n", "f.jsonl has no line that can be read: this is not a JSON"),
    ],
)
def test_json_that_is_no_json_lines_says_so(tmp_path: Path, raw: bytes, says: str) -> None:
    with pytest.raises(Invalid) as fault:
        read(file(tmp_path, raw, "f.jsonl"))
    assert fault.value.says.startswith(says), fault.value.says


def test_lines_of_json_that_cannot_be_read_are_listed_with_why(tmp_path: Path) -> None:
    deep = b'{"who":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    wrong = (deep, GOOD.replace(b"m1", b"\xfc"), GOOD.replace(b"m1", b"m\\u0000"))
    slips = read(file(tmp_path, b"\n".join((GOOD, *wrong)), "f.jsonl")).slips
    assert [slip[1] for slip in slips] == [2, 3, 4]
    assert [slip[3].removeprefix("this is not a JSON object: ") for slip in slips] == [
        "it is nested too deeply", "it is not written in UTF-8",
        "a text has the character U+0000 in it",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["m\0", 'm"\\u0000"'])
def test_a_letter_no_database_keeps_is_listed_with_its_column(tmp_path: Path, text: str) -> None:
    quoted = text.replace('"', '""')
    csv = file(tmp_path, f'{HEAD}\nm1,points,60,\nm2,"{quoted}",1,\n'.encode())
    parquet = tmp_path / "f.parquet"
    columns = {"who": [1, 2], "wallet": ["points", text], "points": [60, 1], "ends": [None, None]}
    pl.DataFrame(columns).write_parquet(parquet)
    for path, line in ((csv, 3), (parquet, 2)):
        chunk = read(path)
        assert [lot.units for lot in lots(chunk)] == [60]
        assert [slip[1:3] for slip in chunk.slips] == [(line, "wallet")]


def test_parquet_that_is_damaged_in_the_middle_is_refused_wherever_it_is(tmp_path: Path) -> None:
    """Its end says what is where, so it opens; what lies before came as a crash."""
    many = 5_000
    path, chance = tmp_path / "f.parquet", Random(3)
    pl.DataFrame({"who": [f"m{n * 7919 % many}" for n in range(many)], "wallet": ["points"] * many,
                  "points": [n * 31 % 997 for n in range(many)], "ends": [None] * many,
                  }).write_parquet(path)  # fmt: skip
    whole = path.read_bytes()
    refused = 0
    for _ in range(30):
        torn, at = bytearray(whole), chance.randrange(4, len(whole) - 1_500)
        torn[at : at + 64] = chance.randbytes(64)
        path.write_bytes(torn)
        try:
            read(path)
        except Invalid:
            refused += 1
    assert refused > 20
