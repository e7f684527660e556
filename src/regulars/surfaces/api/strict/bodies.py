"""Bodies read strictly: one JSON text, each name once, whole numbers, nothing we do not know."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from regulars.surfaces.api.faults import (
    DuplicateName,
    Malformed,
    TooDeep,
    TooLarge,
    WrongMediaType,
)
from regulars.surfaces.api.strict.patience import Patience
from regulars.surfaces.api.strict.pointers import (
    escaped,
    fault_of,
    first_of,
    pointer_before,
    pointer_below,
)

LARGEST_BODY: Final = 1_000_000
LARGEST_OF_A_SHOP: Final = 4_000_000
"""Of what a known vendor's shop sends to the address of its source: an order of some hundred lines,
with all of its refunds, says each of them several times."""
DEEPEST: Final = 32

Sent = TypeVar("Sent")
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

# Possessive, and content without a closing quote: no text makes it try twice.
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))


async def receive_body(
    receive: Receive, length: bytes | None, patience: Patience, most: int = LARGEST_BODY
) -> bytes:
    """The whole body, or as much of it as we take.

    Faults: TooLarge, before it is read when its length was said; TooSlow.
    """
    check_length(length, most)
    with patience:
        body = await _received(receive, most)
    if len(body) > most:
        raise too_large(most)
    return body


def check_length(length: bytes | None, most: int = LARGEST_BODY) -> None:
    """Refuse a body that says it is too large before it is read. Faults: TooLarge."""
    if length is not None and (len(length) > 7 or int(length) > most):
        raise too_large(most)


async def _received(receive: Receive, most: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body") and size <= most:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    return b"".join(parts)


def require_json(content_type: bytes | None) -> None:
    """Refuse a body that is not said to be JSON."""
    if content_type == b"application/json":
        return
    kind, _, rest = (content_type or b"").lower().partition(b";")
    if kind.strip() != b"application/json" or rest.strip() not in _CHARSETS:
        raise WrongMediaType("send JSON and say so: `Content-Type: application/json`")


_CHARSETS = (b"", b"charset=utf-8", b'charset="utf-8"', b"charset=utf8")


def read_body(body: bytes, decoder: msgspec.json.Decoder[Sent]) -> Sent:
    """The value in a body, after everything JSON leaves open was refused.

    Faults: Malformed, DuplicateName, TooDeep, UnknownField, or Invalid with a pointer to the field.
    """
    scan(body)
    return decode(body, decoder)


def decode(body: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[Sent]) -> Sent:
    """The value in a part of a body that was scanned."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise fault_of(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"this is not JSON: {error}") from None


def scan(body: bytes) -> None:
    """Refuse what JSON readers disagree about: names said twice, NaN, text that is not UTF-8,
    nesting without end, and the one character (U+0000) no database keeps."""
    scan_as(body, _any)


def scan_as(body: bytes, decode: Callable[[bytes], Any]) -> Any:
    """The same; and what this reader, which knows no types, makes of the body.

    Faults: as of `scan`, and Malformed for what this reader does not take.
    """
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(body):
        raise _too_deep(body)
    try:
        found = decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _read_slowly(body)
        if decode is _any:
            return None
        raise Malformed(f"this is not JSON: {error}") from None
    if not _each_name_once(body, found):
        _read_slowly(body)
    return found


def _each_name_once(body: bytes, found: Any) -> bool:
    """A quick proof for most bodies: as many names come out of a reader as went in.

    That reader keeps the last of a name, so a name said twice comes out once. Without
    backslashes, and without space before a colon, each `":` that is missing is a name. PHP writes
    `\\/` for a slash, which is one.
    """
    if b"\\" in body:
        body = body.replace(b"\\/", b"/")
        if b"\\" in body:
            return False
    if b" :" in body or b"\n:" in body or b"\r:" in body or b"\t:" in body:
        return False
    try:
        return body.count(b'":') == _encode(found).count(b'":')
    except (msgspec.MsgspecError, OverflowError, RecursionError):
        return False


def _read_slowly(body: bytes) -> None:
    """Read every name and say what is wrong and where."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"the body is not UTF-8 (byte {error.start})") from None
    if text[:1] == "\ufeff":
        raise Malformed("the body begins with a byte order mark; leave it out")
    try:
        read = _decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        at = pointer_before(text[: error.pos].encode())
        raise Malformed(f"this is not JSON: {error.msg} at {where}", field=at) from None
    except RecursionError:  # brackets without their partners
        raise _too_deep(body) from None
    _refuse_marked(read)
    if b"\\u0000" in body:
        _refuse_nul(text)


def too_large(most: int = LARGEST_BODY) -> TooLarge:
    """The fault of a body that is larger than we take."""
    return TooLarge(f"a body may have {most} bytes; send less at once, in batches of up to 1,000")


def _too_deep(body: bytes) -> TooDeep:
    says = f"the body is nested more than {DEEPEST} levels deep; flatten it"
    return TooDeep(says, field=pointer_below(body, DEEPEST))


def _is_deep(body: bytes) -> bool:
    """Whether there are more levels than we take: each turn takes the innermost one away."""
    left = _TEXTS.sub(b"", body).translate(_BRACKETS, _OTHERS)
    for _ in range(DEEPEST):
        if not left:
            return False
        left = left.replace(b"[]", b"")
    return b"[]" in left


class _Twice(dict[str, Any]):
    """An object of which some name is said twice."""

    name = ""


class _NoNumber(str):
    """What some writers put where a number is missing: NaN, Infinity."""

    __slots__ = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; marked where it says a name twice."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = _Twice(pairs)
    marked.name = Counter(name for name, _ in pairs).most_common(1)[0][0]
    return marked


def _refuse_marked(read: Any) -> None:
    """Refuse the first thing that was marked while it was read, at its place."""
    found = first_of(read, lambda value: isinstance(value, _Twice | _NoNumber))
    if found is None:
        return
    pointer, value = found
    if isinstance(value, _Twice):
        name = value.name[:60]
        says = f"the name {name!r} stands twice in one object; say it once"
        raise DuplicateName(says, field=f"{pointer}/{escaped(name)}")
    says = f"{value} is not JSON; send a number, or leave the field out"
    raise Malformed(says, field=pointer)


_any = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
# Digits are only measured here: numbers are judged by the typed reader that follows.
_decode = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_NoNumber, parse_int=len, parse_float=len
).decode


def _refuse_nul(text: str) -> None:
    read = json.loads(text, parse_int=len)
    found = first_of(read, lambda value: any("\0" in text for text in _own_texts(value)))
    if found is not None:
        raise Malformed("a text has the character U+0000 in it; leave it out", field=found[0])


def _own_texts(value: Any) -> Iterable[str]:
    """A text itself, or the names an object says."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, dict) else ()
