"""An app signs in by its secret, or by a word it signs; either is replaced while much waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.surfaces.connect.salesforce.force import Force
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.outlets.salesforce.signing_in import audience, private_key

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def force(counter: Counter) -> Iterator[Force]:
    made = Force(counter)
    made.later(minutes=10)
    made.tells()
    yield made
    made.ends()


def test_a_secret_that_is_replaced_by_a_private_key_while_much_waits_loses_nothing(
    force: Force,
) -> None:
    known = {force.joins(f"known{n}") for n in range(3)}
    force.relay()
    force.org.good.clear()  # its tokens are over, and its secret is another
    force.org.secret, force.org.certificate = "replaced", KEY.public_key()
    late = {force.joins(f"late{n}") for n in range(3)}
    assert "does not know this consumer key" in force.relay()["problem"]
    force.later(days=3)
    force.relay()
    force.org.asked.clear()
    force.org.clock = force.shop.now
    force.tells(secret=PEM, client=force.org.user)
    shown = force.relay()
    assert (shown["problem"], shown["waiting"]) == ("", 0)
    told = [one["Regulars_Member__c"] for method, _, wish in force.org.asked
            if method == "PATCH" for one in wish["records"]]  # fmt: skip
    assert late <= set(told)
    assert len(told) == len(set(told))
    assert not known & set(told)
    ((kept,),) = force.shop.rows(
        "select keys from outlet where program_id = $1 and inlet_id = $2::text::uuid",
        force.made["id"].removeprefix("inl_"),
    )
    assert PEM[60:120].encode() not in kept
    force.org.user = "somebody-else"
    force.org.good.clear()
    force.joins("last")
    assert force.relay()["problem"].startswith("it does not take what was signed")


def test_what_is_entered_to_sign_in_by_is_refused_with_its_field(force: Force) -> None:
    short = rsa.generate_private_key(65537, 1024)
    small = short.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for place in ("outlet", "catch-up"):
        address = f"{force.place}/{place}"
        for wish, field in (
            ({"secret": PEM}, "/client"),
            ({"secret": "plain", "client": "ada"}, "/client"),
            ({"secret": PEM[:200], "client": "ada"}, "/secret"),
            ({"secret": small, "client": "ada"}, "/secret"),
        ):
            answer = force.counter.ask("PUT", address, force.keys | wish)
            assert problem(answer) == (422, "invalid", field), (place, field)


def test_a_key_is_read_though_its_lines_were_lost_and_no_other_kind_is() -> None:
    assert private_key(" ".join(PEM.split("\n"))) is not None
    plain = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert private_key(plain.decode()) is not None
    curve = ec.generate_private_key(ec.SECP256R1())
    other = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert private_key(other) is None
    assert private_key(PEM.replace("A", "*", 1)) is None
    assert audience("https://tea.my.salesforce.com") == "https://login.salesforce.com"
    assert audience("https://tea--uat.sandbox.my.salesforce.com").startswith("https://test.")
