"""Nothing append-only is forgotten: every table and column is sealed, or said to be left out."""

from __future__ import annotations

import re

from tests.tamper.vault import Vault

from regulars.records.seal.canonical import KINDS, LEFT_OUT, PARTS

NOT_HASHED = {"program_id", "member_id", "recorded_tx"}
"""The fence, what the link itself holds, and what only finds the row."""
_COLUMNS = """
select column_name from information_schema.columns
 where table_schema = 'public' and table_name = $1 order by ordinal_position
"""
_APPEND_ONLY = """
select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
 where t.tgname = 'append_only' order by 1
"""
LETTER = {"trail": "t", "posting": "p", "lot_move": "p", "hold_lot": "p", "courtesy": "p"}
FOUND_BY = {
    "trail": "activity_id", "posting": "entry_id", "lot_move": "entry_id", "hold_lot": "",
    "courtesy": "entry_id",
}  # fmt: skip


def untold(vault: Vault) -> set[str]:
    """Append-only tables that the chain neither holds nor names."""
    told = {kind.table for kind in KINDS} | set(PARTS) | set(LEFT_OUT)
    return {row["relname"] for row in vault.rows(_APPEND_ONLY)} - told


def unhashed(vault: Vault) -> set[str]:
    """Columns of sealed tables that go into no digest."""
    hashed = "\n".join(part for kind in KINDS for part in (*kind.plain, *kind.personal))
    places = [(kind.table, "r", kind.subject) for kind in KINDS if kind.table != "seal_salt"]
    places += [(table, LETTER[table], FOUND_BY[table]) for table in PARTS]
    found = set()
    for table, letter, subject in places:
        columns = [row[0] for row in vault.rows(_COLUMNS, table)]
        found |= {
            f"{table}.{column}"
            for column in columns
            if column not in NOT_HASHED
            and column not in subject
            and not re.search(rf"\b{letter}\.{column}\b", hashed)
        }
    return found


def test_every_append_only_table_is_in_the_chain_or_named_as_left_out(vault: Vault) -> None:
    assert untold(vault) == set(), "add it to records/seal/canonical.py: KINDS, PARTS or LEFT_OUT"


def test_every_column_of_a_sealed_table_is_hashed(vault: Vault) -> None:
    assert unhashed(vault) == set(), "add it to its kind in records/seal/canonical.py"


def test_a_table_and_a_column_that_are_forgotten_are_found(vault: Vault) -> None:
    vault.tamper(
        "create table forgotten (x int)",
        "create trigger append_only before update on forgotten "
        "for each statement execute function refuse_change()",
        "alter table entry add column secret_note text",
    )
    assert untold(vault) == {"forgotten"}
    assert unhashed(vault) == {"entry.secret_note"}
