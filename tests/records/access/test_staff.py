"""Who may do what, which passwords and PINs are good, and what a shop may decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from regulars.base.money import LARGEST
from regulars.records.access.staff import passwords
from regulars.records.access.staff.permissions import (
    PERMISSIONS,
    ROLES,
    Permission,
    may_keep,
    permits,
)
from regulars.records.access.staff.settings import SETTINGS, Chosen, wrong_setting
from regulars.records.access.staff.tokens import (
    form_token,
    is_form_token,
    make_token,
    program_of,
    shortened,
)
from regulars.records.access.staff.types import Session, principal_of, staff_of

GUIDE = Path(__file__).parents[3] / "docs/guides/owner/people/staff.md"
SOMEBODY = UUID("01234567-89ab-7def-8123-456789abcdef")
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_every_role_has_permissions_and_no_other() -> None:
    assert PERMISSIONS.keys() == set(ROLES)
    for held in PERMISSIONS.values():
        assert held <= set(Permission)
    assert set().union(*PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("owner", Permission.STAFF_WRITE, None),
        ("manager", Permission.ADJUST_APPROVE, Permission.STAFF_WRITE),
        ("marketer", Permission.PROGRAM_WRITE, Permission.PROGRAM_PUBLISH),
        ("finance", Permission.BOOKS_READ, Permission.ADJUST_WRITE),
        ("support", Permission.ADJUST_WRITE, Permission.ADJUST_APPROVE),
        ("cashier", Permission.TILL_SERVE, Permission.MEMBERS_READ),
        ("auditor", Permission.AUDIT_READ, Permission.MEMBERS_EXPORT),
        ("nobody", None, Permission.TILL_SERVE),
    ],
)
def test_a_role_may_this_and_not_that(
    role: str, may: Permission | None, may_not: Permission | None
) -> None:
    assert may is None or permits(role, may)  # type: ignore[arg-type]
    assert may_not is None or not permits(role, may_not)  # type: ignore[arg-type]


def test_an_auditor_changes_nothing() -> None:
    assert all(one.endswith(":read") for one in PERMISSIONS["auditor"])


def test_owners_keep_everybody_and_managers_cashiers() -> None:
    kept = {(role, other) for role in ROLES for other in ROLES if may_keep(role, other)}
    assert kept == {("owner", other) for other in ROLES} | {("manager", "cashier")}


def test_the_guide_has_the_table_of_permissions_as_it_is() -> None:
    rows = [f"| `{p}` | {' | '.join('x' if permits(r, p) else '' for r in ROLES)} |"
            for p in Permission]  # fmt: skip
    text = GUIDE.read_text("utf-8")
    assert [row for row in rows if row not in text] == []
    assert [f"`{name}`" for name in SETTINGS if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("wished", "wrong"),
    [
        ("four quiet green boats", ""), ("ten chars.", "at least 12"), ("x" * 201, "at most 200"),
        ("ababababababab", "different"), ("i am olga kern!", "your name"),
        ("olga.kern99 hey!", "your name"), ("düsseldorf am rhein", ""),
    ],
)  # fmt: skip
def test_a_password_is_long_and_not_ones_name(wished: str, wrong: str) -> None:
    said = passwords.wrong_password(wished, "Olga Kern", "olga.kern99@example.org")
    assert (wrong in said) if wrong else said == ""


@pytest.mark.parametrize(
    ("pin", "good"),
    [("4711", True), ("90210777", True), ("123", False), ("123456789", False), ("12a4", False),
     ("1111", False), ("1234", False), ("8765", False), ("7890", False), ("٤٧١١", False)],
)  # fmt: skip
def test_a_pin_has_four_to_eight_digits_and_no_plain_order(pin: str, good: bool) -> None:
    assert (passwords.wrong_pin(pin) == "") is good


def test_a_kept_password_has_todays_parameters_and_its_own_salt() -> None:
    one, other = (passwords.kept_form("secret", bytes([n]) * 16) for n in (1, 2))
    assert one != other
    assert not passwords.is_outdated(one)
    assert passwords.is_outdated(one.replace("t=2", "t=1"))
    assert [passwords.is_right(s, one) for s in ("secret", "Secret", "")] == [True, False, False]
    assert not passwords.is_right("secret", "not a kept form")


def test_a_token_names_its_program_and_its_form_token_is_its_own() -> None:
    token, other = make_token(7, b"a" * 32), make_token(7, b"b" * 32)
    told = [program_of(one) for one in (token, token + "x", "0." + "a" * 43)]
    assert told == [7, None, None]
    assert is_form_token(form_token(token), token)
    for wrong in (form_token(other), "", token, "ü"):
        assert not is_form_token(wrong, token)


def test_an_address_is_cut_short() -> None:
    assert shortened("203.0.113.77") == "203.0.113.0/24"
    assert shortened("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert shortened("somewhere") == ""


def test_a_principal_tells_who_of_the_shop_it_is() -> None:
    said = principal_of(SOMEBODY)
    assert staff_of(said) == staff_of(f"{said} till 3") == SOMEBODY
    for other in ("staff_", "staff_xyz", f"key_{SOMEBODY.hex}", "", "staff_" + "g" * 32):
        assert staff_of(other) is None


def test_a_session_ends_idle_or_after_its_longest() -> None:
    session = Session(SOMEBODY, SOMEBODY, "password", "", AT, AT, 30, AT + timedelta(hours=12))
    minute = timedelta(minutes=1)
    assert session.is_open(AT + 29 * minute)
    assert not session.is_open(AT + 30 * minute)
    busy = Session(SOMEBODY, SOMEBODY, "password", "", AT, AT + timedelta(hours=12) - minute, 30,
                   AT + timedelta(hours=12))  # fmt: skip
    assert busy.is_open(AT + timedelta(hours=12) - minute)
    assert not busy.is_open(AT + timedelta(hours=12))


def test_what_holds_is_what_was_said_or_else_the_default_of_the_role() -> None:
    chosen = Chosen({("adjust_limit", "support"): 0, ("idle_minutes", ""): 60})
    assert [chosen.of("adjust_limit", r) for r in ("support", "manager", "cashier")] == [
        0,
        5_000,
        0,
    ]
    assert chosen.of("adjust_limit", "owner") == LARGEST
    assert (chosen.of("idle_minutes"), chosen.of("session_hours")) == (60, 12)


@pytest.mark.parametrize(
    ("name", "about", "value", "wrong"),
    [
        ("idle_minutes", "", 30, ""), ("idle_minutes", "", 4, "from 5 to 720"),
        ("idle_minutes", "owner", 30, "everybody"), ("adjust_limit", "", 30, "which role"),
        ("adjust_limit", "support", 30, ""), ("colour", "", 1, "Choose from"),
    ],
)  # fmt: skip
def test_a_setting_is_within_its_bounds(name: str, about: str, value: int, wrong: str) -> None:
    said = wrong_setting(name, about, value)
    assert (wrong in said) if wrong else said == ""
