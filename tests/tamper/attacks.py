"""What somebody with all rights of the database may do to a sealed chain, at random places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from regulars.insight.chain import Report, Wrong, questions
from regulars.records.seal.types import Checkpoint, Leaf, hash_after, signed
from regulars.runtime.working.sealing.keys import Keyring

ACTIVITY, ENTRY = 1, 2


class Scene(NamedTuple):
    """A sealed chain before anybody touched it."""

    connection: Any
    program_id: int
    links: Sequence[Any]
    checkpoints: Sequence[Checkpoint]
    signer: Keyring

    def pick(self, chance: Random, kind: int) -> Any:
        return chance.choice([link for link in self.links if link["kind"] == kind])

    async def do(self, sql: str, *args: Any) -> str:
        done: str = await self.connection.execute(sql, *args)
        assert not done.endswith(" 0"), (done, sql, args)
        return done


class Expected(NamedTuple):
    """Where it must be found: a link of the chain, or a row that has none."""

    position: int = 0
    subject_id: UUID | None = None
    last: int = 0

    def located(self, found: Sequence[Wrong]) -> bool:
        """Whether the first thing that was found names the place."""
        if not found:
            return False
        first = found[0]
        if self.subject_id is not None:
            return first.subject_id == self.subject_id
        return first.first <= self.position <= first.last or (
            self.position <= first.first <= max(self.last, self.position)
        )


Attack = Callable[[Scene, Random], Awaitable[Expected]]

_FIELDS = (
    (ENTRY, "update entry set reason = reason || '.' where entry_id = $1 and member_id = $2"),
    (ENTRY, "update entry set actor = 'nobody' where entry_id = $1 and member_id = $2"),
    (ENTRY, "update entry set kind = case kind when 'adjust' then 'earn' else 'adjust' end "
            "where entry_id = $1 and member_id = $2"),
    (ENTRY, "update entry set cause_id = gen_random_uuid() where entry_id = $1 and member_id = $2"),
    (ENTRY, "update entry set occurred_at = occurred_at - interval '1 microsecond' "
            "where entry_id = $1 and member_id = $2"),
    (ENTRY, "update posting set amount = amount * 2 where entry_id = $1 and member_id = $2"),
    (ENTRY, "update posting set account = 15 where line = 0 and entry_id = $1 and member_id = $2"),
    (ENTRY, "update posting set line = line + 7 where entry_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set amount_minor = amount_minor + 1 "
               "where activity_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set body = body || '{\"extra\": 1}' "
               "where activity_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set external_id = external_id || '0' "
               "where activity_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set store = 'elsewhere' where activity_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set recorded_at = recorded_at + interval '1 day' "
               "where activity_id = $1 and member_id = $2"),
    (ACTIVITY, "update activity set sale_id = gen_random_uuid() "
               "where activity_id = $1 and member_id = $2"),
)  # fmt: skip


async def edit_field(scene: Scene, chance: Random) -> Expected:
    """One value of one row is another."""
    kind, sql = chance.choice(_FIELDS)
    link = scene.pick(chance, kind)
    await scene.do(sql, link["subject_id"], link["member_id"])
    return Expected(link["position"], link["subject_id"])


async def edit_link(scene: Scene, chance: Random) -> Expected:
    """What the seal itself keeps of a row is another."""
    link = chance.choice(scene.links)
    column = chance.choice(("hash", "secret"))
    await scene.do(
        f"update seal_link set {column} = sha256({column}) where program_id = $1 and position = $2",
        scene.program_id, link["position"],
    )  # fmt: skip
    return Expected(link["position"], link["subject_id"])


async def delete_row(scene: Scene, chance: Random) -> Expected:
    """A row is gone, whole or in part."""
    link = scene.pick(chance, chance.choice((ACTIVITY, ENTRY)))
    keys = (link["subject_id"], link["member_id"])
    if link["kind"] == ACTIVITY:
        await scene.do("delete from activity where activity_id = $1 and member_id = $2", *keys)
    elif chance.random() < 0.5:
        await scene.do("delete from posting where entry_id = $1 and member_id = $2", *keys)
    else:
        await scene.do("delete from entry where entry_id = $1 and member_id = $2", *keys)
    return Expected(link["position"], link["subject_id"])


async def delete_link(scene: Scene, chance: Random) -> Expected:
    """A row is gone and its link with it."""
    link = scene.pick(chance, ENTRY)
    keys = (link["subject_id"], link["member_id"])
    await scene.do("delete from posting where entry_id = $1 and member_id = $2", *keys)
    await scene.do("delete from entry where entry_id = $1 and member_id = $2", *keys)
    await scene.connection.execute(
        "delete from lot_move where entry_id = $1 and member_id = $2", *keys
    )
    await _delete_links(scene, link["position"], link["position"])
    return Expected(link["position"])


async def insert_row(scene: Scene, chance: Random) -> Expected:
    """A row is there that nobody sealed, as if it had been there all the time."""
    link = scene.pick(chance, ENTRY)
    made = UUID(int=chance.getrandbits(128))
    for sql in (
        "insert into entry select program_id, member_id, $2, kind, cause_id, reverses, occurred_at,"
        " recorded_at, actor, reason, recorded_tx from entry where entry_id = $1",
        "insert into posting select program_id, member_id, $2, line, wallet, account, amount "
        "from posting where entry_id = $1",
    ):
        await scene.do(sql, link["subject_id"], made)
    return Expected(0, made)


async def insert_part(scene: Scene, chance: Random) -> Expected:
    """A sealed entry has two more postings, which sum to nothing."""
    link = scene.pick(chance, ENTRY)
    await scene.do(
        "insert into posting select program_id, member_id, entry_id, line + 40, wallet, account, "
        "amount from posting where entry_id = $1",
        link["subject_id"],
    )
    return Expected(link["position"], link["subject_id"])


async def swap(scene: Scene, chance: Random) -> Expected:
    """Two links change places, with everything that belongs to them."""
    one, other = sorted(chance.sample(range(1, len(scene.links) + 1), 2))
    change = "update seal_link set position = $3 where program_id = $1 and position = $2"
    for was, becomes in ((one, 2**40), (other, one), (2**40, other)):
        await scene.do(change, scene.program_id, was, becomes)
    return Expected(one)


async def swap_reasons(scene: Scene, chance: Random) -> Expected:
    """Two entries change what was booked for them."""
    entries = [link for link in scene.links if link["kind"] == ENTRY]
    one, other = sorted(chance.sample(entries, 2), key=lambda link: link["position"])
    holding = UUID(int=0)
    for was, becomes in (
        (one["subject_id"], holding), (other["subject_id"], one["subject_id"]),
        (holding, other["subject_id"]),
    ):  # fmt: skip
        await scene.do("update posting set entry_id = $2 where entry_id = $1", was, becomes)
        member = one if becomes == one["subject_id"] else other
        await scene.do(
            "update posting set member_id = $2 where entry_id = $1", becomes, member["member_id"]
        )
    await scene.do("update posting set amount = amount * 2 where entry_id = $1", one["subject_id"])
    return Expected(one["position"], one["subject_id"])


async def truncate_tail(scene: Scene, chance: Random) -> Expected:
    """The newest rows are gone, with their links and checkpoints; all that is left fits."""
    sizes = [checkpoint.size for checkpoint in scene.checkpoints]
    keep = chance.choice(sizes[:-1])
    await _delete_from(scene, keep + 1)
    return Expected(keep + 1, last=sizes[-1])


async def truncate_inside(scene: Scene, chance: Random) -> Expected:
    """The same, cut off where no checkpoint was."""
    keep = chance.randrange(1, len(scene.links))
    await _delete_from(scene, keep + 1)
    last = max([c.size for c in scene.checkpoints if c.size <= keep], default=0)
    return Expected(last + 1, last=len(scene.links))


async def rewrite_suffix(scene: Scene, chance: Random) -> Expected:
    """A row is changed and everything after it hashed anew; heads fit, signatures cannot."""
    position, subject = await _change_and_rehash(scene, chance)
    if chance.random() < 0.5:
        await scene.do(
            "delete from seal_checkpoint where program_id = $1 and size >= $2",
            scene.program_id, position,
        )  # fmt: skip
    return _between(scene, position, subject)


async def rewrite_and_sign(scene: Scene, chance: Random) -> Expected:
    """The same, signed by a key of one's own under the name of ours."""
    position, subject = await _change_and_rehash(scene, chance)
    thief = Keyring(Ed25519PrivateKey.from_private_bytes(bytes(32)), {})
    await _sign_again(scene, position, thief, scene.signer.key_id)
    return _between(scene, position, subject)


