"""Every flow that writes is among the operations that are failed, or is named with a reason."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from tests.crash.not_failed import LEFT_OUT, LOOKS
from tests.crash.operations import OPERATIONS, Operation

import regulars.flows

ROOT = Path(regulars.flows.__file__).parents[1]
ANYTHING = SimpleNamespace(
    activity_id=UUID(int=1), staff_id=UUID(int=1), principal="staff_1", member=UUID(int=1), one=SimpleNamespace(principal="staff_1"), round_id=UUID(int=1), boss=UUID(int=1), alert_id=UUID(int=1), member_id=UUID(int=1), redemption_id=UUID(int=1),
    use_id=UUID(int=1), times=(None, None), membership_id=UUID(int=1), claim_id=UUID(int=1), entry_id=UUID(int=1), key=SimpleNamespace(key_id=UUID(int=1)),
    till_id=UUID(int=1), told=(), code="one",
)  # fmt: skip


def flows_there_are() -> Iterator[str]:
    """Every public function of a flow that begins with a transaction, by where it stands."""
    package = regulars.flows
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.startswith("regulars.flows.batch"):
            continue
        for name, one in vars(importlib.import_module(found.name)).items():
            here = inspect.iscoroutinefunction(one) and one.__module__ == found.name
            if (
                here
                and not name.startswith("_")
                and next(iter(inspect.signature(one).parameters)) == "tx"
            ):
                yield _place(one)


def _place(flow: Callable[..., Any]) -> str:
    return f"{flow.__module__.removeprefix('regulars.flows.')}.{flow.__name__}"


def behind(flow: Any) -> Iterator[str]:
    """The flow itself, or those that a test's wrapper around it calls."""
    if flow.__module__.startswith("regulars.flows."):
        yield _place(flow)
        return
    closed = inspect.getclosurevars(flow)
    for one in (*closed.nonlocals.values(), *closed.globals.values()):
        if inspect.isfunction(one) and one.__module__.startswith("regulars.flows."):
            yield _place(one)


def failed(operation: Operation) -> set[str]:
    """The flows that an operation fails."""
    given: Any = "kiosk" if operation.name == "publish" else ANYTHING
    return set(behind(operation.ask(1, given)[0]))


def test_every_flow_is_failed_or_named_with_a_reason() -> None:
    there, tried = set(flows_there_are()), set[str]().union(*map(failed, OPERATIONS))
    assert sorted(there - tried - LEFT_OUT.keys()) == [], "add an operation, or say why not"
    assert sorted(LEFT_OUT.keys() - there) == [], "these are no flows any more"
    assert sorted(LEFT_OUT.keys() & tried) == [], "these are failed after all"


NO_FLOWS = {
    "batch.load.hold_members": LOOKS,
}
"""What other rooms ask of the flows and await, and is none."""


def asked_from_outside() -> set[str]:
    """Everything of the flows that any other room imports and awaits, by where it stands."""
    found = set[str]()
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text("utf-8")
        if file.is_relative_to(ROOT / "flows") or "regulars.flows" not in text:
            continue
        for node in ast.parse(text).body:
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and module.startswith("regulars.flows"):
                found |= set(_awaited(module, [one.name for one in node.names]))
    return found


def _awaited(module: str, names: list[str]) -> Iterator[str]:
    there = importlib.import_module(module)
    for name in names:
        one = getattr(there, name, None) or importlib.import_module(f"{module}.{name}")
        every = vars(one).values() if inspect.ismodule(one) else [one]
        yield from (
            _place(each)
            for each in every
            if inspect.iscoroutinefunction(each)
            and (each is one or each.__module__ == one.__name__)
            and not each.__name__.startswith("_")
            and each.__module__.startswith("regulars.flows.")
        )


def test_whatever_is_asked_from_outside_is_a_flow_that_is_counted() -> None:
    """One that begins with something else than a transaction, or hides in `batch`, is seen too."""
    asked = asked_from_outside()
    assert len(asked) > 150
    assert sorted(asked - set(flows_there_are()) - NO_FLOWS.keys()) == []
    assert sorted(NO_FLOWS.keys() - asked) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_operation_fails_a_flow(operation: Operation) -> None:
    assert failed(operation)


def test_control_a_flow_without_an_operation_would_be_named() -> None:
    left = [one for one in OPERATIONS if one.name != "transfer"]
    tried = set[str]().union(*map(failed, left))
    assert set(flows_there_are()) - tried - LEFT_OUT.keys() == {
        "points.transfer_points.transfer_points"
    }
