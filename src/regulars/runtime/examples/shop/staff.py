"""Who works in the made-up coffee shop, its store, and a way in for each face of Regulars."""

from __future__ import annotations

import os
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final, NamedTuple

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.commands import AddStaff, MakeLink, SetPin, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.tills.commands import KeepStore, MakePairing
from regulars.flows.tills.keep_stores import keep_stores
from regulars.flows.tills.pair_tills import make_pairings
from regulars.records.access.staff import read
from regulars.records.access.staff.passwords import SALT_BYTES, is_right, kept_form
from regulars.records.access.staff.permissions import Permission, Role, permits
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash
from regulars.records.access.staff.types import By, Staff
from regulars.runtime.examples.shop.guests import STORE

PIN: Final = "2580"
"""Of everybody who stands at the counter of the demo; a real one is nobody else's business."""
_BY: Final = By(words="regulars demo")


class Hired(NamedTuple):
    """Somebody of the shop."""

    name: str
    email: str
    role: Role


STAFF: Final = (
    Hired("Olga Peters", "owner@demo.example", "owner"),
    Hired("Marek Novak", "manager@demo.example", "manager"),
    Hired("Jana Ortiz", "marketer@demo.example", "marketer"),
    Hired("Paul Berg", "finance@demo.example", "finance"),
    Hired("Sofia Lenz", "support@demo.example", "support"),
    Hired("Mia Kaya", "cashier@demo.example", "cashier"),
    Hired("Adele Brandt", "auditor@demo.example", "auditor"),
)
"""Somebody in every role, the owner first."""


async def hire(tx: Tx, terms: Terms, known: Mapping[str, str]) -> dict[str, str]:
    """A password for everybody: of an earlier start (`known`) if it still fits, else another one.

    Shape: both by e-mail.
    """
    found = {}
    for one in STAFF:
        staff = await read.by_email(tx, one.email)
        secrets = await read.secrets_of(tx, staff.staff_id) if staff else None
        password = known.get(one.email, "")
        if not (password and secrets is not None and is_right(password, secrets.password)):
            password = await _let_in(tx, terms, one, staff)
        found[one.email] = password
    return found


async def _let_in(tx: Tx, terms: Terms, one: Hired, staff: Staff | None) -> str:
    password = token_urlsafe(12)
    link = token_hash(make_token(tx.program_id, os.urandom(SECRET_BYTES)))
    wish: Any = (
        MakeLink(staff.staff_id, link, _BY)
        if staff
        else AddStaff(one.name, one.email, one.role, link, _BY)
    )
    kept = kept_form(password, os.urandom(SALT_BYTES))
    _done(await keep_staff(tx, terms, [wish]))
    _done(await keep_staff(tx, terms, [UseLink(link, kept)]))
    there = await read.by_email(tx, one.email)
    assert there is not None, one.email
    if permits(one.role, Permission.TILL_SERVE) and not there.has_pin:
        pin = kept_form(PIN, os.urandom(SALT_BYTES))
        _done(await keep_staff(tx, terms, [SetPin(there.staff_id, pin, _BY)]))
    return password


async def open_store(tx: Tx, terms: Terms) -> str:
    """The shop's only store, and a fresh code by which a device becomes its till."""
    _done(await keep_stores(tx, terms, [KeepStore(STORE, "regulars demo", name="Corner Coffee")]))
    (made,) = await make_pairings(tx, [MakePairing(STORE, "regulars demo")])
    if isinstance(made, Fault):
        raise made
    return made.code


def _done(outcomes: Any) -> None:
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            raise outcome
        assert not isinstance(outcome, Refused), outcome
