"""Whether what comes in was signed by Twilio, with the token of the account, and what it tells."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.api.faults import Malformed, WrongMediaType
from regulars.surfaces.connect.inlets.kinds import Post, Told, encoded, sent_of
from regulars.surfaces.connect.inlets.providers.names import TWILIO
from regulars.surfaces.connect.inlets.signing import BadSignature

SIGNATURE: Final = b"x-twilio-signature"
FORM: Final = b"application/x-www-form-urlencoded"
MOST_FIELDS: Final = 100
_PORTS: Final = {"https": "443", "http": "80"}
_MEND: Final = (
    "Put the account's auth token into the secret `sms_token`, and the address by which Twilio "
    "asks into REGULARS_PUBLIC_URL, or have what stands before us pass it on"
)


def events_of(token: str, post: Post, public_url: str = "") -> tuple[Sent, ...]:
    """The one event that was signed with this token: a message, and how it stands now.

    Shape: `public_url` is where the world finds us.
    Order: the secret of the address was found to be good, and the body to be short, before.
    Keeps: nothing says when it was signed, so an event is known by all that it says: sent again it
    is the same one.
    Faults: BadSignature; WrongMediaType and Malformed for what is no form.
    Source: Twilio, Security: HMAC-SHA1 over the address as it was written there and, without
    anything between, each field's name and value in the order of the names; base64.
    Example: key `12345`, `https://example.com/myapp.php?foo=1&bar=2` and `To=+18005551212` sign
    `https://example.com/myapp.php?foo=1&bar=2To+18005551212`.
    """
    fields = _fields(post)
    said = post.headers.get(SIGNATURE, b"").strip()
    good = False
    for address in addresses(post, public_url):
        good |= hmac.compare_digest(said, signature(token, address, fields))
    if not token or not good:
        raise BadSignature("Twilio's own signature is missing, or does not fit", mend=_MEND)
    told = dict(reversed(fields))
    type_ = told.get("MessageStatus", told.get("SmsStatus", ""))
    name = digest(encoded(fields)).hex
    return (sent_of((TWILIO, name), type_, name, Told(told, encoded(told))),)


def signature(token: str, address: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """What Twilio writes above a form that it sends to this address.

    Order: of a field that is sent more than once each value once, in their order.
    """
    text = address + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.digest(token.encode(), text.encode(), "sha1"))


def addresses(post: Post, public_url: str = "") -> Iterator[str]:
    """By which addresses we may have been asked: what stands before us may have taken away TLS,
    the port is said or not, and so are the name and the password that Twilio was given. Whoever
    passes on another name, or cuts off how its path begins, is known by the public address."""
    host = post.headers.get(b"host", b"").decode("latin-1")
    for scheme in _PORTS:
        yield from _spelt(post, scheme, host, "")
    public = urlsplit(public_url)
    if public.scheme in _PORTS and public.netloc:
        yield from _spelt(post, public.scheme, public.netloc, public.path.rstrip("/"))


def _spelt(post: Post, scheme: str, host: str, begins: str) -> Iterator[str]:
    port = _PORTS[scheme]
    bare = host.removesuffix(f":{port}")
    plain = (host,) if host != bare or ":" in host else (bare, f"{bare}:{port}")
    for where in dict.fromkeys((bare, *plain)):
        for who in _who(post.headers):
            yield f"{scheme}://{who}{where}{begins}{post.at}"


def _who(headers: Mapping[bytes, bytes]) -> tuple[str, ...]:
    """Name and password as they may stand in an address: not at all, plain, or with percents."""
    scheme, _, said = headers.get(b"authorization", b"").strip().partition(b" ")
    try:
        name, colon, word = b64decode(said, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        return ("",)
    if scheme.lower() != b"basic" or not colon:
        return ("",)
    return "", f"{name}:{word}@", f"{quote(name, safe='')}:{quote(word, safe='')}@"


def _fields(post: Post) -> list[tuple[str, str]]:
    if (post.headers.get(b"content-type") or b"").partition(b";")[0].strip().lower() != FORM:
        raise WrongMediaType("Twilio sends a form: application/x-www-form-urlencoded")
    try:
        return parse_qsl(
            post.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise Malformed(f"this is no form of at most {MOST_FIELDS} fields in UTF-8") from None
