"""Files as lines: CSV, JSON Lines and Parquet, read in pieces, each line with its number.

CSV is read by the standard library and not by polars: it knows where a quoted line break began,
reads any encoding as a stream, and says which line has a value too many.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import polars as pl

from regulars.base.faults import Invalid
from regulars.surfaces.connect.moving.mapping import FileMap
from regulars.surfaces.connect.moving.wrong import Wrong, no_such_letter

CHUNK: Final = 20_000
PIECE: Final = 2_000
"""Lines of a piece, where several programs read a file."""
_LOOK_AT: Final = 200
"""Lines of a JSON Lines file that are looked at to learn its keys; and all that follow, until each
key is found that the mapping names: whoever writes JSON leaves out what is empty."""
LONGEST_CELL: Final = 1 << 24
"""Letters of one value in CSV: a thousand articles of a basket have some two hundred thousand."""
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_HIGH: Final = bytes(range(0x80, 0x100))
_AT_ONCE: Final = 1 << 20
_LIST: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")
_NOT_KEPT: Final = ("\0", "\\x00", "\\u0000")
"""The one character no database keeps: as it is, as Python shows it, and as JSON writes it."""


class Share(NamedTuple):
    """Which of a file's pieces somebody reads: this one of so many, and so on."""

    number: int = 0
    of: int = 1

    def own(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The lines of these pieces; the others are passed over as they are."""
        return rows if self.of == 1 else _pieces(rows, self.number, self.of)


ALL: Final = Share()


class Row(NamedTuple):
    """One line: where it begins, and its values in the order of the columns."""

    line: int
    values: Sequence[Any] | Wrong


class Table(NamedTuple):
    """A file that is open: its columns, and its lines one after the other."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def _pieces(rows: Iterator[Row], number: int, of: int) -> Iterator[Row]:
    for at, row in enumerate(rows):
        if at // PIECE % of == number:
            yield row


def open_table(path: Path, file: FileMap, share: Share = ALL, *, torn: bool = False) -> Table:
    """Open a file as its mapping says it is written, for whoever reads this share of it.

    `torn`: a line that is not of this encoding is wrong by itself, and the others are read.
    Faults: Invalid for a file that is empty, not of this format or encoding, or that names a
    column twice; also later, at the line where the encoding breaks.
    """
    format_ = format_of(path, file)
    try:
        if path.stat().st_size == 0:
            raise Invalid(f"{path.name} is empty; export it again")
        if format_ == "csv":
            table = _open_csv(path, file, share, torn=torn)
        else:
            table = _OPEN[format_](path, file, share)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}") from None
    twice = {name for name in table.columns if table.columns.count(name) > 1}
    if twice:
        raise Invalid(f"{path.name} has the column {min(twice)} twice; rename one of them")
    return table


def format_of(path: Path, file: FileMap) -> str:
    """How a file is written, as its mapping or the end of its name says. Faults: Invalid."""
    format_ = file.format or _FORMATS.get(path.suffix.lower())
    if format_ is None:
        raise Invalid(
            f"{path.name}: nobody says what it is; end its name in .csv, .jsonl, .parquet"
        )
    return format_


def _open_csv(path: Path, file: FileMap, share: Share, *, torn: bool) -> Table:
    rows = _csv_rows(path, file, torn)
    header = next(rows, None)
    if header is None or isinstance(header.values, Wrong):
        raise Invalid(f"{path.name} has no line with the names of its columns")
    columns = tuple(name.strip() for name in header.values)
    for other in (";", "\t", ",", "|"):
        if len(columns) == 1 and other in columns[0]:
            raise Invalid(
                f"{path.name} has one column only; its values seem to be parted by {other!r}: "
                f"say `delimiter: {other!r}` in the mapping"
            )
    return Table(columns, _kept(columns, _as_wide_as(share.own(rows), len(columns))))


