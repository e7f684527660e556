"""Forms with files in them, as browsers send them: kept in memory, or written as they come."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from litestar.exceptions import InternalServerException
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from regulars.base.faults import Invalid, Outage
from regulars.surfaces.api.strict.patience import Patience
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.words import N

LARGEST: Final = 512 << 20
"""Bytes of a file; a million receipts are some eighty million."""
DRAINED: Final = 4 * LARGEST
"""So much of a file that is too large is heard to its end, so that the answer is heard, too."""
MOST_FIELD: Final = 10_000
MOST_PARTS: Final = 50
TOO_LARGE: Final = N(
    "This file has more than 512 MB. Save it as Parquet, cut it into parts, or bring it over with "
    "`regulars import` at the command line."
)
NO_FORM: Final = N("this is no form that a browser sends")
NO_FILE: Final = N("Choose a file")
NOT_WHOLE: Final = N("this did not come whole; send it once more")
"""Nobody hears it: whoever sent it has gone. It is their doing, and no mistake of ours."""
EMPTY: Final = N("This file is empty; export it again")
NO_ROOM: Final = N("there is no room on the disk for this file; ask who runs the server")


class Brought(Struct, frozen=True):
    """What came: the form's other fields, what the file is called there, where it lies."""

    form: Form
    name: str
    folder: Path
    file: Path
    bytes: int


async def receive(request: Any, check: Callable[[Form], None], folder: Path) -> Brought:
    """Write the one file of a form into a fresh folder.

    Order: every field stands before the file, and `check` has its say before a byte is written.
    Keeps: what does not come whole leaves nothing behind.
    Faults: Invalid for what is no such form or too large; Outage for a full disk.
    """
    boundary = _boundary(request.headers.get("content-type", ""))
    if not boundary:
        check(Form({}, request.path_params))
        raise Invalid(NO_FORM)
    intake = _Intake(check, folder, request.path_params)
    try:
        with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
            async for part in _patiently(request.stream()):
                for event in parser.parse(part) if part else ():
                    intake.take(event)
        return intake.done()
    except MultipartError as error:
        intake.drop()
        raise Invalid(NO_FORM) from error
    except OSError as error:
        intake.drop()
        raise Outage(NO_ROOM) from error
    except BaseException:
        intake.drop()
        raise


def parts_of(kind: str, body: bytes) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, bytes]]:
    """The fields of a small form and its files, by name; a file that was not chosen is left out.

    Faults: Invalid for what no browser sends.
    """
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    content, boundary = bytearray(), _boundary(kind)
    if not boundary:
        raise Invalid(NO_FORM)
    try:
        with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    part, content = event, bytearray()
                elif event is not None:
                    content += event
                elif part.filename is None:
                    fields[part.name] = (*fields.get(part.name, ()), _text(content))
                elif content:
                    files[part.name] = bytes(content)
    except MultipartError as error:
        raise Invalid(NO_FORM) from error
    return fields, files


def _boundary(said: str) -> str:
    """What parts such a form; nothing where it is another kind of body."""
    kind, options = parse_options_header(said)
    return str(options.get("boundary", "")) if kind == "multipart/form-data" else ""


def _text(raw: bytearray) -> str:
    """What stands in a field. Faults: Invalid for what no text is."""
    try:
        said = raw.decode()
    except UnicodeError as error:
        raise Invalid(NO_FORM) from error
    if "\0" in said:
        raise Invalid(NO_FORM)
    return said


async def drained(stream: AsyncIterator[bytes]) -> None:
    """Hear a form to its end and keep nothing, so that the answer is heard, too."""
    size = 0
    async for piece in _patiently(stream):
        size += len(piece)
        if size > DRAINED:
            return


async def _patiently(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Piece by piece; whoever sends none for long is not waited for."""
    patience, pieces = Patience(), aiter(stream)
    while True:
        try:
            with patience:
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except InternalServerException as gone:  # so the framework calls whoever hangs up
            raise Invalid(NOT_WHOLE) from gone
        yield piece


class _Intake:
    """Takes the parts of a form in the order in which they come."""

    def __init__(self, check: Callable[[Form], None], folder: Path, path: Any) -> None:
        self._check, self._folder, self._path = check, folder, path
        self._fields: dict[str, tuple[str, ...]] = {}
        self._field: tuple[str, bytearray] | None = None
        self._out: BinaryIO | None = None
        self._name, self._size = "", 0
        self._checked = False

    def take(self, event: MultipartSegment | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        else:
            self._more(event)

    def done(self) -> Brought:
        """What came. Faults: Invalid where no file did, or an empty or too large one."""
        self._see()
        if self._out is not None or not self._name:
            raise Invalid(NO_FILE, field="file")
        if self._size > LARGEST:
            raise Invalid(TOO_LARGE, field="file")
        if not self._size:
            raise Invalid(EMPTY, field="file")
        file = self._folder / "file"
        return Brought(self._form(), self._name, self._folder, file, self._size)

    def drop(self) -> None:
        """Leave nothing behind."""
        if self._out is not None:
            with suppress(OSError):
                self._out.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _form(self) -> Form:
        return Form(self._fields, self._path)

    def _see(self) -> None:
        if not self._checked:
            self._checked = True
            self._check(self._form())

    def _begin(self, part: MultipartSegment) -> None:
        if part.filename is None:
            self._field = (part.name, bytearray())
            return
        self._see()
        if self._name or self._out is not None:
            raise Invalid(NO_FORM)
        self._folder.mkdir(mode=0o700, parents=True)
        self._name = part.filename
        fresh = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._out = os.fdopen(os.open(self._folder / "file", fresh, 0o600), "wb")

    def _more(self, piece: bytearray) -> None:
        if self._field is not None:
            self._field[1].extend(piece)
            if len(self._field[1]) > MOST_FIELD:
                raise Invalid(NO_FORM)
            return
        self._size += len(piece)
        if self._size > DRAINED:
            raise Invalid(TOO_LARGE, field="file")
        if self._out is not None and self._size <= LARGEST:
            self._out.write(piece)

    def _end(self) -> None:
        if self._field is not None:
            name, raw = self._field
            self._fields[name] = (*self._fields.get(name, ()), _text(raw))
            self._field = None
        elif self._out is not None:
            self._out.close()
            self._out = None
