"""Somebody gets an API key, or loses it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.records.access import read, write
from regulars.records.access.keys import SECRET_BYTES, make_key
from regulars.records.access.origins import MOST_ORIGINS, origin_of
from regulars.records.access.staff.types import By, staff_of
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.types import (
    ApiKey,
    Mode,
    Scope,
    allows,
    of_partner,
    partners_of,
)
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.night.sandbox.read import own as own_sandbox
from regulars.records.once.write import keep
from regulars.records.rewards.partners import read as partners

LONGEST_NAME = 80
MOST_PER_MINUTE = 1_000_000
_LOCK = waiting_for(Alone.KEYS)

RandomBytes = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""


class CreateKey(Struct, frozen=True):
    """A key is wanted: for whom, for what, and by whom. `may` is what its maker may do."""

    name: str
    scopes: tuple[str, ...]
    created_by: str
    mode: Mode = "live"
    may: frozenset[str] = frozenset()
    asked: Asked = Asked()
    origins: tuple[str, ...] = ()
    """Of the public key of a web shop: where its pages come from."""
    per_minute: int = 0
    """Requests a minute it may send; 0 for as many as it likes."""
    within: int = 0
    """Requests a minute of the key it is made with; 0 where that has no limit."""
    address: str = ""
    """Roughly from where, for the audit log."""


class ShowAt(Struct, frozen=True):
    """The pages of a web shop come from somewhere else, or from further places, from now on.
    `may` is what whoever says so may do."""

    key_id: UUID
    origins: tuple[str, ...]
    may: frozenset[str] = frozenset()


class Created(Struct, frozen=True):
    """A key that was made; `shown` is the key itself, which nobody can ever see again.

    Asked for again under its idempotency key, `shown` is empty: only its digest is kept. The
    public key of a web shop is no secret and stands in `key.shown` for ever.
    """

    key: ApiKey
    shown: str
    replayed: bool = False


class Revoked(Struct, frozen=True):
    """A key that opens nothing any more, and since when."""

    key_id: UUID
    revoked_at: datetime


CreateOutcome = Created | Fault
ShowOutcome = ApiKey | Fault
RevokeOutcome = Revoked | Fault


async def create_keys(
    tx: Tx, random_bytes: RandomBytes, batch: Sequence[CreateKey]
) -> list[CreateOutcome]:
    """Make these keys, each once; sent again under its idempotency key, no second one is made.

    Keeps: the audit log says who made which, never the key itself.

    Faults, each for its own item: `invalid` name, scopes or limit; `forbidden` when the key would
    open more than its maker's own; `key_reused`.
    """
    asked = askings("create_key", batch, lambda _: None)
    if any(item.keys for item in asked):
        await tx.fetch(_LOCK, tx.program_id)  # the same asked twice at once waits here
    await sort_out(tx, asked, Created)
    meant = {slug for item in asked for slug in partners_of(item.command.scopes)}
    there = await partners.partners(tx, sorted(meant)) if meant else {}
    made, rows, done = [], [], []
    sandbox = await own_sandbox(tx) is not None
    for item in asked:
        if item.open:
            if sandbox and item.command.mode != "test":
                item.outcome = _only_test()
                continue
            outcome = _made(tx, random_bytes, item.command, there)
            if isinstance(outcome, Fault):
                item.outcome = outcome
                continue
            created, key_hash = outcome
            made.append((created.key, key_hash))
            done.append(_done("key.made", created.key, _by(item.command)))
            item.outcome = replace(created, shown="")  # the key itself is never kept
            rows += kept(item, NOBODY, created.key.key_id)
            item.outcome = created
    await tx.write(write.create(tx, made) + keep(tx, rows) + acted(tx, done))
    return settle_followers(asked)


async def show_keys_at(tx: Tx, batch: Sequence[ShowAt], by: By) -> list[ShowOutcome]:
    """Say anew from where pages may come that show these public keys; elsewhere they end at once.

    Keeps: who changed it, from where to where, is in the audit log.
    Faults, each for its own item: `not_found` for what is no public key, `forbidden` to whoever
    could not make such a key, `invalid` origins.
    """
    found = await read.some_keys(tx, [one.key_id for one in batch])
    outcomes: list[ShowOutcome] = []
    for one in batch:
        key, origins = found.get(one.key_id), _origins(one.origins)
        if key is None or not key.origins or not key.is_open:
            outcomes.append(NotFound("There is no such key of a web shop", field="/key_id"))
        elif (fault := _beyond(one.may, key.scopes, "/key_id")) is not None:
            outcomes.append(fault)
        elif isinstance(origins, Fault):
            outcomes.append(origins)
        else:
            outcomes.append(replace(key, origins=origins))
    kept = [one for one in outcomes if isinstance(one, ApiKey)]
    done = [
        Done(
            by, "key.shown_at", "key", one.key_id.hex, {"origins": before}, {"origins": one.origins}
        )
        for one in kept
        if (before := found[one.key_id].origins) != one.origins
    ]
    shown = write.show_at(tx, {one.key_id: one.origins for one in kept})
    await tx.write([*shown, *acted(tx, done)])
    return outcomes


async def revoke_keys(tx: Tx, batch: Sequence[UUID], by: By) -> list[RevokeOutcome]:
    """Close these keys at once and for ever; closing one twice is answered as the first time.

    Keeps: who closed which is in the audit log, once.
    Faults, each for its own item: `not_found`.
    """
    found = await read.some_keys(tx, batch)
    closing = {id_: key for id_, key in found.items() if key.is_open}
    done = [_done("key.revoked", key, by) for key in closing.values()]
    await tx.write([*write.revoke(tx, list(closing)), *acted(tx, done)])
    return [_revoked(id_, found.get(id_), tx.now) for id_ in batch]


def _by(command: CreateKey) -> By:
    staff_id = staff_of(command.created_by)
    return By(staff_id, "" if staff_id else command.created_by, command.address)


def _done(did: str, key: ApiKey, by: By) -> Done:
    # Its name may be somebody's: what it opens says enough.
    told = {"scopes": sorted(key.scopes), "mode": key.mode}
    fresh = did == "key.made"
    before, after = ({}, told) if fresh else ({"open": True}, {"open": False})
    return Done(by, did, "key", key.key_id.hex, before, after)


def _made(
    tx: Tx, random_bytes: RandomBytes, command: CreateKey, there: Container[str]
) -> tuple[Created, bytes] | Fault:
    fault = (
        _wrong_name(command.name)
        or _wrong_scopes(command, there)
        or _wrong_shop(command)
        or _wrong_limit(command.per_minute, command.within)
    )
    if fault is not None:
        return fault
    origins = _origins(command.origins) if command.origins else ()
    if isinstance(origins, Fault):
        return origins
    made = make_key("shop" if origins else command.mode, random_bytes(SECRET_BYTES))
    key = ApiKey(
        program_id=tx.program_id,
        key_id=tx.new_id(),
        name=command.name.strip(),
        scopes=frozenset(command.scopes),
        mode=command.mode,
        created_at=tx.now,
        created_by=command.created_by,
        origins=origins,
        shown=made.shown if origins else "",
        per_minute=command.per_minute,
    )
    return Created(key, made.shown), made.hash


def _only_test() -> Fault:
    """Who sees a key must see whether it can do harm."""
    return Invalid(
        "A sandbox is opened by test keys only",
        field="/mode",
        mend="Send `mode` as test",
    )


def _wrong_name(name: str) -> Fault | None:
    if 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable():
        return None
    return Invalid(
        "A key needs a name by which you know it again",
        field="/name",
        mend=f"Send 1 to {LONGEST_NAME} characters, as in Till 3, Main Street",
    )


def _wrong_limit(per_minute: int, within: int) -> Fault | None:
    if 0 < within < (per_minute or MOST_PER_MINUTE + 1):
        return Forbidden(
            "A key cannot send more a minute than the key it is made with",
            field="/per_minute",
            mend=f"Send a limit of at most {within:,}, or ask somebody who may",
        )
    if 0 <= per_minute <= MOST_PER_MINUTE:
        return None
    return Invalid(
        f"A limit is 1 to {MOST_PER_MINUTE:,} requests a minute",
        field="/per_minute",
        mend="Leave it out for a key that may send as many as it likes",
    )


def _wrong_scopes(command: CreateKey, there: Container[str]) -> Fault | None:
    for slug in partners_of(command.scopes):
        if slug not in there:
            mend = "Keep the partner first, or check its short name"
            return Invalid("There is no such partner here", field="/partner", mend=mend)
    known: list[str] = [scope for scope in Scope if scope in command.scopes]
    known += [of_partner(slug) for slug in partners_of(command.scopes)]
    if not known or len(known) != len(set(command.scopes)):
        return Invalid(
            "A key opens one thing at least, and only things that exist",
            field="/scopes",
            mend=f"Choose from {', '.join(Scope)}",
        )
    return _beyond(command.may, known, "/scopes")


def _beyond(may: frozenset[str], scopes: Iterable[str], field: str) -> Fault | None:
    """Nobody has a key open more, or in more places, than they could open themselves."""
    if all(allows(may, scope) for scope in scopes):
        return None
    return Forbidden(
        "A key cannot open more than the key it is made with",
        field=field,
        mend="Leave out what you may not do yourself, or ask somebody who may",
    )


def _wrong_shop(command: CreateKey) -> Fault | None:
    """A key that everybody may read opens the web shop and nothing else."""
    if (Scope.SHOP in command.scopes) != bool(command.origins):
        return Invalid(
            "A key of a web shop says where its pages come from, and no other key does",
            field="/origins",
            mend="Send the origins with the scope shop, as in https://shop.example",
        )
    if command.origins and command.per_minute:
        return Invalid(
            "A limit of a key that everybody may read could be used up by anybody",
            field="/per_minute",
            mend="Leave it out",
        )
    if command.origins and len(command.scopes) > 1:
        return Invalid(
            "A key that everybody may read opens the web shop and nothing else",
            field="/scopes",
            mend="Leave the other scopes out, and make a secret key for them",
        )
    return None


def _origins(said: Sequence[str]) -> tuple[str, ...] | Fault:
    """Each once, as browsers spell them."""
    found = [origin_of(one) for one in said]
    for place, one in enumerate(found):
        if one is None:
            return Invalid(
                f"{said[place][:60]!r} is not where pages of a shop come from",
                field=f"/origins/{place}",
                mend="Say scheme and full name, as in https://shop.example; without TLS only "
                "this machine itself, as in http://localhost:3000",
            )
    if not 0 < len(found) <= MOST_ORIGINS:
        mend = "Say each once, as in https://shop.example"
        return Invalid(f"Say 1 to {MOST_ORIGINS} origins", field="/origins", mend=mend)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _revoked(key_id: UUID, key: ApiKey | None, now: datetime) -> RevokeOutcome:
    if key is None:
        return NotFound("There is no such key", field="/key_id", mend="List the keys to find it")
    return Revoked(key_id, key.revoked_at or now)