async def rewrite_with_stolen_key(scene: Scene, chance: Random) -> Expected:
    """The same, signed by our own key: only what lies outside can tell."""
    position, subject = await _change_and_rehash(scene, chance)
    await _sign_again(scene, position, scene.signer, scene.signer.key_id)
    return _between(scene, position, subject)


async def change_key_id(scene: Scene, chance: Random) -> Expected:
    """A checkpoint says that another key signed it."""
    checkpoint = chance.choice(scene.checkpoints)
    await scene.do(
        "update seal_checkpoint set key_id = $3 where program_id = $1 and size = $2",
        scene.program_id, checkpoint.size, f"{chance.getrandbits(64):016x}",
    )  # fmt: skip
    return Expected(checkpoint.size)


ATTACKS: tuple[Attack, ...] = (
    edit_field, edit_link, delete_row, delete_link, insert_row, insert_part, swap, swap_reasons,
    truncate_tail, truncate_inside, rewrite_suffix, rewrite_and_sign, rewrite_with_stolen_key,
    change_key_id,
)  # fmt: skip
ONLY_ANCHORS_TELL = (truncate_tail, rewrite_with_stolen_key)


def _between(scene: Scene, position: int, subject: UUID) -> Expected:
    """Somewhere between two checkpoints: closer nobody can tell when every hash was made anew."""
    end = min(c.size for c in scene.checkpoints if c.size >= position)
    return Expected(position, last=end)


