"""The flows for what is put right afterwards, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.commands import answer, member
from tests.model.events import Answer
from tests.model.money.afterwards.events import Credits

from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.activity.types import SaleRef

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL


def credits_late(driver: OnPostgreSQL, event: Credits) -> Answer:
    whom = member(event.who)
    assert whom is not None, event
    told = CreditLate(SaleRef(source="till", external_id=event.sale), whom)
    return answer(driver.shop.ask(credit_late, told)[0])


AFTERWARDS: dict[type, Callable[[Any, Any], Answer]] = {Credits: credits_late}
