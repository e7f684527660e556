"""Every refusal and fault an operation can answer stands in its document, and no other.

Read out of the source: from what an operation does to every code it leads to. What a way through
the source leads to and is never answered stands in `unsaid.py`, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.members.staff.people import hires
from tests.surfaces.api.document.reach import Node, leads_to, reached
from tests.surfaces.api.document.unsaid import BY_OTHERS, ELSEWHERE, UNSAID
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api import openapi
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS

OWN = "own_membership"


def begins(operation: Operation) -> Node:
    """The function an operation is."""
    does: Any = operation.do if operation.open is None else operation.open
    while isinstance(does, partial):
        does = does.func
    return does.__module__, does.__qualname__


def staffed(operation: Operation) -> bool:
    """Whether whoever asks can name somebody of the shop, who may be the member themselves."""
    fields = () if operation.sent is None else operation.sent.__struct_fields__
    return bool({"actor", "cashier"} & set(fields))


def listed_by(operations: Iterable[Operation]) -> set[str]:
    return {code for one in operations for code in openapi.codes_of(one)}


def told_to_others(operation: Operation) -> set[str]:
    """Codes of its flow that this operation never answers."""
    found = set[str]()
    for names, codes, _ in BY_OTHERS:
        found |= set(codes.split()) if operation.name in names.split() else set()
    return found


def unlisted(operation: Operation) -> dict[str, list[str]]:
    """What can be answered, and the document does not say, each with the way to it."""
    module, _ = begins(operation)
    others = [one for one in OPERATIONS if one.name != operation.name]
    family = listed_by(one for one in others if begins(one)[0] == module)
    said = set(openapi.codes_of(operation)) | told_to_others(operation)
    leaves_out = frozenset(UNSAID)
    if not staffed(operation):
        leaves_out |= {"own.own_membership"}
    found = reached(begins(operation), leaves_out)
    # What one of the same file lists is of their common flow: fuzz/ asks each for itself.
    return {code: way for code, way in found.items() if code not in said | (family - {OWN})}


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_whatever_can_be_answered_is_listed(operation: Operation) -> None:
    assert unlisted(operation) == {}


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_whatever_is_listed_can_be_answered(operation: Operation) -> None:
    can = reached(begins(operation)).keys() | ELSEWHERE.get(operation.name, set())
    assert set(operation.codes) - can == set()


def test_every_reason_is_for_something() -> None:
    every = {one.name: one for one in OPERATIONS}
    assert ELSEWHERE.keys() <= every.keys()
    for names, codes, reason in BY_OTHERS:
        assert reason
        of_these = [set(reached(begins(every[name]))) for name in names.split()]
        assert set(codes.split()) <= set().union(*of_these), names
        assert all(set(codes.split()) & some for some in of_these), names
    assert UNSAID.keys() <= set().union(*(leads_to(begins(one)) for one in OPERATIONS))


def test_control_a_code_that_is_taken_out_is_missed() -> None:
    named = {one.name: one for one in OPERATIONS}
    for name, code in (("take_part", "team_needed"), ("take_part", "member_blocked"),
                       ("use_at_till", OWN), ("hand_over_reward", "out_of_stock"),
                       ("get_redemption", "not_found")):  # fmt: skip
        codes = tuple(one for one in named[name].codes if one != code)
        less = replace(named[name], codes=codes)
        assert (code in unlisted(less)) == (code not in openapi.codes_of(less)), (name, code)
    assert OWN not in unlisted(named["name_referral"]), "a key names nobody of the shop there"


def test_control_a_code_that_nobody_answers_is_too_much() -> None:
    (one,) = (one for one in OPERATIONS if one.name == "tags")
    assert "out_of_stock" not in reached(begins(one))


def test_a_key_that_names_who_does_it_is_told_when_it_is_for_themselves(counter: Counter) -> None:
    mia = hires(counter.shop, "manager", email="mia@own-shop.de")
    name = {"identifiers": [{"kind": "email", "value": "mia@own-shop.de"}]}
    member = {"id": counter.post("/v1/members", name).json()["id"]}
    by_mia = {"reason": "a gift", "actor": mia.principal}
    gift = {"member": member, "wallet": "points", "units": 5} | by_mia
    assert problem(counter.post("/v1/adjustments", gift))[:2] == (409, OWN)
    path = f"/v1/members/{member['id']}/block"
    assert problem(counter.post(path, by_mia))[:2] == (409, OWN)
    assert counter.post("/v1/adjustments", gift | {"actor": "somebody"}).status_code == 201
