"""When two e-mail addresses are one mailbox, asked by referrals and by trials alike."""

import pytest

from regulars.engine.rewarding.plans.identity import identities
from regulars.records.members.mailbox import mailbox


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.da+2@googlemail.com", "ada@gmail.com"),
        ("Ada+trial@example.org", "ada@example.org"),
        ("ada@GMAIL.com", "a.d.a@gmail.com"),
    ],
)
def test_two_spellings_of_a_mailbox_are_one(one: str, other: str) -> None:
    assert mailbox(one) == mailbox(other)
    assert list(identities("shop", "email", one)) == list(identities("shop", "email", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.da@example.org", "ada@example.org"),
        ("ada@gmail.com", "ada@example.org"),
        ("ada@gmail.com", "bda@gmail.com"),
    ],
)
def test_two_mailboxes_stay_two(one: str, other: str) -> None:
    assert mailbox(one) != mailbox(other)
    assert list(identities("shop", "email", one)) != list(identities("shop", "email", other))


def test_the_same_person_has_other_digests_in_another_program() -> None:
    one, other = (set(identities(shop, "email", "ada@example.org")) for shop in ("shop", "kiosk"))
    assert one
    assert one.isdisjoint(other)
