"""API keys: made, listed, revoked."""

from __future__ import annotations

from regulars.base.faults import Invalid
from regulars.flows.access.api_keys import CreateKey, ShowAt, create_keys, revoke_keys, show_keys_at
from regulars.records.access import read
from regulars.records.access.types import Scope, of_partner
from regulars.records.members.types import Asked
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.keys import (
    KeyMade,
    KeyRevoked,
    KeySent,
    KeyShown,
    KeysShown,
    OriginsSent,
    key_shown,
)


async def create(call: Call) -> Reply:
    """Somebody gets a key."""
    sent: KeySent = call.sent
    command = CreateKey(
        name=sent.name,
        scopes=_scopes(sent),
        created_by=call.caller.principal,
        mode=sent.mode,
        may=call.caller.scopes,
        asked=Asked(call.caller.principal, call.key),
        origins=sent.origins,
        per_minute=sent.per_minute or 0,
        within=call.caller.per_minute,
    )
    async with call.transaction as tx:
        (outcome,) = await create_keys(tx, call.given.random_bytes, [command])
    made = granted(outcome)
    key = made.key
    body = KeyMade(
        id=shown("key", key.key_id),
        key=made.shown or key.shown or None,
        name=key.name,
        scopes=sorted(key.scopes),
        mode=key.mode,
        created_at=key.created_at,
    )
    return Reply(body, 201, replayed=made.replayed)


def _scopes(sent: KeySent) -> tuple[str, ...]:
    """What the key opens; of what partners tell only that of its partner, where one is said."""
    if not sent.partner:
        return sent.scopes
    if Scope.PARTNERS_TELL not in sent.scopes:
        mend = f"Add the scope {Scope.PARTNERS_TELL}, or leave the partner out"
        raise Invalid("Only what partners tell is of one partner", field="/partner", mend=mend)
    return tuple(
        of_partner(sent.partner) if one == Scope.PARTNERS_TELL else one for one in sent.scopes
    )


async def listed(call: Call) -> Reply:
    """All keys of the program."""
    async with call.transaction as tx:
        kept = await read.keys(tx)
    return Reply(KeysShown([key_shown(key) for key in kept]))


async def show_at(call: Call) -> Reply:
    """The pages of a web shop come from somewhere else from now on."""
    sent: OriginsSent = call.sent
    wish = ShowAt(addressed("key", call.ids["key_id"]), sent.origins, call.caller.scopes)
    async with call.transaction as tx:
        (outcome,) = await show_keys_at(tx, [wish], call.by)
    kept = granted(outcome)
    call.access.forget()
    return Reply(key_shown(kept))


async def revoke(call: Call) -> Reply:
    """A key opens nothing any more."""
    id_ = addressed("key", call.ids["key_id"])
    async with call.transaction as tx:
        (outcome,) = await revoke_keys(tx, [id_], call.by)
    gone = granted(outcome)
    call.access.forget()
    return Reply(KeyRevoked(shown("key", gone.key_id), gone.revoked_at))


_SCOPES = (Scope.KEYS_WRITE,)

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/api-keys",
        name="create_key",
        tag="API keys",
        says="Make an API key, shown once",
        notes="It can do at most what the key it is made with can, and send no more a minute. "
        "Asked again under the same Idempotency-Key no second one is made and `key` is null, as "
        "only its digest is kept: if the first answer was lost, revoke this key and make another.",
        scopes=_SCOPES,
        sent=KeySent,
        answers={201: KeyMade},
        example=examples.KEY,
        answer_example=examples.KEY_MADE,
        codes=("forbidden",),
        do=create,
    ),
    Operation(
        method="GET",
        path="/v1/api-keys",
        name="list_keys",
        tag="API keys",
        says="All keys of the program, oldest first",
        scopes=_SCOPES,
        answers={200: KeysShown},
        answer_example={"items": [examples.KEY_KEPT]},
        do=listed,
    ),
    Operation(
        method="PUT",
        path="/v1/api-keys/{key_id}/origins",
        name="show_key_at",
        once=Once.AGAIN,
        tag="API keys",
        says="Say from where pages may come that show the public key of a web shop",
        notes="Exactly these origins and no others, from now on. Needs the scope `shop` as well.",
        scopes=_SCOPES,
        sent=OriginsSent,
        answers={200: KeyShown},
        example={"origins": ["https://shop.example", "https://www.shop.example"]},
        answer_example=examples.SHOP_KEY_KEPT,
        codes=("forbidden",),
        do=show_at,
    ),
    Operation(
        method="DELETE",
        path="/v1/api-keys/{key_id}",
        name="revoke_key",
        once=Once.AGAIN,
        tag="API keys",
        says="Revoke a key at once and for ever",
        notes="Other server processes forget it within a second.",
        scopes=_SCOPES,
        answers={200: KeyRevoked},
        answer_example=examples.KEY_REVOKED,
        do=revoke,
    ),
)
