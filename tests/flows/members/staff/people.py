"""Staff for tests: taken on by the house, with a way in."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.makers import Shop

from regulars.flows.access.commands import AddStaff, KeepStaff, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.records.access.staff.read import one_staff
from regulars.records.access.staff.tokens import token_hash
from regulars.records.access.staff.types import By, Staff
from regulars.records.members.types import Asked

HOUSE = By(words="the house")
_numbers = count(1)


def settles(shop: Shop, *wishes: KeepStaff) -> list[Any]:
    """These wishes one after the other; none may be wrong."""
    outcomes = shop.ask(keep_staff, *wishes)
    for one in outcomes:
        assert hasattr(one, "staff_id"), one
    return outcomes


def hires(shop: Shop, role: str, *, email: str = "", kept: str = "$none$", **more: Any) -> Staff:
    """Somebody in this role who may come in; `kept` stands for their password."""
    number = next(_numbers)
    link = token_hash(f"link {number}")
    told: Any = (f"Person {number}", email or f"p{number}@shop.test", role, link, HOUSE)
    wish = AddStaff(*told, **more)
    (added,) = settles(shop, wish)
    settles(shop, UseLink(link, kept))
    return found(shop, added.staff_id)


def found(shop: Shop, staff_id: Any) -> Staff:
    one = shop.do(lambda tx, _: one_staff(tx, staff_id))
    assert one is not None
    return one


def key(one: Staff, name: str) -> Asked:
    """Asked by somebody of the shop, under this key."""
    return Asked(one.principal, name)
