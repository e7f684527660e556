"""Words of the shop on members."""

from __future__ import annotations

from regulars.flows.membership.office.commands import TagMembers
from regulars.flows.membership.office.tag_members import tag_members
from regulars.records.access.office import read
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.members import TagDone, TagSent, TagsShown


async def tag(call: Call) -> Reply:
    """A word is put on a member, or taken off."""
    sent: TagSent = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
    by = call.by
    done = await call.do(tag_members, TagMembers(sent.tag, (id_,), by, sent.on))
    return Reply(TagDone(done.tag, done.changed == 1))


async def tags_of(call: Call) -> Reply:
    """The words on a member."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = await read.tags_of(tx, [id_])
    return Reply(TagsShown(found.get(id_, [])))


async def tags(call: Call) -> Reply:
    """Every word that some member has."""
    async with call.transaction as tx:
        return Reply(TagsShown(await read.tags(tx)))


OPERATIONS = (
    Operation(
        method="PUT",
        path="/v1/members/{member_id}/tags",
        name="tag_member",
        once=Once.AGAIN,
        tag="Members",
        says="Put a tag on a member, or take it off",
        notes="A tag is a word of the shop's own, of up to 40 letters; large and small letters are "
        "the same word. Done again it changes nothing. Members who are erased, or became one with "
        "another, are left as they are.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=TagSent,
        answers={200: TagDone},
        example={"tag": "Regular guest"},
        answer_example={"tag": "Regular guest", "changed": True},
        codes=("unknown_member",),
        do=tag,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/tags",
        name="tags_of_member",
        tag="Members",
        says="The tags on a member",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: TagsShown},
        answer_example={"tags": ["Regular guest"]},
        codes=("unknown_member",),
        do=tags_of,
    ),
    Operation(
        method="GET",
        path="/v1/tags",
        name="tags",
        tag="Members",
        says="Every tag that some member has",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: TagsShown},
        answer_example={"tags": ["Regular guest", "Terrace"]},
        do=tags,
    ),
)
