"""Add to the chains; erase a member's salt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.seal.types import Checkpoint, Link

_CHAINS: Final = """
insert into seal_chain (program_id, chain_id, begun_at)
select c.program_id, c.chain_id, $3::timestamptz
  from unnest($1::int[], $2::uuid[]) as c (program_id, chain_id)
    on conflict do nothing
"""
_SALTS: Final = """
insert into seal_salt (program_id, member_id, salt)
select m.program_id, m.member_id, m.salt
  from unnest($1::int[], $2::uuid[], $3::bytea[]) as m (program_id, member_id, salt)
    on conflict do nothing
"""
_LINKS: Final = """
insert into seal_link (program_id, position, kind, subject_id, member_id, secret, hash)
select l.program_id, l.position, l.kind, l.subject_id, l.member_id, l.secret, l.hash
  from unnest($1::int[], $2::bigint[], $3::smallint[], $4::uuid[], $5::uuid[], $6::bytea[],
              $7::bytea[])
       as l (program_id, position, kind, subject_id, member_id, secret, hash)
"""
_CHECKPOINTS: Final = """
insert into seal_checkpoint (program_id, size, head, sealed_at, key_id, signature)
select c.program_id, c.size, c.head, c.sealed_at, c.key_id, c.signature
  from unnest($1::int[], $2::bigint[], $3::bytea[], $4::timestamptz[], $5::text[], $6::bytea[])
       as c (program_id, size, head, sealed_at, key_id, signature)
"""
_REACHED: Final = """
update seal_reach set cluster = $1::bigint, below_tx = $2::bigint, behind = $3::text::jsonb
"""
_ERASE: Final = """
insert into seal_salt (program_id, member_id, salt, erased_at, erased_tx)
select $1::int, m.member_id, null, $2::timestamptz, pg_current_xact_id()::text::bigint
  from unnest($3::uuid[]) as m (member_id)
    on conflict (program_id, member_id) do update
   set salt = null, erased_at = excluded.erased_at, erased_tx = excluded.erased_tx
 where seal_salt.erased_at is null
"""
_ANCHORED: Final = """
insert into seal_anchor (program_id, place, size, anchored_at)
select a.program_id, $1::text, a.size, $4::timestamptz
  from unnest($2::int[], $3::bigint[]) as a (program_id, size)
    on conflict (program_id, place) do update
   set size = greatest(seal_anchor.size, excluded.size), anchored_at = excluded.anchored_at
"""

Chance = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""


def erase_salts(tx: Tx, member_ids: Sequence[UUID]) -> list[Write]:
    """Forget what makes these members' sealed texts provable; the chain still verifies.

    For the erasure of a member, in the same transaction that blanks the texts. The erasure itself
    is sealed, so it cannot be pretended in silence. Erasing twice is erasing once.
    """
    if not member_ids:
        return []
    return [Write(_ERASE, (tx.program_id, tx.now, list(member_ids)))]


def make_salts(members: Collection[tuple[int, UUID]], chance: Chance) -> list[Write]:
    """Give these members (program, member) a salt where they have none and were not erased."""
    if not members:
        return []
    # In one order, so that two who write salts never wait for each other in a circle.
    inorder = sorted(members)
    programs, ids = [p for p, _ in inorder], [m for _, m in inorder]
    return [Write(_SALTS, (programs, ids, [chance(32) for _ in inorder]))]


def begin_chains(tx: Tx, program_ids: Sequence[int], chain_ids: Sequence[UUID]) -> list[Write]:
    """Begin a chain for programs that have none."""
    if not program_ids:
        return []
    return [Write(_CHAINS, (list(program_ids), list(chain_ids), tx.now))]


def append(links: Sequence[Link], checkpoints: Sequence[Checkpoint]) -> list[Write]:
    """Add links to their chains, and the signed checkpoints that cover them."""
    if not links:
        return []
    rows = [
        (
            e.leaf.program_id, e.position, e.leaf.kind, e.leaf.subject_id, e.leaf.member_id,
            e.leaf.secret, e.hash,
        )
        for e in links
    ]  # fmt: skip
    signed = [
        (c.program_id, c.size, c.head, c.sealed_at, c.key_id, c.signature) for c in checkpoints
    ]
    return [
        Write(_LINKS, tuple(map(list, zip(*rows, strict=True)))),
        Write(_CHECKPOINTS, tuple(map(list, zip(*signed, strict=True)))),
    ]


def reached(cluster: int, below_tx: int, behind: Mapping[int, int]) -> list[Write]:
    """Everything of transactions below this one is sealed now, but of programs that are behind:
    of each below a transaction of its own."""
    kept = msgspec.json.encode({str(one): tx for one, tx in sorted(behind.items())}).decode()
    return [Write(_REACHED, (cluster, below_tx, kept))]


def anchored(tx: Tx, place: str, checkpoints: Sequence[Checkpoint]) -> list[Write]:
    """This place outside knows these checkpoints."""
    if not checkpoints:
        return []
    newest = {c.program_id: c.size for c in sorted(checkpoints, key=lambda c: c.size)}
    return [Write(_ANCHORED, (place, list(newest), list(newest.values()), tx.now))]
