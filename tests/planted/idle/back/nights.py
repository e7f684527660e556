"""Bugs of restores that are cut off, of nights beside the other duties, and of broken chains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_MARK = "runtime/embedded/unfinished.py"
_NIGHT = "runtime/working/night.py"
_REACH = "records/seal/read.py"
_SHELF = "runtime/backup/shelf.py"
_BESIDE = "checks.nights_go_on_beside"
NIGHTS = (
    Bug(
        "what a restore left that was cut off is started like books",
        _MARK,
        "    if not unfinished(place.folder):\n",
        "    if True:\n",
        "checks.nothing_half_restored_is_started",
    ),
    Bug(
        "a restore clears away another one that goes on",
        _MARK,
        "        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "        pass\n",
        "checks.nothing_half_restored_is_started",
    ),
    Bug(
        "a restore that was cut off keeps every later one away",
        _MARK,
        "        _clear_away(place)\n    except OSError as wrong",
        "        pass\n    except OSError as wrong",
        "checks.nothing_half_restored_is_started",
    ),
    Bug(
        "a left mark has a restore clear away books that no restore made",
        _MARK,
        "        if _filled(found) and not _made(found):\n",
        "        sign(found, place) if _filled(found) and not _made(found) else None\n"
        "        if False:\n",
        "checks.nothing_half_restored_is_started",
    ),
    Bug(
        "a database of one's own is served without its fence",
        "runtime/checking/checks.py",
        "    no_restore_was_cut_off,\n    tables",
        "    tables",
        "checks.no_own_database_is_served_half_restored",
    ),
    Bug(
        "a database of one's own is backed up amid a restore",
        "runtime/backup/own_database.py",
        "    if await marked(dsn):\n        raise",
        "    if False:\n        raise",
        "checks.no_own_database_is_served_half_restored",
    ),
    Bug(
        "each batch of a night looks through everybody anew",
        _NIGHT,
        "(one for one in WALKING if one is step)",
        "(one for one in ())",
        "checks.nights_look_through_everybody_once",
    ),
    Bug(
        "who was given out had their turn, whatever became of it",
        "records/night/ahead.py",
        "        self._given = (one, len(members))\n",
        "        one.at += len(members) * _ID_BYTES\n",
        "checks.nights_give_out_again_what_failed",
    ),
    Bug(
        "a night and a change of the ladder meet in one program",
        "runtime/working/duties.py",
        "        if program_id in self._at_it:\n",
        "        if False:\n",
        _BESIDE,
    ),
    Bug(
        "what the night does is done beside it once more",
        _NIGHT,
        "        if not turn.locked():\n            async with turn:\n",
        "        if True:\n            if True:\n",
        _BESIDE,
    ),
    Bug(
        "a night overtakes what is done of its step by its own clock",
        _NIGHT,
        "        async with self._steps[program_id, STEPS[name]]:\n",
        "        if True:\n",
        "checks.nights_keep_their_order",
    ),
    Bug(
        "a night counts as done when it is begun",
        "runtime/observing/duties.py",
        "        if self._beside:\n",
        "        if False:\n",
        "checks.nights_count_when_they_have_ended",
    ),
    Bug(
        "what a broken chain leaves is forgotten",
        _REACH,
        "behind = {**dict.fromkeys(broken, self.below_tx), **self.behind}",
        "behind = dict(self.behind)",
        "checks.broken_chains_are_caught_up_with",
    ),
    Bug(
        "a chain that is whole again begins where the others are",
        _REACH,
        "(one for one in self.behind if one not in broken)",
        "(one for one in ())",
        "checks.broken_chains_are_caught_up_with",
    ),
    Bug(
        "a dump that was restored elsewhere keeps the places of before",
        _REACH,
        "behind = dict.fromkeys(broken, ELSEWHERE)",
        "behind = dict.fromkeys(broken, 0)",
        "checks.broken_chains_are_caught_up_with",
    ),
    Bug(
        "a drill's backups count among the shop's",
        _SHELF,
        ' and kept.label.whose in ("", made.whose)',
        "",
        "checks.a_shelf_has_several_owners",
    ),
    Bug(
        "a drill's backup keeps the doctor quiet about the shop's",
        _SHELF,
        ' if one.label.whose in ("", life)]',
        "]",
        "checks.a_shelf_has_several_owners",
    ),
    Bug(
        "the newest backup on a shelf is the one that is meant, whoever made it",
        _SHELF,
        "    if len(newest) > 1:\n",
        "    if False:\n",
        "checks.a_shelf_has_several_owners",
    ),
)


def _refused(says: str) -> Any:
    import pytest

    from regulars.runtime.problems import SetupProblem

    return pytest.raises(SetupProblem, match=says)


def nothing_half_restored_is_started(_: Shop) -> None:
    from regulars.runtime.embedded.place import Account, Place
    from regulars.runtime.embedded.unfinished import mark_of, refuse_unfinished, restoring, sign

    with TemporaryDirectory() as name:
        folder = Path(name)
        place = Place(None, folder, folder, Account(0, 0, "root", False))  # type: ignore[arg-type]
        refuse_unfinished(place)
        with restoring(place):
            place.cluster.mkdir()
            sign(place.cluster, place)
            with _refused("is going on"):
                refuse_unfinished(place)
            with _refused("Another restore"), restoring(place):
                pass
            assert place.cluster.exists()
        refuse_unfinished(place)
        (place.cluster / "PG_VERSION").touch()
        mark_of(folder).touch()  # what a kill leaves; books are put back to where they were
        with _refused("books in .* that no restore has left"), restoring(place):
            pass
        assert (place.cluster / "PG_VERSION").exists()
        mark_of(folder).touch()
        refuse_unfinished(place)
        assert not mark_of(folder).exists()
        sign(place.cluster, place)
        with _refused("was cut off.*To give it up: `rm -rf"):
            refuse_unfinished(place)
        with restoring(place):
            assert not place.cluster.exists()


def no_own_database_is_served_half_restored(shop: Shop) -> None:
    import asyncpg

    from regulars.runtime.backup.own_database import refuse_marked
    from regulars.runtime.checking.doctor import examine, refuse_unsafe
    from regulars.runtime.installation.addresses import Addresses
    from regulars.runtime.installation.settings import Settings

    async def told(sql: str) -> list[Any]:
        connection = await asyncpg.connect(shop.made.owner_dsn)
        await connection.execute(sql)
        await connection.close()
        where = Addresses(shop.made.owner_dsn, shop.made.app_dsn)
        return await examine(Settings(home=Path("nowhere"), database_url=where.app), where)

    with _refused("A restore into this database was cut off"):
        refuse_unsafe(shop.run(told("create table public.restoring ()")))
    with _refused("no books to back up"):
        shop.run(refuse_marked(shop.made.owner_dsn))


def nights_look_through_everybody_once(shop: Shop) -> None:
    import pytest
    from tests.flows.night import test_walks as tests

    def opened(source: str) -> Shop:
        shop.begin(source, slug="walked-through")
        return shop

    with pytest.MonkeyPatch.context() as patch:
        tests.test_how_often_everybody_is_looked_through_does_not_grow_with_the_batches(
            opened, patch
        )


def nights_give_out_again_what_failed(_: Shop) -> None:
    from tests.flows.night import test_walks as tests

    tests.test_who_was_given_out_and_not_done_is_given_out_again()


def nights_go_on_beside(_: Shop) -> None:
    import pytest
    from tests.runtime.supervising import test_duties as tests

    with pytest.MonkeyPatch.context() as patch:
        tests.test_while_a_night_works_the_others_go_on_and_nothing_is_done_twice(patch)


def nights_keep_their_order(_: Shop) -> None:
    from tests.runtime.supervising import test_duties as tests

    tests.test_a_night_waits_for_what_is_done_of_a_step_by_its_own_clock()


def nights_count_when_they_have_ended(_: Shop) -> None:
    from tests.runtime.observing import test_metrics as tests

    tests.test_a_round_beside_the_others_counts_when_it_has_ended()


def broken_chains_are_caught_up_with(_: Shop) -> None:
    from tests.tamper import test_sealing as tests

    tests.test_what_a_broken_chain_leaves_is_remembered_until_it_is_caught_up_with()


def a_shelf_has_several_owners(_: Shop) -> None:
    import asyncio
    from datetime import UTC, datetime

    from regulars.runtime.backup.label import Label, write_label
    from regulars.runtime.backup.shelf import newest_base, own_backups, prune
    from regulars.runtime.installation.settings import Settings

    with TemporaryDirectory() as name:
        shelf = Path(name)
        for day, kind, life in (
            (1, "base", "shop"), (2, "base", "drill"), (3, "dump", "drill"), (4, "dump", "shop"),
            (5, "dump", "shop"),
        ):  # fmt: skip
            at = datetime(2026, 11, day, tzinfo=UTC)
            label = Label(
                kind=kind, begun_at=at, ended_at=at, release="1", postgresql="18", migration=1,
                files={}, life=life,
            )  # type: ignore[arg-type]  # fmt: skip
            (shelf / f"{day}-{kind}").mkdir()
            write_label(shelf / f"{day}-{kind}", label)
        with _refused("Backups of 2 installations"):
            newest_base(shelf, None)
        anew = Settings(home=shelf / "home", backups=shelf, system_dir=shelf)
        assert asyncio.run(own_backups(anew, None)) == []
        assert newest_base(shelf, None, "shop").path.name == "1-base"
        assert prune(shelf, label, 2) == []
        assert prune(shelf, label, 1) == ["4-dump"]


NIGHTLY: Final[dict[str, Callable[[Shop], None]]] = {
    check.__name__: check
    for check in (
        nothing_half_restored_is_started, no_own_database_is_served_half_restored,
        nights_look_through_everybody_once, nights_give_out_again_what_failed, nights_go_on_beside,
        nights_keep_their_order, nights_count_when_they_have_ended, broken_chains_are_caught_up_with, a_shelf_has_several_owners,
    )
}  # fmt: skip
