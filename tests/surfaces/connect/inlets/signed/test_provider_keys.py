"""A provider's own signature: asked for where the mapping has its key, besides the secret."""

from __future__ import annotations

import gzip
from base64 import b64encode

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.test_letters import (
    SENDGRID,
    SIGNED,
    joins,
    marks,
    shown,
    tell,
)
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.mapping import MappingFault

AT = "1772445600"
OWN, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())


def key_of(private: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
    public = private.public_key()
    told = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(told).decode()


WITH_KEY = f"{SENDGRID}signed_by: {key_of(OWN)}\n"


def above(body: bytes, at: str = AT, by: ec.EllipticCurvePrivateKey = OWN) -> dict[str, str]:
    made = by.sign(at.encode() + body, ec.ECDSA(SHA256()))
    return {
        "x-twilio-email-event-webhook-signature": b64encode(made).decode(),
        "x-twilio-email-event-webhook-timestamp": at,
    }


@pytest.fixture
def sendgrid(counter: Counter) -> Sender:
    return Sender(counter, WITH_KEY, "letters")


def failed(mail: str) -> bytes:
    told = {"email": mail, "timestamp": int(AT), "event": "bounce", "type": "bounce"}
    return msgspec.json.encode([told | {"reason": "550 nobody"}])


def test_what_the_provider_signed_marks_the_address_once_and_packed_too(sendgrid: Sender) -> None:
    mail = joins(sendgrid.shop, sendgrid.mark)
    body = failed(mail)
    packed = gzip.compress(body)
    answers = [
        tell(sendgrid, body, **above(body)),
        tell(sendgrid, body, **above(body, "1772532000")),
        tell(sendgrid, packed, **above(body), **{"content-encoding": "gzip"}),
        tell(sendgrid, packed, **above(packed), **{"content-encoding": "gzip"}),
    ]
    assert [one.status_code for one in answers] == [202] * 4
    sendgrid.book()
    assert marks(sendgrid, mail) == [("hard", 1, "550 nobody")]


def test_nothing_comes_in_without_both_the_signature_and_the_secret(sendgrid: Sender) -> None:
    body = failed("x@example.org")
    good, before = above(body), sendgrid.shop.counts()
    signature, at = good
    tries = [
        {},
        {signature: good[signature]},
        {at: AT},
        good | {at: "1772445601"},
        good | {at: ""},
        good | {signature: "!!!"},
        good | {signature: good[signature][:-8]},
        above(body, by=OTHER),
        above(body + b" "),
        above(body, "1772x"),
    ]
    answers = [problem(tell(sendgrid, body, **one))[:2] for one in tries]
    no_secret = problem(tell(sendgrid, body, **good, authorization="Bearer whsec_x"))[:2]
    assert answers == [(401, "bad_signature")] * 10
    assert no_secret == (401, "bad_signature")
    assert sendgrid.shop.counts() == before
    assert tell(sendgrid, body, **good).status_code == 202
    assert shown(sendgrid).startswith("whsec_")


@pytest.mark.parametrize(
    "key",
    ["nonsense", "MFkw", key_of(Ed25519PrivateKey.generate())],
    ids=["nonsense", "cut", "another-algorithm"],
)
def test_a_key_that_is_none_is_refused_with_its_field(key: str) -> None:
    with pytest.raises(MappingFault, match=r"signed_by.*no public key"):
        mapping_for(f"{SENDGRID}signed_by: {key}\n", "letters")


def test_another_curve_is_no_key_of_theirs() -> None:
    key = key_of(ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(MappingFault, match="no public key"):
        mapping_for(f"{SENDGRID}signed_by: {key}\n", "letters")


def test_a_source_that_signs_as_everybody_does_has_no_such_key() -> None:
    with pytest.raises(MappingFault, match="only a source of letters"):
        mapping_for(f"{SIGNED}signed_by: {key_of(OWN)}\n", "webhook")
