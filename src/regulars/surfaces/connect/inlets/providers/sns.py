"""Whether what comes in was signed by Amazon SNS for this topic, and what it tells."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from regulars.base.faults import Outage
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.inlets.kinds import (
    MOST_EVENTS,
    Post,
    Told,
    encoded,
    object_of,
    sent_of,
)
from regulars.surfaces.connect.inlets.providers.names import TOPIC
from regulars.surfaces.connect.inlets.signing import BadSignature
from regulars.surfaces.senders.outgoing.fetching import Fetch, NoAnswer, NotAllowed

_CERTIFICATE: Final = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")
_HASHES: Final = {"1": SHA1, "2": SHA256}
_NOTIFIED: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMED: Final = (
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
)  # fmt: skip
_SIGNED: Final = {
    "Notification": _NOTIFIED,
    "SubscriptionConfirmation": _CONFIRMED,
    "UnsubscribeConfirmation": _CONFIRMED,
}
"""What of each type is signed, in this order."""
MOST_KEPT: Final = 100
_MEND: Final = "Write the ARN of the topic as `signed_by`, and leave raw delivery off"

_certificates: dict[str, Certificate] = {}
"""By their address, which changes with what stands there."""


async def events_of(topic: str, post: Post, now: datetime, fetch: Fetch) -> tuple[Sent, ...]:
    """The events of a notification; of a request to confirm the topic none, and it is confirmed.

    Order: topic and addresses are looked at before anything is fetched, and the signature before
    anything of the message is read. The certificate is fetched once for each of its addresses.
    Keeps: only SNS of the topic's own region is asked, by TLS. A message is known by its id, so
    that a second one with it, however late, is the same event.
    Faults: BadSignature; Malformed. Raises: Outage where SNS cannot be asked, so it tries again.
    Source: Amazon SNS, Verifying the signatures of messages; SignatureVersion 1 and 2.
    Example: a message that anybody's own topic was sent is signed well, and refused: another topic.
    """
    said = object_of(post.body)
    kind, host = said.get("Type"), _host(topic)
    if kind not in _SIGNED or said.get("TopicArn") != topic:
        raise BadSignature("this is no message of the topic that is named here", mend=_MEND)
    certificate = await _certificate(_within(said.get("SigningCertURL"), host), fetch)
    _check(certificate, said, _SIGNED[kind], now)
    if kind == "SubscriptionConfirmation":
        await _confirm(said, topic, host, fetch)
    return _told(topic, said) if kind == "Notification" else ()


def _host(topic: str) -> str:
    found = TOPIC.fullmatch(topic)
    assert found is not None, topic
    return f"sns.{found[1]}.amazonaws.com" + (".cn" if topic.startswith("arn:aws-cn:") else "")


def _within(url: Any, host: str) -> str:
    """An address of SNS in the topic's own region. Faults: BadSignature for any other."""
    if isinstance(url, str) and len(url) <= 1_000 and url.isascii() and url.isprintable():
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if (parts.scheme, parts.netloc) == ("https", host) and not parts.fragment:
            return url
    raise BadSignature("it names an address that is not SNS of the topic's region", mend=_MEND)


async def _certificate(url: str, fetch: Fetch) -> Certificate:
    parts = urlsplit(url)
    if parts.query or _CERTIFICATE.fullmatch(parts.path) is None:
        raise BadSignature("it names a certificate that is none of SNS", mend=_MEND)
    if url not in _certificates:
        try:
            found = load_pem_x509_certificate(await _asked(url, fetch))
        except ValueError:
            raise Outage("the certificate of SNS cannot be read; try again later") from None
        if len(_certificates) >= MOST_KEPT:
            _certificates.clear()
        _certificates[url] = found
    return _certificates[url]


async def _asked(url: str, fetch: Fetch) -> bytes:
    try:
        return await fetch(url)
    except (NoAnswer, NotAllowed) as why:
        raise Outage(f"SNS cannot be asked: {why}; try again later") from None


def _check(
    certificate: Certificate, said: Mapping[str, Any], names: tuple[str, ...], now: datetime
) -> None:
    lasts = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    if not (lasts and _good(certificate.public_key(), said, names)):
        raise BadSignature("the signature of SNS is missing, or does not fit", mend=_MEND)


def _good(key: Any, said: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    made = _HASHES.get(str(said.get("SignatureVersion")))
    parts = [(name, said[name]) for name in names if name in said]
    missing = set(names) - {"Subject"} - {name for name, _ in parts}
    texts = all(isinstance(value, str) for _, value in parts)
    if made is None or missing or not texts or not isinstance(key, RSAPublicKey):
        return False
    text = "".join(f"{name}\n{value}\n" for name, value in parts)
    try:
        signature = b64decode(str(said.get("Signature", "")), validate=True)
        key.verify(signature, text.encode(), PKCS1v15(), made())
    except (InvalidSignature, Error, ValueError):
        return False
    return True


async def _confirm(said: Mapping[str, Any], topic: str, host: str, fetch: Fetch) -> None:
    """Say yes to the topic, at the address SNS gave: one of its own, for this very topic."""
    url = _within(said["SubscribeURL"], host)
    asks = parse_qs(urlsplit(url).query)
    if asks.get("Action") != ["ConfirmSubscription"] or asks.get("TopicArn") != [topic]:
        raise BadSignature("it wants something else confirmed than the topic named", mend=_MEND)
    await _asked(url, fetch)


def _told(topic: str, said: Mapping[str, Any]) -> tuple[Sent, ...]:
    """What the message tells, one event for each address it names, found there as `recipient`."""
    text = said["Message"].encode()
    scan(text)
    message = object_of(text)
    type_ = str(message.get("notificationType") or message.get("eventType") or "")
    about = message.get(type_.lower()) if type_ else None
    named = next(
        (each for name in ("bouncedRecipients", "complainedRecipients")
         if isinstance(about, dict) and isinstance(each := about.get(name), list)),
        None,
    )  # fmt: skip
    whole = (
        [message] if not named else [message | {"recipient": one} for one in named[:MOST_EVENTS]]
    )
    return tuple(
        sent_of(
            ("sns", topic, said["MessageId"], str(place)),
            type_,
            said["MessageId"],
            Told(one, encoded(one)),
        )
        for place, one in enumerate(whole)
    )