def _csv_rows(path: Path, file: FileMap, torn: bool) -> Iterator[Row]:
    encoding = file.encoding.lower()
    if _marked(path) and not encoding.startswith("utf-16"):
        raise Invalid(f"{path.name} is written in UTF-16: say `encoding: utf-16` in the mapping")
    if _a_byte_a_letter(encoding) and _surely_utf8(path):
        raise Invalid(
            f"{path.name} is written in UTF-8, not in {file.encoding}: say `encoding: utf-8` in "
            "the mapping"
        )
    if encoding in ("utf-8", "utf8"):
        encoding = "utf-8-sig"  # also without the mark some programs put in front
    begins = 1
    csv.field_size_limit(LONGEST_CELL)  # of the whole process; by itself it is 131,072
    try:
        errors = "surrogateescape" if torn else "strict"
        with path.open(encoding=encoding, newline="", errors=errors) as stream:
            reader = csv.reader(stream, delimiter=file.delimiter, strict=True)
            for values in reader:
                if values:
                    broken = torn and _is_broken(values)
                    yield Row(begins, _other_encoding(file.encoding) if broken else values)
                begins = reader.line_num + 1
    except LookupError:
        raise Invalid(f"nobody knows the encoding {file.encoding}; try windows-1252") from None
    except UnicodeError as error:
        other = "iso-8859-1" if encoding in ("windows-1252", "cp1252") else "windows-1252"
        raise Invalid(
            f"{path.name} is not written in {file.encoding}: it breaks at or after line {begins} "
            f"({error.reason if isinstance(error, UnicodeDecodeError) else error}); "
            f"say another `encoding` in the mapping, for example {other}"
        ) from None
    except csv.Error as error:
        raise Invalid(f"{path.name}, line {begins}: {_no_csv(error)}") from None


def _no_csv(error: csv.Error) -> str:
    if "field limit" in str(error):  # its only word for that
        return (
            f"a value has more than {LONGEST_CELL:,} letters: a quotation mark behind it is "
            "missing, or something is in the file that is no part of it"
        )
    return f"{error}; a quotation mark is missing, or stands inside a value without being doubled"


def _is_broken(values: Sequence[str]) -> bool:
    """Whether bytes of a line were no letters of its encoding."""
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return True
    return False


def _other_encoding(name: str) -> Wrong:
    mend = "Export it in one encoding, or say another `encoding` in the mapping"
    return Wrong("", f"this line is not written in {name}", mend)


def _marked(path: Path) -> bool:
    """Whether a file begins with the mark of UTF-16."""
    with path.open("rb") as raw:
        return raw.read(2) in _MARKS


def _a_byte_a_letter(encoding: str) -> bool:
    """Whether an encoding has a letter for nearly every byte, so that it never breaks by itself."""
    try:
        letters = _HIGH.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return False
    return len(letters) == len(_HIGH) and letters.count("\ufffd") < len(_HIGH) // 2


def _surely_utf8(path: Path) -> bool:
    """Whether a file has letters beyond ASCII, and all of them are well-formed UTF-8.

    What another encoding wrote breaks at its first accent: an ü of windows-1252 is no letter of
    UTF-8. The other way round nothing breaks, and Jörg would be brought over as JÃ¶rg.
    """
    decoder, beyond = codecs.getincrementaldecoder("utf-8")(), False
    with path.open("rb") as raw:
        while piece := raw.read(_AT_ONCE):
            try:
                beyond |= not decoder.decode(piece).isascii()
            except UnicodeDecodeError:
                return False
    return beyond and not decoder.getstate()[0]


def _kept(columns: tuple[str, ...], rows: Iterator[Row]) -> Iterator[Row]:
    """The lines, with one that a database cannot keep told as wrong."""
    for row in rows:
        if isinstance(row.values, Wrong) or not _not_kept(row.values):
            yield row
        else:
            named = zip(columns, row.values, strict=True)
            column = next(name for name, value in named if _not_kept([value]))
            yield Row(row.line, no_such_letter(column))


def _not_kept(values: Sequence[Any]) -> bool:
    try:
        told = "".join(values)
    except TypeError:  # of a typed file
        told = repr(values)
    return any(one in told for one in _NOT_KEPT)


