"""Members who are one, and members who may not."""

from __future__ import annotations

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, MergeMembers, UnmergeMember
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import moving as examples
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.members import MemberChanged
from regulars.surfaces.api.wire.parts import member_of
from regulars.surfaces.api.wire.unions import (
    BlockSent,
    MergeDone,
    MergeSent,
    UnionEndSent,
    merge_done,
)


async def merge(call: Call) -> Reply:
    """Two members are one person."""
    sent: MergeSent = call.sent
    command = MergeMembers(
        member=MemberRef(id=addressed("mem", call.ids["member_id"])),
        into=member_of(sent.into, "/into"),
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(merge_members, command)
    return Reply(merge_done(answer), 200, answer.replayed)


async def unmerge(call: Call) -> Reply:
    """They were two after all."""
    sent: UnionEndSent = call.sent
    command = UnmergeMember(
        member_id=addressed("mem", call.ids["member_id"]),
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(unmerge_members, command)
    return Reply(merge_done(answer), 200, answer.replayed)


async def block(call: Call) -> Reply:
    """A member is blocked."""
    return await _block(call, True)


async def unblock(call: Call) -> Reply:
    """A member is let go again."""
    return await _block(call, False)


async def _block(call: Call, blocked: bool) -> Reply:
    sent: BlockSent = call.sent
    command = BlockMember(
        member=MemberRef(id=addressed("mem", call.ids["member_id"])),
        blocked=blocked,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(block_members, command)
    return Reply(MemberChanged(shown("mem", answer.member_id), answer.state), 200, answer.replayed)


_TAG = "Members who belong together"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/members/{member_id}/merge",
        name="merge_members",
        tag=_TAG,
        says="Two members are one person",
        notes="The member of the address goes, the other one stays and has everything: points "
        "with their expiry, the better tier, counters, and every name and card.",
        scopes=(Scope.MERGES_WRITE,),
        sent=MergeSent,
        answers={200: MergeDone},
        example=examples.MERGE,
        answer_example=examples.MERGED,
        codes=(
            "unknown_member",
            "same_member",
            "member_erased",
            "member_blocked",
            "merge_into_person",
            "in_household",
            "holds_open",
            "own_membership",
        ),
        do=merge,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/unmerge",
        name="unmerge_member",
        tag=_TAG,
        says="They were two after all",
        notes="What the member of the address had brought goes back, as long as nothing was "
        "taken since: spent, given away or returned.",
        scopes=(Scope.MERGES_WRITE,),
        sent=UnionEndSent,
        answers={200: MergeDone},
        example=examples.WHY,
        answer_example=examples.UNMERGED,
        codes=("not_found", "member_erased", "merged_further", "spent_together"),
        do=unmerge,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/block",
        name="block_member",
        tag=_TAG,
        says="Block a member",
        notes="What blocked members may do all the same says the program (`blocked:`); nothing, "
        "unless said. Blocking again changes nothing.",
        scopes=(Scope.BLOCKS_WRITE,),
        sent=BlockSent,
        answers={200: MemberChanged},
        example=examples.WHY,
        answer_example=examples.BLOCKED,
        codes=("unknown_member", "member_erased", "own_membership"),
        do=block,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/unblock",
        name="unblock_member",
        tag=_TAG,
        says="Let a blocked member go again",
        scopes=(Scope.BLOCKS_WRITE,),
        sent=BlockSent,
        answers={200: MemberChanged},
        example=examples.WHY,
        answer_example=examples.UNBLOCKED,
        codes=("unknown_member", "member_erased", "own_membership"),
        do=unblock,
    ),
)
