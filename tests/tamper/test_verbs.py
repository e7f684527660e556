"""`regulars verify --chain` and `regulars anchor` as they are typed."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.makers import buys
from tests.tamper.vault import Vault
from typer.testing import CliRunner, Result

from regulars.records.seal.lines import line_of
from regulars.runtime.cli import build_command
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.working.sealing.keys import FORMER, NAME, change_key, key_id_of, open_keyring

Typed = Callable[..., Result]


@pytest.fixture
def at_home(vault: Vault, tmp_path: Path) -> Settings:
    """The vault's shop with a home of its own, sealed with the key that lies there."""
    settings = read_settings(environment(vault, tmp_path))
    vault.keys = open_keyring(settings)
    (ada,) = vault.shop.joined("ada")
    for n in range(3):
        vault.shop.record(buys(ada, 700, receipt=f"r{n}"))
        vault.seal()
    return settings


def environment(vault: Vault, home: Path) -> dict[str, str]:
    return {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": vault.shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": vault.shop.made.owner_dsn,
        "COLUMNS": "160",
    }


@pytest.fixture
def typed(vault: Vault, tmp_path: Path, at_home: Settings) -> Typed:
    def run(*words: str) -> Result:
        return CliRunner().invoke(build_command(), words, env=environment(vault, tmp_path))

    return run


def test_what_anchor_prints_is_an_anchor(typed: Typed, tmp_path: Path) -> None:
    printed = typed("anchor")
    assert printed.exit_code == 0
    (tmp_path / "kept").write_bytes(printed.stdout_bytes)
    seen = typed("verify", "--chain", "--anchor", str(tmp_path / "kept"))
    assert seen.exit_code == 0, seen.output
    assert "Everything is as it was sealed." in seen.output
    assert "anchored up to link 7" in seen.output
    assert "not provable" not in seen.output


def test_without_an_anchor_it_says_what_is_not_provable(typed: Typed) -> None:
    seen = typed("verify", "--chain")
    assert seen.exit_code == 0
    assert "not provable that the end of the chain was not cut off" in seen.output


def test_a_change_ends_with_status_1_and_names_the_row(vault: Vault, typed: Typed) -> None:
    (row,) = vault.rows("select subject_id from seal_link where position = 4")
    vault.tamper("update activity set amount_minor = 1 where activity_id = $1", args=(row[0],))
    seen = typed("verify", "--chain")
    assert seen.exit_code == 1
    assert f"activity {row[0]} at link 4: is not what was sealed here" in seen.output
    told = json.loads(typed("verify", "--chain", "--json").stdout)
    (chain,) = told["chains"]
    assert (told["right"], told["violations"]) == (False, 1)
    assert (chain["wrong"][0]["code"], chain["wrong"][0]["first"]) == ("row_changed", 4)
    assert "Without an anchor" in chain["not_provable"][0]


