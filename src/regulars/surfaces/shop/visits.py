"""For the server of a web shop: who is signed in on its page, proven and not only said."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.member_sessions import Visiting, show_visit
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import Once

_MEMBER: Final = "mem_019e0000000070008000000000000002"
_KEY: Final = "key_019e0000000070008000000000000006"


class VisitSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page says of who is signed in: `await Regulars.token()`."""

    token: Annotated[str, Meta(min_length=1, max_length=100)]


class VisitShown(Struct, frozen=True):
    """The member who is signed in there, by which public key, on pages from where."""

    member_id: str
    key_id: str
    origin: str


async def who(call: Call) -> Reply:
    """Who is signed in on a page of the shop."""
    sent: VisitSent = call.sent

    async def look(tx: Tx, _: Terms) -> Visiting | None:
        return await show_visit(tx, sent.token)

    found = await call.read(look)
    if found is None:
        raise NotFound("nobody is signed in by this token; they sign in once more", field="/token")
    body = VisitShown(shown("mem", found.member_id), shown("key", found.key_id), found.origin)
    return Reply(body)


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/shop-visits",
        name="show_shop_visit",
        once=Once.LOOKS,
        tag="API keys",
        says="Who is signed in on this page of my web shop?",
        notes="For the server of the shop, before it gives a member price, sells what is for "
        "members first or records a purchase. A page sends the token; it is good for its member "
        "until they sign out. Nothing is written.",
        scopes=(Scope.MEMBERS_READ, Scope.ACTIVITIES_WRITE),
        sent=VisitSent,
        answers={200: VisitShown},
        example={"token": "kq0c8C5nO2b5bq7m1sV9l3Yt6wXzR4uJhGfDsAaPoIe"},
        answer_example={"member_id": _MEMBER, "key_id": _KEY, "origin": "https://shop.example"},
        codes=("not_found",),
        do=who,
    ),
)
