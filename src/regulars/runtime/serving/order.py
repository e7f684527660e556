"""Which commands must take effect in the order they came: those that name the same thing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from regulars.flows.commands import RecordActivity, Redeem, Settle
from regulars.flows.inlets.keep_arrivals import KeepArrivals

Names = frozenset[Hashable]


def _of_activity(command: RecordActivity) -> Names:
    """The member, the receipt, and the receipt a return is about."""
    names: list[Hashable] = [command.member]
    if command.external_id:
        names.append((command.source, command.external_id))
    sale = command.sale
    if sale is not None:
        names.append(sale.id or (sale.source, sale.external_id))
    return frozenset(names) - _NOBODY


def _of_wish(command: Redeem) -> Names:
    return frozenset((command.member,))


def _of_arrivals(command: KeepArrivals) -> Names:
    return frozenset((command.inlet_id, event.key) for event in command.events)


def _of_end(command: Settle) -> Names:
    return frozenset((command.redemption_id,))


_NOBODY: Final[Names] = frozenset((None,))
_NAMES: Final[Mapping[type, Callable[[Any], Names]]] = {
    RecordActivity: _of_activity,
    KeepArrivals: _of_arrivals,
    Redeem: _of_wish,
    Settle: _of_end,
}


def names_of(command: object) -> Names | None:
    """What a command names; nothing where only waiting for everybody before it is safe.

    Example: two sales of one card name it both and keep their order; one by card and one by
    telephone of the same member may change places, as two tills may that ask at once.
    """
    known = _NAMES.get(type(command))
    return None if known is None else known(command)
