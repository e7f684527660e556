"""What a shop tells again and again as it is by now: the same sale, told with other words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused
from regulars.base.tx import Tx
from regulars.engine.returning.sale import TooMuchReturned
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.before.told_elsewhere import booked_in
from regulars.records.activity import read as activities
from regulars.records.activity.checks import amount_of
from regulars.records.activity.types import Activity
from regulars.records.once.read import known
from regulars.records.once.types import natural_key

_decode = msgspec.msgpack.Decoder(Recorded).decode


async def as_told_before(
    tx: Tx, commands: Sequence[RecordActivity], outcomes: Sequence[Any]
) -> list[Any]:
    """The outcomes; of what was booked before and comes to the same, the first answer, and nothing
    for a return of what is back already.

    A shop tells an order whole with each change: who bought may have joined since, and their sale
    stays whose it was. What comes to another amount is refused, and says by how much.
    Order: after all is decided; reads only where a receipt was used with other words.
    """
    outcomes = [None if _is_back(one) else one for one in outcomes]
    reused = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, KeyReused)]
    if not reused:
        return outcomes
    keys = {at: _key(commands[at]) for at in reused}
    before = await known(tx, list(keys.values()))
    stands = [before[key] for key in keys.values() if key in before]
    rows = await activities.some(
        tx, [one.member_id for one in stands], [one.subject_id for one in stands]
    )
    answers = list(outcomes)
    for at, key in keys.items():
        if (one := before.get(key)) is None:
            continue
        activity = rows.get(one.subject_id)
        first = replace(_decode(one.answer), replayed=True)
        if activity is not None and _comes_to_other(commands[at], activity):
            answers[at] = _changed(commands[at], activity)
        elif activity is not None and _told_apart(activity, at, commands, outcomes):
            answers[at] = KeyReused(_ONE_AMOUNT, field="/lines", mend=_BY_HAND)
        else:
            answers[at] = first
    return answers


_ONE_AMOUNT: Final = (
    "it was booked as one amount before its source told lines, so nobody can say what the pieces "
    "are worth that came back of it; what was booked stands"
)
_BY_HAND: Final = "Correct the member's points by hand for what came back"


def _told_apart(
    activity: Activity, at: int, commands: Sequence[RecordActivity], outcomes: Sequence[Any]
) -> bool:
    """Whether pieces came back just now of what was booked as one amount and is told by its lines:
    there a piece is a minor unit, and one that costs 10.00 would take back 0.01."""
    sale = commands[at]
    if activity.body.lines or not sale.body.lines:
        return False
    return any(
        isinstance(out, Recorded) and not out.replayed and one.body.returned and _of(one, sale)
        for one, out in zip(commands, outcomes, strict=True)
    )


def _of(one: RecordActivity, sale: RecordActivity) -> bool:
    of = one.sale
    return of is not None and (of.source, of.external_id) == (sale.source, sale.external_id)


def _is_back(outcome: Any) -> bool:
    """Whether all of it is back by another word: the order was cancelled, and then given back."""
    return isinstance(outcome, TooMuchReturned) and outcome.facts.get("left") == 0


def _key(command: RecordActivity) -> Any:
    return natural_key(command.source, command.external_id, command.kind)


def _comes_to_other(command: RecordActivity, activity: Activity) -> bool:
    booked = booked_in(activity, command.currency)
    return command.kind == "purchase" and booked is not None and _amount(command) != booked


def _amount(command: RecordActivity) -> int | None:
    """What a purchase comes to, whether it is told as one amount or by its lines."""
    found = amount_of(command.kind, command.amount_minor, command.body)
    return None if isinstance(found, Fault) else found


def _changed(command: RecordActivity, activity: Activity) -> KeyReused:
    money = f" {command.currency}" if command.currency else ""
    return KeyReused(
        f"it was booked with {booked_in(activity, command.currency)}{money} minor units and is "
        f"told with {_amount(command)} now; what was booked stands",
        field="/amount",
        mend="Correct the member's points by hand where the order was changed on purpose",
    )