def test_a_tail_that_is_gone_is_found_with_the_anchor(
    vault: Vault, typed: Typed, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_bytes(b"".join(line_of(c) + b"\n" for c in vault.checkpoints()))
    ids = [row[0] for row in vault.rows("select subject_id from seal_link where position > 5")]
    vault.tamper(
        *(
            f"delete from {table} where {column} = any($1::uuid[])"
            for table, column in (("activity", "activity_id"), ("trail", "activity_id"),
                                  ("entry", "entry_id"), ("posting", "entry_id"))
        ),
        args=(ids,),
    )  # fmt: skip
    vault.tamper(
        "delete from seal_link where position > 5", "delete from seal_checkpoint where size > 5"
    )
    assert typed("verify", "--chain").exit_code == 0
    seen = typed("verify", "--chain", "--anchor", str(tmp_path / "kept"))
    assert seen.exit_code == 1
    assert "links 6 to 7: more was told outside than is here" in seen.output


@pytest.mark.parametrize("content", [None, b"", b"no checkpoint\n"])
def test_an_anchor_that_vouches_for_nothing_ends_with_status_2(
    typed: Typed, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "anchor"
    if content is not None:
        path.write_bytes(content)
    seen = typed("verify", "--chain", "--anchor", str(path))
    assert seen.exit_code == 2
    assert str(path) in seen.stderr


def test_a_line_of_an_anchor_that_is_torn_is_told_and_the_others_count(
    vault: Vault, typed: Typed, tmp_path: Path
) -> None:
    line = line_of(vault.checkpoints()[-1])
    (tmp_path / "kept").write_bytes(line[:50] + b"\n" + line + b"\n")
    seen = typed("verify", "--chain", "--anchor", str(tmp_path / "kept"))
    assert seen.exit_code == 0
    assert "Line 1 of" in seen.output
    assert "proves nothing" in seen.output


def test_an_anchor_under_another_key_is_no_anchor(
    vault: Vault, typed: Typed, tmp_path: Path
) -> None:
    other = vault.checkpoints()[-1]._replace(key_id="0" * 16)
    (tmp_path / "kept").write_bytes(line_of(other) + b"\n")
    seen = typed("verify", "--chain", "--anchor", str(tmp_path / "kept"))
    assert seen.exit_code == 1
    assert "no key of ours signed this line of the anchor" in seen.output


def test_an_anchor_without_chain_is_a_mistake_that_is_told(typed: Typed) -> None:
    seen = typed("verify", "--anchor", "file")
    assert seen.exit_code == 2
    assert "--chain" in seen.output


def test_somebody_else_verifies_with_the_public_keys_alone(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(typed("anchor", "--keys").stdout_bytes)
    assert typed("verify", "--chain", "--keys", str(tmp_path / "keys")).exit_code == 0
    (tmp_path / "keys").write_text(f"{key_id_of(bytes(32))} {bytes(32).hex()}\n")
    assert typed("verify", "--chain", "--keys", str(tmp_path / "keys")).exit_code == 1
    (tmp_path / "keys").write_text("0123456789abcdef 00\n")
    seen = typed("verify", "--chain", "--keys", str(tmp_path / "keys"))
    assert seen.exit_code == 2
    assert "Line 1" in seen.stderr


def test_a_key_is_changed_and_what_was_signed_is_still_verified(
    vault: Vault, typed: Typed, at_home: Settings
) -> None:
    before = open_keyring(at_home)
    seed = (at_home.secrets_dir / NAME).read_text()
    assert typed("anchor", "--change-key").exit_code == 0
    after = open_keyring(at_home)
    assert after.key_id != before.key_id
    assert seed not in (at_home.secrets_dir / FORMER).read_text()
    for name in (NAME, FORMER):
        assert stat.S_IMODE((at_home.secrets_dir / name).stat().st_mode) == 0o600
    vault.keys = after
    vault.shop.record(buys(None, 100, receipt="after"))
    vault.seal()
    assert [c.key_id for c in vault.checkpoints()][-2:] == [before.key_id, after.key_id]
    assert typed("verify", "--chain").exit_code == 0


def test_a_key_of_the_environment_is_not_changed_behind_its_back(tmp_path: Path) -> None:
    settings = read_settings(
        {"REGULARS_HOME": str(tmp_path), "REGULARS_SECRET_SEAL_KEY": "A" * 42 + "E"}
    )
    with pytest.raises(SetupProblem, match="REGULARS_SECRET_SEAL_KEY"):
        change_key(settings)


def test_a_secret_that_is_no_key_is_refused(tmp_path: Path) -> None:
    settings = read_settings({"REGULARS_HOME": str(tmp_path), "REGULARS_SECRET_SEAL_KEY": "short"})
    with pytest.raises(SetupProblem, match="not a signing key"):
        open_keyring(settings)


def test_before_anything_is_sealed_anchor_says_so(open_vault: Any, tmp_path: Path) -> None:
    vault = open_vault()
    seen = CliRunner().invoke(build_command(), ["anchor"], env=environment(vault, tmp_path))
    assert seen.exit_code == 1
    assert "Nothing is sealed yet" in seen.stderr


@pytest.mark.parametrize("url", ["ftp://x/y", "http://", "//x", "http://x y/", "http://x:0/", "x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SetupProblem, match="REGULARS_ANCHOR_URL"):
        read_settings({"REGULARS_ANCHOR_URL": url})


def test_settings_of_anchors_reach_the_worker(tmp_path: Path) -> None:
    told = {
        "REGULARS_HOME": str(tmp_path),
        "REGULARS_ANCHOR_FILE": "anchor.jsonl",
        "REGULARS_ANCHOR_URL": "https://example.org/a",
        "REGULARS_SEAL_SECONDS": "7",
    }
    settings = read_settings(told)
    assert settings.anchor_file == Path(os.path.abspath("anchor.jsonl"))
    assert read_settings(settings.as_environment()) == settings