async def _change_and_rehash(scene: Scene, chance: Random) -> tuple[int, UUID]:
    link = scene.pick(chance, ENTRY)
    await scene.do(
        "update posting set amount = amount * 3 where entry_id = $1 and member_id = $2",
        link["subject_id"], link["member_id"],
    )  # fmt: skip
    await rehash(scene, link["position"])
    return link["position"], link["subject_id"]


async def rehash(scene: Scene, start: int) -> None:
    """Every hash from this link on, made again from the rows as they are now; heads too."""
    await scene.connection.execute(questions.SETTINGS)
    rows = await scene.connection.fetch(questions.LINKS, scene.program_id)
    before = rows[start - 2]["hash"] if start > 1 else b""
    positions, hashes = [], []
    for row in rows[start - 1 :]:
        secret = row["kept"] if row["secret"] is None else row["secret"]
        leaf = Leaf(
            scene.program_id, row["kind"], row["subject_id"], row["member_id"], row["plain"], secret
        )
        before = hash_after(before, row["position"], leaf)
        positions.append(row["position"])
        hashes.append(before)
    await scene.do(
        "update seal_link l set hash = n.hash from unnest($2::bigint[], $3::bytea[]) "
        "as n (position, hash) where l.program_id = $1 and l.position = n.position",
        scene.program_id, positions, hashes,
    )  # fmt: skip
    await scene.do(
        "update seal_checkpoint c set head = l.hash from seal_link l where c.program_id = $1 "
        "and l.program_id = $1 and l.position = c.size and c.size >= $2",
        scene.program_id, start,
    )  # fmt: skip


async def _sign_again(scene: Scene, start: int, signer: Keyring, name: str) -> None:
    rows = await scene.connection.fetch(
        "select size, head from seal_checkpoint where program_id = $1 and size >= $2",
        scene.program_id, start,
    )  # fmt: skip
    old = {checkpoint.size: checkpoint for checkpoint in scene.checkpoints}
    for row in rows:
        forged = signed(old[row["size"]]._replace(head=row["head"]), signer)
        await scene.do(
            "update seal_checkpoint set signature = $3, key_id = $4 "
            "where program_id = $1 and size = $2",
            scene.program_id, row["size"], forged.signature, name,
        )  # fmt: skip


async def _delete_from(scene: Scene, start: int) -> None:
    """All rows that are sealed from here on, their links, and what signed them."""
    gone = [link for link in scene.links if link["position"] >= start]
    for table, column, kind in (
        ("entry", "entry_id", ENTRY), ("posting", "entry_id", ENTRY),
        ("lot_move", "entry_id", ENTRY), ("activity", "activity_id", ACTIVITY),
        ("trail", "activity_id", ACTIVITY),
    ):  # fmt: skip
        ids = [link["subject_id"] for link in gone if link["kind"] == kind]
        await scene.connection.execute(f"delete from {table} where {column} = any($1::uuid[])", ids)
    await scene.connection.execute(
        "delete from hold_lot where hold_id in (select hold_id from hold where redemption_id "
        "not in (select cause_id from entry where kind = 'hold'))"
    )
    await _delete_links(scene, start, 2**60)
    await scene.connection.execute(
        "delete from seal_checkpoint where program_id = $1 and size >= $2", scene.program_id, start
    )


async def _delete_links(scene: Scene, first: int, last: int) -> None:
    await scene.do(
        "delete from seal_link where program_id = $1 and position between $2 and $3",
        scene.program_id, first, last,
    )  # fmt: skip


def right(report: Report) -> bool:
    return report.right and report.wrong == ()
