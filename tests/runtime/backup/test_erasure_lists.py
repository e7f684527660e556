"""Who was erased stays on the list, the right lists are found, and what is missing is said."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import typer

from regulars.runtime.backup.erasure_list import (
    LISTS,
    Applied,
    ErasureList,
    OfMember,
    OfName,
    keep_list,
    list_in,
    lists_at,
)
from regulars.runtime.cli import backing_up
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem

JUNE = datetime(2026, 6, 2, tzinfo=UTC)
ADA, BEN = UUID(int=1), UUID(int=2)


def listed(*who: UUID, program: str = "corner", salt: bytes = b"s") -> ErasureList:
    members = tuple(OfMember(one, JUNE) for one in who)
    return ErasureList(
        program, (salt,), members, tuple(OfName(one.bytes, one, JUNE) for one in who)
    )


def test_books_that_forgot_an_erasure_do_not_take_it_off_the_list(tmp_path: Path) -> None:
    """As after a restore without the list, and as of a drill of the same name."""
    path = tmp_path / LISTS.replace("*", "corner")
    assert keep_list(listed(ADA), path) is None
    assert keep_list(listed(BEN, salt=b"t"), path) is None
    found = list_in(path)
    assert [one.member_id for one in found.members] == [ADA, BEN]
    assert ([one.member_id for one in found.names], found.salts) == ([ADA, BEN], (b"s", b"t"))
    assert keep_list(found, path) is None
    assert list_in(path) == found


@pytest.mark.parametrize("before", [b"{half", None])
def test_what_cannot_be_added_to_is_kept_under_another_name(
    before: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / LISTS.replace("*", "corner")
    if before is None:
        keep_list(listed(BEN, program="club"), path)
    else:
        path.write_bytes(before)
    was = path.read_bytes()
    aside = keep_list(listed(ADA), path)
    assert aside is not None
    assert aside.read_bytes() == was
    assert lists_at(tmp_path) == [list_in(path)] == [listed(ADA)]


def test_an_actor_in_a_list_of_before_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(
        '{"program": "corner", "salts": [], "names": [], "members": [{"member_id": "'
        f'{ADA}", "erased_at": "2026-06-02T00:00:00Z", "actor": "Mia"}}]}}'
    )
    keep_list(list_in(path), path)
    assert "Mia" not in path.read_text()
    assert [one.member_id for one in list_in(path).members] == [ADA]


def restored(**said: Any) -> Any:
    return SimpleNamespace(**{"forgotten": None, "unlisted": (), "failed": "", **said})


def test_each_program_without_a_list_is_told_in_red(capsys: pytest.CaptureFixture[str]) -> None:
    done = Applied(0, 0, 0, 0)
    backing_up.say_forgotten(restored(forgotten=done, unlisted=("club",)), unwanted=False)
    out = capsys.readouterr().out
    assert ("program club was found" in out, "erase --reapply FILE" in out) == (True, True)
    backing_up.say_forgotten(restored(forgotten=done), unwanted=False)
    assert "--reapply" not in capsys.readouterr().out


def test_erasing_again_that_failed_is_told_in_red_and_ends_with_1(
    make_settings: Callable[..., Settings], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """And the lists on the shelf of the settings count, wherever the backup lies."""
    shelf, taken = tmp_path / "shelf", list[Any]()
    shelf.mkdir()
    keep_list(listed(ADA), shelf / LISTS.replace("*", "corner"))

    def put_back(_settings: Any, wanted: Any, *_: Any) -> Any:
        taken.append(wanted)
        report = SimpleNamespace(right=True, findings=())
        return restored(failed="OSError: gone [1]", report=report, epoch=1)

    settings = make_settings(REGULARS_BACKUPS=str(shelf))
    monkeypatch.setattr(backing_up, "read_settings", lambda: settings)
    monkeypatch.setattr("regulars.runtime.backup.restoring.restore", put_back)
    monkeypatch.setattr("regulars.runtime.backup.label.read_label", lambda _: None)
    with pytest.raises(typer.Exit) as ended:
        backing_up.restore(tmp_path / "copied" / "a-dump", None, None, None, no_erasures=False)
    out = capsys.readouterr().out
    assert ended.value.exit_code == 1
    assert ("OSError: gone [1]" in out, "erase --reapply FILE" in out) == (True, True)
    assert taken[0].erasures == (listed(ADA),)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SetupProblem, match="no erasure list in"):
        backing_up.restore(tmp_path / "a-dump", None, None, [tmp_path / "empty"], no_erasures=False)


def test_secrets_are_kept_while_the_database_is_down_and_the_lists_are_missed_in_a_line(
    make_settings: Callable[..., Settings], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    down = "postgresql://nobody@127.0.0.1:9/none"
    settings = make_settings(REGULARS_DATABASE_URL=down, REGULARS_OWNER_DATABASE_URL=down)
    monkeypatch.setattr(backing_up, "read_settings", lambda: settings)
    from regulars.runtime.installation.secret_files import open_secrets

    open_secrets(settings)
    with pytest.raises(typer.Exit):
        backing_up.backup(dump=False, secrets=tmp_path / "key", listing=False, keep=None)
    assert any((tmp_path / "key").iterdir())
    assert "could not be written there: ConnectionRefusedError" in capsys.readouterr().out
