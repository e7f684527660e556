"""What a token opens, that it goes on, and that it ends."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.ids import short
from regulars.flows.access.api_keys import revoke_keys
from regulars.records.access import read
from regulars.records.access.keys import is_whole, key_hash
from regulars.records.access.types import ApiKey, Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.view import view_of
from regulars.surfaces.connect.square.wire import around as sent

ANY: Final = (Scope.SQUARE_READ, Scope.SQUARE_WRITE, Scope.SQUARE_PROMOTE, Scope.WEBHOOKS_WRITE)
_READ: Final = (
    "CUSTOMERS_READ",
    "ITEMS_READ",
    "LOYALTY_READ",
    "MERCHANT_PROFILE_READ",
    "ORDERS_READ",
)
_WRITE: Final = ("CUSTOMERS_WRITE", "LOYALTY_WRITE", "ORDERS_WRITE", "PAYMENTS_WRITE")
_THEIRS: Final = {
    Scope.SQUARE_READ: _READ,
    Scope.SQUARE_WRITE: (*_READ, *_WRITE),
    Scope.SQUARE_PROMOTE: ("LOYALTY_WRITE",),
    Scope.ALL: (*_READ, *_WRITE),
}
"""Our scopes in their words; having events sent is nothing they ask a permission for."""


async def status(call: Call) -> Reply:
    """What a token opens; it ends when it is revoked, and not by itself."""
    scopes = {one for ours, some in _THEIRS.items() if ours in call.caller.scopes for one in some}
    merchant_id = await _merchant_id(call)
    return Reply({"scopes": sorted(scopes), "client_id": merchant_id, "merchant_id": merchant_id})


async def obtain(call: Call) -> Reply:
    """A token that is refreshed is itself: it does not end, so nothing has to take its place.

    Faults: whatever else is to be had for one; tokens are made by the shop, in its console.
    """
    body: sent.TokenWanted = call.sent
    if body.grant_type != "refresh_token":
        raise Wrong(
            "tokens of this shop are made in its console, and are their own refresh_token",
            field="/grant_type",
        )
    given = body.refresh_token or ""
    await _key(call, given, "/refresh_token")
    return Reply(
        {
            "access_token": given,
            "token_type": "bearer",
            "merchant_id": await _merchant_id(call),
            "refresh_token": given,
            "short_lived": False,
        }
    )


async def revoke(call: Call) -> Reply:
    """A token ends at once: the one that is named, by whoever has it, or else the asker's own.

    Keeps: no key that opens more than this API is ended here, and none of another shop.
    """
    body: sent.TokenRevoked = call.sent
    if body.access_token and body.merchant_id:
        raise Wrong("say access_token or merchant_id", code="CONFLICTING_PARAMETERS",
                    field="/merchant_id")  # fmt: skip
    if body.merchant_id and body.merchant_id != await _merchant_id(call):
        raise Wrong("there is no such merchant here", code="NOT_FOUND", field="/merchant_id")
    if body.access_token:
        key = await _key(call, body.access_token, "/access_token")
    else:
        key = await _own(call)
    async with call.transaction as tx:
        await revoke_keys(tx, [key.key_id], call.by)
    call.access.forget()
    return Reply({"success": True})


async def _key(call: Call, shown: str, field: str) -> ApiKey:
    """The open token of this shop that is spelled so. Faults: there is none."""
    if is_whole(shown):
        async with call.transaction as tx:
            found = await read.by_digest(tx, key_hash(shown))
        if found is not None and found.program_id == call.caller.program_id and _fits(found):
            return found
    raise Wrong("this is no token of this shop", code="NOT_FOUND", field=field)


async def _own(call: Call) -> ApiKey:
    key_id = call.caller.key_id
    if key_id is not None:
        async with call.transaction as tx:
            found = (await read.some_keys(tx, [key_id])).get(key_id)
        if found is not None and _fits(found):
            return found
    raise Wrong("this key opens more than this API; end it in the console")


def _fits(key: ApiKey) -> bool:
    return key.is_open and key.scopes <= frozenset(ANY)


async def _merchant_id(call: Call) -> str:
    return short((await view_of(call)).terms.slug)


def _operation(path: str, name: str, says: str, do: Any, body: Any) -> Operation:
    return Operation(
        method="POST",
        path=f"{PREFIX}/oauth2/{path}",
        name=name,
        tag="Locations",
        says=says,
        scopes=ANY,
        sent=body,
        body_optional=body is sent.Nothing,
        answers={200: dict[str, Any]},
        do=do,
    )


OPERATIONS = (
    _operation(
        "token/status", "square_retrieve_token_status", "What a token opens", status, sent.Nothing
    ),
    _operation(
        "token", "square_obtain_token", "A token goes on as it is", obtain, sent.TokenWanted
    ),
    _operation("revoke", "square_revoke_token", "A token ends", revoke, sent.TokenRevoked),
)
