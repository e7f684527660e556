"""Find what is not sealed yet, and how far the chains are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.seal import canonical
from regulars.records.seal.canonical import KIND, KINDS, Sealed
from regulars.records.seal.types import Checkpoint, Leaf

EVERYTHING: Final = 2**63 - 1
"""Above every transaction there can be."""
ELSEWHERE: Final = -1
"""In place of a transaction: the rows are of a cluster whose transactions count otherwise."""
SPAN: Final = 20_000
"""Transactions looked at in one round, so that a long backlog is read once."""


class Reach(NamedTuple):
    """How far the sealer is, and how far it may go: below the oldest running transaction."""

    below_tx: int
    up_to_tx: int
    cluster: int
    known_cluster: int
    behind: Mapping[int, int] = {}
    """Programs whose chain was broken, and from which transaction on they are to be looked at
    when it is whole again (`ELSEWHERE`: whichever they have); of all others everything below
    `below_tx` is sealed."""

    @property
    def elsewhere(self) -> bool:
        """Whether the sealer was never in this cluster: a dump that was restored, or a new one."""
        return self.cluster != self.known_cluster

    @property
    def window(self) -> tuple[int, int]:
        """From which transaction, and below which, rows may be unsealed.

        In a cluster where it never was (a dump restored elsewhere) transactions count anew, so
        everything is looked at; what is in the chain already is not taken twice.
        """
        if self.elsewhere:
            return 0, EVERYTHING
        return self.below_tx, min(self.up_to_tx, self.below_tx + SPAN)

    def left_alone(self, broken: Collection[int]) -> set[int]:
        """The programs that have no part in the common window: broken ones, and those that have
        to be caught up with."""
        return set(broken) if self.elsewhere else set(broken) | self.behind.keys()

    def to_catch_up(self, broken: Collection[int]) -> int | None:
        """A program whose chain is whole again and that is behind the others, if there is one."""
        if self.elsewhere:
            return None
        return min((one for one in self.behind if one not in broken), default=None)

    def window_of(self, program_id: int) -> tuple[int, int]:
        """The same window for a program that is behind."""
        since = self.behind[program_id]
        if since == ELSEWHERE:
            return 0, EVERYTHING
        return since, min(self.up_to_tx, since + SPAN)

    def after(self, last_tx: int | None, broken: Collection[int] = ()) -> Reach:
        """How far it is after a round; `last_tx` where the round was full and broke off.

        Rows come in the order of their transactions, so all before the last one are sealed, but
        those of broken chains: these stay where the others leave them.
        """
        if self.elsewhere:
            if last_tx is not None:
                return self
            behind = dict.fromkeys(broken, ELSEWHERE)
            return self._replace(below_tx=self.up_to_tx, known_cluster=self.cluster, behind=behind)
        behind = {**dict.fromkeys(broken, self.below_tx), **self.behind}
        return self._replace(below_tx=self.window[1] if last_tx is None else last_tx, behind=behind)

    def caught_up(self, program_id: int, to_tx: int) -> Reach:
        """After a round of one that is behind: it is as far as this, or no longer behind."""
        if self.behind[program_id] == ELSEWHERE and to_tx < EVERYTHING:
            return self  # the round was full
        behind = {one: tx for one, tx in self.behind.items() if one != program_id}
        if to_tx < self.below_tx:
            behind[program_id] = to_tx
        return self._replace(behind=behind)

    @property
    def more(self) -> bool:
        """Whether there is something left to look at at once."""
        return self.elsewhere or self.below_tx < self.up_to_tx


class Due(NamedTuple):
    """One row that is not in its chain yet."""

    program_id: int
    kind: int
    subject_id: UUID
    member_id: UUID
    since_tx: int


# Whoever holds this row seals; a second sealer finds it locked and leaves the work to the first.
_REACH = "select cluster, below_tx, behind::text from seal_reach for update skip locked"
# Asked after the lock and before any row is read: whoever is below it has ended by now.
_HORIZON = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as up_to_tx,
       (select system_identifier from pg_control_system()) as cluster
"""


def _due(kind: Sealed) -> str:
    return f"""
select r.program_id, {kind.code} as kind, {kind.subject} as subject_id, {kind.member} as member_id,
       r.{kind.since} as since
  from {kind.table} r
 where r.{kind.since} >= $1::bigint and r.{kind.since} < $2::bigint
"""  # noqa: S608  (made of our own constants)


_DUE: Final = f"""
select d.program_id, d.kind, d.subject_id, d.member_id, d.since
  from ({" union all ".join(_due(kind) for kind in KINDS)}) as d
 where d.program_id <> all($4::int[])
   and not exists (select from seal_link l
                    where l.program_id = d.program_id and l.kind = d.kind
                      and l.subject_id = d.subject_id and l.member_id = d.member_id)
 order by d.since, d.kind, d.subject_id, d.member_id
 limit $3
"""  # noqa: S608  (made of our own constants)

_DUE_OF: Final = _DUE.replace("d.program_id <> all($4::int[])", "d.program_id = $4::int")


def _leaves(kind: Sealed) -> str:
    key = {
        "activity": "r.activity_id = h.subject_id and r.member_id = h.member_id",
        "entry": "r.entry_id = h.subject_id and r.member_id = h.member_id",
        "tier_move": "r.move_id = h.subject_id and r.member_id = h.member_id",
        "program_version": f"{kind.subject} = h.subject_id",
        "seal_salt": "r.member_id = h.member_id",
    }[kind.table]
    salt = "coalesce(s.salt, $4::bytea)"
    return f"""
select h.place, {canonical.plain(kind)} as plain, {canonical.secret(kind, salt)} as secret
  from unnest($1::int[], $2::uuid[], $3::uuid[]) with ordinality
       as h (program_id, subject_id, member_id, place)
  join {kind.table} r on r.program_id = h.program_id and {key}
  {kind.beside}
  left join seal_salt s on s.program_id = h.program_id and s.member_id = h.member_id
 where $4::bytea is not null
"""  # noqa: S608  (made of our own constants)


