"""Points that move: members give them away, the shop makes them live longer or forgives a debt."""

from __future__ import annotations

from datetime import datetime

from regulars.flows.points.commands import ExtendLot, ReinstatePoints, Transfer, WriteOff
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import moving as examples
from regulars.surfaces.api.strict.ids import required
from regulars.surfaces.api.wire.moving import (
    CourtesyDone,
    ExtensionSent,
    ReinstatementSent,
    TransferDone,
    TransferSent,
    WriteOffDone,
    WriteOffSent,
    courtesy_done,
    transfer_done,
    write_off_done,
)
from regulars.surfaces.api.wire.parts import instant_of, member_of


async def transfer(call: Call) -> Reply:
    """A member gives another one points."""
    sent: TransferSent = call.sent
    command = Transfer(
        giver=member_of(sent.from_, "/from"),
        taker=member_of(sent.to, "/to"),
        wallet=sent.wallet,
        units=sent.units,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(transfer_points, command)
    return Reply(transfer_done(answer), 201, answer.replayed)


async def extend(call: Call) -> Reply:
    """A lot lives longer."""
    sent: ExtensionSent = call.sent
    command = ExtendLot(
        member=member_of(sent.member),
        lot_id=required("lot", sent.lot, "/lot"),
        expires_at=_end(sent.expires_at),
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        cost_minor=sent.cost_minor,
        asked=call.asked,
    )
    answer = await call.do(extend_lots, command)
    return Reply(courtesy_done(answer), 201, answer.replayed)


async def reinstate(call: Call) -> Reply:
    """Points that lapsed live again."""
    sent: ReinstatementSent = call.sent
    command = ReinstatePoints(
        member=member_of(sent.member),
        lot_id=required("lot", sent.lot, "/lot"),
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        units=sent.units,
        expires_at=instant_of(sent.expires_at, "/expires_at"),
        cost_minor=sent.cost_minor,
        asked=call.asked,
    )
    answer = await call.do(reinstate_points, command)
    return Reply(courtesy_done(answer), 201, answer.replayed)


async def write_off(call: Call) -> Reply:
    """A debt is forgiven."""
    sent: WriteOffSent = call.sent
    command = WriteOff(
        member=member_of(sent.member),
        wallet=sent.wallet,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(write_off_debts, command)
    return Reply(write_off_done(answer), 201, answer.replayed)


def _end(said: datetime) -> datetime:
    end = instant_of(said, "/expires_at")
    assert end is not None, said
    return end


_TAG = "Points that move"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/transfers",
        name="transfer_points",
        tag=_TAG,
        says="A member gives another one points",
        notes="Where the program allows it (`transfers:` of the wallet). The points keep their "
        "origin, their age and their expiry. What the other one owes is paid first.",
        scopes=(Scope.TRANSFERS_WRITE,),
        sent=TransferSent,
        answers={201: TransferDone},
        example=examples.TRANSFER,
        answer_example=examples.TRANSFERRED,
        codes=(
            "unknown_member",
            "transfers_not_allowed",
            "minor_limit",
            "member_erased",
            "member_blocked",
            "not_registered",
            "too_few_points",
            "too_many_points",
            "limit_reached",
            "debt_first",
            "not_enough_points",
            "own_membership",
        ),
        do=transfer,
    ),
    Operation(
        method="POST",
        path="/v1/extensions",
        name="extend_lot",
        tag=_TAG,
        says="Let points live longer, as a courtesy",
        notes="What is left of one lot, reserved points included. `list_lots` has its id.",
        scopes=(Scope.COURTESY_WRITE,),
        sent=ExtensionSent,
        answers={201: CourtesyDone},
        example=examples.EXTENSION,
        answer_example=examples.EXTENDED,
        codes=(
            "unknown_member",
            "member_erased",
            "not_found",
            "lot_empty",
            "points_pending",
            "lot_lapsed",
            "own_membership",
        ),
        do=extend,
    ),
    Operation(
        method="POST",
        path="/v1/reinstatements",
        name="reinstate_points",
        tag=_TAG,
        says="Give back points that lapsed, as a courtesy",
        notes="As a lot of its own with its own expiry. An entry of kind `expire` has the id of "
        "the lot as its cause.",
        scopes=(Scope.COURTESY_WRITE,),
        sent=ReinstatementSent,
        answers={201: CourtesyDone},
        example=examples.REINSTATEMENT,
        answer_example=examples.REINSTATED,
        codes=("unknown_member", "member_erased", "not_found", "not_lapsed", "own_membership"),
        do=reinstate,
    ),
    Operation(
        method="POST",
        path="/v1/write-offs",
        name="write_off_debt",
        tag=_TAG,
        says="Forgive what a member owes in a wallet",
        notes="The night does it too, after as long as `write_off_after:` of the wallet says.",
        scopes=(Scope.DEBTS_WRITE,),
        sent=WriteOffSent,
        answers={201: WriteOffDone},
        example=examples.WRITE_OFF,
        answer_example=examples.WRITTEN_OFF,
        codes=("unknown_member", "nothing_owed", "own_membership"),
        do=write_off,
    ),
)
