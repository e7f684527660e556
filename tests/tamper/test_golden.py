"""Golden vectors: these rows, this salt, this chain give these hashes, today and in ten years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.tamper import reference
from tests.tamper.test_seal import books_of
from tests.tamper.vault import Vault, keyring

from regulars.records.seal.lines import Unreadable, checkpoint_of, line_of
from regulars.records.seal.types import Checkpoint, Leaf, chain, genesis, signed, statement

CHAIN = UUID("01890000-0000-7000-8000-00000000c0de")
AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
ROWS = """
delete from program_version;
insert into activity (program_id, member_id, activity_id, kind, source, external_id, sale_id,
    occurred_at, recorded_at, store, channel, amount_minor, body, actor)
values (1, '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000a1',
    'purchase', 'till', 'Straße 7', null, '2026-03-02 11:59:59.5+00', '2026-03-02 12:00+00',
    'main', 'till', 780, '{"b": 1, "a": [1.50, null, "ü"]}', 'key_1');
insert into trail
    (program_id, member_id, activity_id, sale_id, version, engine, packed, recorded_at)
values (1, '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000a1', null,
    1, 1, '\\x9301', '2026-03-02 12:00+00');
insert into entry (program_id, member_id, entry_id, kind, cause_id, reverses, occurred_at,
    recorded_at, actor, reason)
values (1, '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000e1', 'earn',
    '00000000-0000-0000-0000-0000000000a1', null, '1999-12-31 23:59:59.999999+00',
    '2026-03-02 12:00+00', '', '');
insert into posting (program_id, member_id, entry_id, line, wallet, account, amount)
select program_id, member_id, entry_id, x, 1, 11 - 10 * x, 14 * x - 7
  from entry, generate_series(0, 1) as x;
insert into tier_move (program_id, member_id, move_id, from_tier, to_tier, reason, cause_id,
    until_at, occurred_at, recorded_at)
values (1, '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-0000000000d1', null,
    'gold', 'reached', null, null, '2026-03-02 12:00+00', '2026-03-02 12:00+00');
"""


def fixed(count: int) -> bytes:
    """No chance at all: the chain's id, then salts and the rest of bytes 7."""
    return CHAIN.bytes if count == 16 else bytes([7]) * count


def test_these_rows_give_these_hashes(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.runtime.working.sealing.sealer.os.urandom", fixed)
    vault.tamper(ROWS)
    assert vault.seal() == 3
    rows = vault.rows("select * from seal_link order by position")
    assert [row["hash"].hex() for row in rows] == [
        "d9bd4fb2681b6252c25182a4addc43d8a006345ecb5127a2345633b7b91fae44",
        "0d66a3708dddff7705eaa3933faf54560fdcf2eba3bd3ee1647cd8abcf93e55f",
        "8e1622d0212894c83008e565067aabf0b059e1467cba1647d2cc3be3bd35c46c",
    ]  # fmt: skip
    links = [dict(row) for row in rows]
    assert books_of(vault).head(links, 1, CHAIN) == rows[-1]["hash"]


def test_an_empty_chain_begins_with_this() -> None:
    assert (
        genesis(1, CHAIN).hex()
        == "0329ac108e5e2f2c335a3a65c712c96d733670097eed31e91ed57c5559397610"
    )


def test_a_link_follows_the_link_before() -> None:
    leaf = Leaf(1, 2, UUID(int=1), UUID(int=2), bytes([3]) * 32, bytes([4]) * 32)
    assert [link.hash.hex() for link in chain(41, bytes(32), [leaf, leaf])] == [
        "9bbf9eac8413790be7b6d431f3a1c459e964c5d6e61cfc5abaaded8c2f5d6274",
        "56735497eee38882652e4bc0f67ee928e28f6d657be744143de46a94a63c1d24",
    ]
    parts: list[bytes] = [
        b"\x00", reference.number(42), b"\x00\x02", leaf.subject_id.bytes, leaf.member_id.bytes,
        leaf.plain, leaf.secret, bytes(32),
    ]  # fmt: skip
    assert chain(41, bytes(32), [leaf])[0].hash == reference.digest(*parts)


def checkpoint(**other: Any) -> Checkpoint:
    made = Checkpoint(1, CHAIN, 42, bytes(range(32)), AT, "", b"")
    return signed(made._replace(**other), keyring())


def test_this_is_what_a_checkpoint_signs_and_how_it_leaves_the_house() -> None:
    made = checkpoint()
    assert statement(made) == (
        b"regulars checkpoint 1\n01890000-0000-7000-8000-00000000c0de\n1\n42\n"
        b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
        b"2026-03-02T12:00:00.123456Z\n56475aa75463474c\n"
    )
    assert line_of(made) == (
        b'{"regulars_checkpoint":1,"program":1,"chain":"01890000-0000-7000-8000-00000000c0'
        b'de","size":42,"head":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c'
        b'1d1e1f","sealed_at":"2026-03-02T12:00:00.123456Z","key":"56475aa75463474c","sign'
        b'ature":"JoZKIBzZBoaD/INrBnRWr4HzEUKWUo5ew/OGt1LZOiRNsWjXXbcbzqJhDQt45HT+PJCl6bcA'
        b'MZIuUtK79dmOAw=="}'
    )
    assert checkpoint_of(line_of(made)) == made


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{}", b"null", b"\xff", b"[" * 500, b"x" * 2_000,
        line_of(checkpoint()).replace(b'"size":42', b'"size":0'),
        line_of(checkpoint()).replace(b'"size":42', b'"size":"42"'),
        line_of(checkpoint()).replace(b'"size":42', b'"size":42,"more":1'),
        line_of(checkpoint()).replace(b"0001020304", b"000102030"),
        line_of(checkpoint()).replace(b"123456Z", b"123456"),
        line_of(checkpoint()).replace(b'"regulars_checkpoint":1', b'"regulars_checkpoint":2'),
    ],
)  # fmt: skip
def test_a_line_that_is_no_checkpoint_is_refused(line: bytes) -> None:
    with pytest.raises(Unreadable):
        checkpoint_of(line)