_LEAVES: Final = {kind.code: _leaves(kind) for kind in KINDS}
_NEWEST: Final = """
select c.program_id, c.chain_id, p.size, p.head, p.sealed_at, p.key_id, p.signature,
       l.hash as last_hash, l.position as last_position
  from seal_chain c
  left join lateral (select * from seal_checkpoint p where p.program_id = c.program_id
                      order by p.size desc limit 1) p on true
  left join lateral (select position, hash from seal_link l where l.program_id = c.program_id
                      order by l.position desc limit 1) l on true
 where $1::int[] is null or c.program_id = any($1::int[])
 order by c.program_id
"""
_HASHES: Final = """
select l.program_id, l.position, l.hash
  from unnest($1::int[], $2::bigint[]) as k (program_id, position)
  join seal_link l using (program_id, position)
"""
_UNTOLD: Final = """
select p.program_id, c.chain_id, p.size, p.head, p.sealed_at, p.key_id, p.signature
  from seal_checkpoint p
  join seal_chain c using (program_id)
  left join seal_anchor a on a.program_id = p.program_id and a.place = $1
 where p.size > coalesce(a.size, 0)
 order by p.sealed_at desc, p.program_id, p.size desc limit $2
"""


class Tip(NamedTuple):
    """The end of a chain: its newest checkpoint (none before the first) and its last link."""

    program_id: int
    chain_id: UUID
    checkpoint: Checkpoint | None
    last_position: int
    last_hash: bytes | None


async def reach(tx: Tx) -> Reach | None:
    """How far the sealer is, locked until this transaction ends; nothing while another seals.

    Order: the lock first. The horizon is asked in a later statement than the lock and in an
    earlier one than the rows, so every transaction below it is seen whole.
    """
    for kept in await tx.fetch(_REACH):
        (here,) = await tx.fetch(_HORIZON)
        behind = {int(one): tx for one, tx in msgspec.json.decode(kept["behind"]).items()}
        return Reach(kept["below_tx"], here["up_to_tx"], here["cluster"], kept["cluster"], behind)
    return None


async def due(tx: Tx, window: tuple[int, int], most: int, without: Collection[int]) -> list[Due]:
    """Rows that are in no chain yet, in the order of their transactions; `without` programs."""
    rows = await tx.fetch(_DUE, *window, most, sorted(without))
    return [Due(*row.values()) for row in rows]


async def due_of(tx: Tx, window: tuple[int, int], most: int, program_id: int) -> list[Due]:
    """The same of one program."""
    rows = await tx.fetch(_DUE_OF, *window, most, program_id)
    return [Due(*row.values()) for row in rows]


async def leaves(tx: Tx, rows: Sequence[Due], throwaway: bytes) -> list[Leaf]:
    """The digests of these rows, in their order.

    `throwaway` salts the texts of members who were erased; it is kept nowhere, so nobody will
    ever find out what they were.
    """
    found: dict[int, Leaf] = {}
    for kind in KIND:
        places = [place for place, row in enumerate(rows) if row.kind == kind]
        if places:
            for place, leaf in await _some_leaves(tx, kind, rows, places, throwaway):
                found[place] = leaf
    assert len(found) == len(rows), (len(found), len(rows))
    return [found[place] for place in range(len(rows))]


async def _some_leaves(
    tx: Tx, kind: int, rows: Sequence[Due], places: Sequence[int], throwaway: bytes
) -> list[tuple[int, Leaf]]:
    keys: Sequence[Any] = (
        [rows[place].program_id for place in places],
        [rows[place].subject_id for place in places],
        [rows[place].member_id for place in places],
    )
    digests = await tx.fetch(_LEAVES[kind], *keys, throwaway)
    read = []
    for row in digests:
        place = places[row["place"] - 1]
        read.append((place, _leaf(rows[place], row)))
    return read


def _leaf(due: Due, row: Any) -> Leaf:
    return Leaf(
        due.program_id, due.kind, due.subject_id, due.member_id, row["plain"], row["secret"]
    )


async def tips(tx: Tx, program_ids: Sequence[int] | None = None) -> dict[int, Tip]:
    """The ends of these programs' chains, or of all; a program without a chain is left out."""
    rows = await tx.fetch(_NEWEST, program_ids)
    return {row["program_id"]: _tip(row) for row in rows}


async def hashes(tx: Tx, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of these links (program, position); what is not there is left out."""
    programs, positions = [p for p, _ in places], [n for _, n in places]
    rows = await tx.fetch(_HASHES, programs, positions)
    return {(row["program_id"], row["position"]): row["hash"] for row in rows}


async def untold(tx: Tx, place: str, most: int) -> list[Checkpoint]:
    """The newest checkpoints that this place outside does not know yet, oldest first."""
    rows = await tx.fetch(_UNTOLD, place, most)
    return [Checkpoint(*row.values()) for row in reversed(rows)]


def _tip(row: Any) -> Tip:
    checkpoint = None
    if row["size"] is not None:
        parts = ("program_id", "chain_id", "size", "head", "sealed_at", "key_id", "signature")
        checkpoint = Checkpoint(*(row[part] for part in parts))
    last = row["last_position"] or 0
    return Tip(row["program_id"], row["chain_id"], checkpoint, last, row["last_hash"])