def _as_wide_as(rows: Iterator[Row], width: int) -> Iterator[Row]:
    for row in rows:
        if isinstance(row.values, Wrong) or len(row.values) == width:
            yield row
        else:
            yield Row(row.line, _other_width(len(row.values), width))


def _other_width(found: int, width: int) -> Wrong:
    return Wrong(
        "",
        f"this line has {found} values, the first line names {width} columns",
        "A value with the delimiter in it needs quotation marks; or two files were joined",
    )


def _open_jsonl(path: Path, file: FileMap, share: Share) -> Table:
    if _marked(path):
        raise Invalid(f"{path.name} is written in UTF-16, JSON Lines in UTF-8; export it again")
    if _is_a_list(path):
        raise Invalid(
            f"{path.name} is one list in JSON, not JSON Lines: write each object in a line of its "
            "own, without the brackets around them and the commas between them"
        )
    columns = _keys_of(path, {*file.columns(), *(skip.column for skip in file.skip)})
    return Table(columns, share.own(_json_rows(path, columns)))


def _keys_of(path: Path, wanted: set[str]) -> tuple[str, ...]:
    """The keys of the first lines, and of these the ones that first occur further down.

    Faults: Invalid where no line can be read.
    """
    names: dict[str, None] = {}
    wrong: Wrong | None = None
    for place, (_, told) in enumerate(_json_lines(path)):
        if isinstance(told, Wrong):
            wrong = wrong or told
        else:
            found = _flat(told)
            names |= dict.fromkeys(found if place <= _LOOK_AT else wanted & found.keys())
        if place >= _LOOK_AT and wanted <= names.keys():
            break
    if wrong is not None and not names:
        raise Invalid(f"{path.name} has no line that can be read: {wrong.says}; export it again")
    return tuple(names)


def _is_a_list(path: Path) -> bool:
    """Whether a file begins as one list of objects; a line that is a list is only a wrong line."""
    with path.open("rb") as raw:
        return _LIST.match(raw.read(_AT_ONCE)) is not None


def _json_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Every line by these keys: one it lacks is empty, and one nobody asks for is left aside."""
    for line, told in _json_lines(path):
        if isinstance(told, Wrong):
            yield Row(line, told)
        else:
            yield Row(line, list(map(_flat(told).get, columns)))


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    with path.open("rb") as stream:
        for line, text in enumerate(stream, 1):
            bare = text.removeprefix(b"\xef\xbb\xbf") if line == 1 else text
            if not bare.strip():
                continue
            if b"\\u0000" in bare:
                yield line, no_such_letter("")
                continue
            try:
                yield line, decode(bare)
            except UnicodeError:
                yield line, _no_json("it is not written in UTF-8", "Export it again")
            except RecursionError:
                yield line, _no_json("it is nested too deeply", "One object per line")
            except msgspec.DecodeError as error:
                yield line, _no_json(f"{error}", "One object per line")


def _no_json(why: str, mend: str) -> Wrong:
    return Wrong("", f"this is not a JSON object: {why}", mend)


def _flat(told: dict[str, Any], before: str = "") -> dict[str, Any]:
    """An object in an object is reached by a dot; lists and empty objects stay as they are."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        found[before + name] = value
        if isinstance(value, dict) and value and not before:
            found |= _flat(value, f"{name}.")
    return found


def _open_parquet(path: Path, file: FileMap, share: Share) -> Table:
    try:
        frame = pl.scan_parquet(path)
        columns = tuple(frame.collect_schema().names())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise Invalid(f"{path.name} cannot be read as Parquet: {error}") from None
    return Table(columns, _kept(columns, share.own(_parquet_rows(path, frame))))


def _parquet_rows(path: Path, frame: pl.LazyFrame) -> Iterator[Row]:
    line = 0
    try:
        for batch in frame.collect_batches(chunk_size=CHUNK, maintain_order=True):
            for values in batch.iter_rows():
                line += 1
                yield Row(line, values)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Invalid(
            f"{path.name} is damaged behind line {line}: {error}; copy or export it again"
        ) from None


_FORMATS: Final = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet",
}  # fmt: skip
_OPEN: Final = {"jsonl": _open_jsonl, "parquet": _open_parquet}
