"""A device becomes a till of a store by a code; a till is suspended, let go on, or unpaired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Gone, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.tills.commands import (
    MakePairing,
    Paired,
    PairingMade,
    PairingOutcome,
    PairOutcome,
    PairTill,
    TurnOutcome,
    TurnTill,
)
from regulars.flows.tills.opening import AT_WORK, opened
from regulars.records.access import write as access
from regulars.records.access.keys import SECRET_BYTES, make_key
from regulars.records.access.types import ApiKey
from regulars.records.tills import read, write
from regulars.records.tills.pairing import BITS, LASTS, code_hash, make_code
from regulars.records.tills.signing import public_key
from regulars.records.tills.types import FORK, Pairing, Till, TillEnded

RandomBytes = Callable[[int], bytes]

LONGEST_NAME: Final = 80
LONGEST_REASON: Final = 500
_LOOKUP_BYTES: Final = 32
_LOCK: Final = waiting_for(Alone.TILLS)


async def make_pairings(tx: Tx, batch: Sequence[MakePairing]) -> list[PairingOutcome]:
    """A code for each of these stores, good once and for a quarter of an hour.

    Keeps: only its digest. Faults: `not_found` for a store that is not there, `gone` for a closed
    one.
    """
    stores = await read.stores(tx)
    made: list[Pairing] = []
    outcomes: list[PairingOutcome] = []
    for command in batch:
        store = stores.get(command.store)
        if store is None:
            outcomes.append(NotFound("There is no such store; open it first", field="/store"))
        elif store.closed_at is not None:
            outcomes.append(Gone("This store is closed; open it again first", field="/store"))
        else:
            code, ends_at = make_code(tx.secret_bits(BITS)), tx.now + LASTS
            digest = code_hash(code)
            made.append(Pairing(tx.program_id, digest, store.code, tx.now, command.actor, ends_at))
            outcomes.append(PairingMade(code, store.code, ends_at))
    await tx.write(write.make_pairings(tx, made))
    return outcomes


async def pair_tills(
    tx: Tx, random_bytes: RandomBytes, batch: Sequence[PairTill]
) -> list[PairOutcome]:
    """Each of these devices is a till from now on, with a key of its own, shown once.

    Order: the code is locked, so that of two devices that show it one is first.
    Keeps: the till, its API key's digest, and that the code was used.
    Faults: `gone` for a code that was used or is too old; `invalid` name or public key.
    """
    made: dict[bytes, Till] = {}
    keys: list[tuple[ApiKey, bytes]] = []
    outcomes: list[PairOutcome] = []
    for command in batch:
        pairing = await read.lock_pairing(tx, command.code_hash)
        no = _no_pairing(tx, pairing, command, made)
        if no is not None or pairing is None:
            outcomes.append(no or NotFound("there is no such code"))
            continue
        shown = make_key("live", random_bytes(SECRET_BYTES))
        till = _till(tx, pairing, command, random_bytes(_LOOKUP_BYTES))
        made[command.code_hash] = till
        keys.append((_key(tx, till), shown.hash))
        outcomes.append(Paired(till, shown.shown))
    await tx.write([*access.create(tx, keys), *write.pair(tx, made)])
    return outcomes


def _no_pairing(
    tx: Tx, pairing: Pairing | None, command: PairTill, made: dict[bytes, Till]
) -> Fault | None:
    if pairing is None or not pairing.is_open(tx.now) or command.code_hash in made:
        mend = "Ask for a new one in the console, or by `regulars stores code`"
        return Gone("This code was used or is too old", mend=mend)
    if not (0 < len(command.name.strip()) <= LONGEST_NAME and command.name.isprintable()):
        return Invalid(f"A till has a name of 1 to {LONGEST_NAME} characters", field="/name")
    if public_key(command.public_key) is None:
        says = "This is no ECDSA P-256 public key, as WebCrypto exports it (raw or spki)"
        return Invalid(says, field="/public_key")
    return None


def _till(tx: Tx, pairing: Pairing, command: PairTill, lookup_key: bytes) -> Till:
    point = public_key(command.public_key)
    assert point is not None
    return Till(
        till_id=tx.new_id(),
        key_id=tx.new_id(),
        store=pairing.store,
        name=command.name.strip(),
        public_key=point,
        lookup_key=lookup_key,
        state="paired",
        paired_at=tx.now,
        paired_by=pairing.made_by,
        changed_at=tx.now,
        seen_at=tx.now,
    )


def _key(tx: Tx, till: Till) -> ApiKey:
    return ApiKey(
        program_id=tx.program_id,
        key_id=till.key_id,
        name=f"till {till.name}",
        scopes=frozenset(AT_WORK),
        mode="live",
        created_at=tx.now,
        created_by=till.paired_by,
    )


async def turn_tills(tx: Tx, batch: Sequence[TurnTill]) -> list[TurnOutcome]:
    """Each of these tills is suspended, goes on, or is unpaired for ever.

    Keeps: what it still hands in is kept in quarantine; nothing it has is lost.
    Faults: `not_found`; `till_ended` for a till that is unpaired, or that was found twice (a fork):
    that one is paired anew, since nobody knows which of the two goes on.
    """
    await tx.fetch(_LOCK, tx.program_id)
    tills = await read.lock_tills(tx, [one.till_id for one in batch])
    turned: dict[UUID, Till] = {}
    outcomes: list[TurnOutcome] = []
    for command in batch:
        outcome = _turned(tx, tills.get(command.till_id), command)
        if not isinstance(outcome, Fault):
            tills[outcome.till_id] = turned[outcome.till_id] = outcome
        outcomes.append(outcome)
    await tx.write(write.turn(tx, list(turned.values())) + opened(tx, list(turned.values())))
    return outcomes


def _turned(tx: Tx, till: Till | None, command: TurnTill) -> TurnOutcome:
    if till is None:
        return NotFound("There is no such till", field="/till_id")
    if len(command.reason) > LONGEST_REASON:
        return Invalid(f"At most {LONGEST_REASON} characters", field="/reason")
    if till.state == command.state:
        return till
    if till.state == "unpaired":
        return TillEnded("It is unpaired; pair the device anew by a code", field="/state")
    if command.state == "paired" and till.reason == FORK:
        says = "Two devices recorded as this till; pair this one anew by a code, and unpair it here"
        return TillEnded(says, field="/state")
    return replace(
        till, state=command.state, reason=command.reason or command.state, changed_at=tx.now
    )
