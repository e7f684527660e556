"""Bugs of extracts that are written every day, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TYPES = "records/errands/extracts/types.py"
_SHELF = "surfaces/connect/extracts/shelves/shelf.py"
EXTRACTS = (
    Bug(
        "an extract gets its name before it is whole",
        "surfaces/connect/extracts/shelves/folder.py",
        'to = self._here() / f"{name}{BESIDE}" / file',
        "to = self._here() / name / file",
        "checks.nobody_sees_half_an_extract",
    ),
    Bug(
        "files of an extract that are there are put once more",
        _SHELF,
        "for file in await _missing(shelf, name, sizes):",
        "for file in sizes:",
        "checks.nobody_sees_half_an_extract",
    ),
    Bug(
        "an extract that is there is put once more",
        _SHELF,
        "    if await is_there(shelf, name, folder):",
        "    if False:",
        "checks.an_extract_is_there_once",
    ),
    Bug(
        "the next extract does not go on where the last one ended",
        _TYPES,
        "plan, cursor=taken.cursor, next_at",
        "plan, cursor=plan.cursor, next_at",
        "checks.the_next_extract_is_fresh",
    ),
    Bug(
        "an extract is made anew by each try",
        "flows/errands/keep_extracts.py",
        "    if run is None:\n        run = begun(",
        "    if True:\n        await tx.write(write.give_up(tx))\n        run = begun(",
        "checks.nobody_sees_half_an_extract",
    ),
    Bug(
        "a time of day is that of Greenwich",
        _TYPES,
        "wall = datetime.combine(day + timedelta(days=ahead), time(hours, minutes), zone)",
        "wall = datetime.combine(day + timedelta(days=ahead), time(hours, minutes), UTC)",
        "checks.extracts_go_by_the_shops_clock",
    ),
    Bug(
        "links lead extracts out of their folder",
        "surfaces/connect/extracts/shelves/folder.py",
        "_ONLY_IN: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC",
        "_ONLY_IN: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC",
        "checks.extracts_follow_no_link",
    ),
    Bug(
        "another place gets only what is fresh",
        "flows/errands/keep_extracts.py",
        'was.cursor if was else ""',
        'before.cursor if before else ""',
        "checks.another_place_gets_everything",
    ),
    Bug(
        "what is said while an extract is written takes it away",
        "flows/errands/keep_extracts.py",
        "if before is None or run is None or run.number != one.run.number:",
        "if before is None or run is None or before.version != one.plan.version:",
        "checks.an_extract_counts_whatever_is_said_meanwhile",
    ),
    Bug(
        "an extract that is written anew keeps its old name",
        "flows/errands/keep_extracts.py",
        "after = replace(now, name=begun(now.number, tx.now).name)",
        "after = replace(now)",
        "checks.what_is_written_anew_has_a_new_name",
    ),
    Bug(
        "a copy of an extract stays here while it is paused",
        "runtime/working/errands/extract_duty.py",
        " where r.state = 'begun' and p.state = 'active'",
        " where r.state = 'begun'",
        "checks.no_copy_stays_that_nobody_waits_for",
    ),
    Bug(
        "a place that never takes a file is waited for",
        _SHELF,
        "async with timeout(PUT_S + sizes[file] / SLOWEST):",
        "async with timeout(None):",
        "checks.no_silent_place_is_waited_for",
    ),
)


def _daily(shop: Shop) -> Any:
    from tests.surfaces.connect.extracts.daily import Daily
    from tests.surfaces.counter import Counter

    from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

    shop.joined("ada")
    counter = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108
        extracts=Path(mkdtemp(prefix="planted-")),
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
    return Daily(counter)


def _played(shop: Shop, name: str, *, patched: bool = False) -> None:
    import pytest
    from tests.surfaces.connect.extracts import test_daily

    with pytest.MonkeyPatch.context() as patch:
        getattr(test_daily, name)(_daily(shop), *([patch] if patched else []))


def nobody_sees_half_an_extract(shop: Shop) -> None:
    name = "test_cut_off_at_any_file_it_is_carried_on_and_nobody_sees_a_half"
    _played(shop, name, patched=True)


def an_extract_is_there_once(shop: Shop) -> None:
    _played(shop, "test_there_and_not_written_down_it_is_there_once", patched=True)


def the_next_extract_is_fresh(shop: Shop) -> None:
    _played(shop, "test_the_first_has_everything_and_the_next_what_is_fresh")


def extracts_go_by_the_shops_clock(_: Shop) -> None:
    from tests.surfaces.connect.extracts import test_daily

    test_daily.test_a_time_is_that_of_clocks_in_the_shop(
        "Europe/Berlin", 150, "2026-03-28T12:00:00+00:00", "2026-03-29T01:30:00+00:00"
    )


def extracts_follow_no_link(shop: Shop) -> None:
    _played(shop, "test_links_lead_nowhere")


def another_place_gets_everything(shop: Shop) -> None:
    _played(shop, "test_another_place_gets_everything")


def an_extract_counts_whatever_is_said_meanwhile(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.extracts import test_meanwhile as meanwhile

    with pytest.MonkeyPatch.context() as patch:
        meanwhile.test_what_is_said_while_one_is_written_counts_and_so_does_the_extract(
            _daily(shop), patch, "now"
        )


def no_silent_place_is_waited_for(_: Shop) -> None:
    import pytest
    from tests.surfaces.connect.extracts import test_meanwhile as meanwhile

    with pytest.MonkeyPatch.context() as patch:
        folder = Path(mkdtemp(prefix="planted-"))
        meanwhile.test_a_place_that_is_silent_is_not_waited_for(folder, patch, "put")


def what_is_written_anew_has_a_new_name(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.extracts import test_meanwhile as meanwhile

    with pytest.MonkeyPatch.context() as patch:
        meanwhile.test_what_is_written_anew_has_a_new_name_so_that_no_old_file_is_taken_for_its(
            _daily(shop), patch, "lost"
        )


def no_copy_stays_that_nobody_waits_for(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.extracts import test_meanwhile as meanwhile

    with pytest.MonkeyPatch.context() as patch:
        meanwhile.test_nothing_of_an_extract_stays_here_once_nobody_waits_for_it(
            _daily(shop), patch, "paused"
        )


EXTRACTS_WRITTEN: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        nobody_sees_half_an_extract, an_extract_is_there_once, the_next_extract_is_fresh,
        extracts_go_by_the_shops_clock, extracts_follow_no_link, another_place_gets_everything,
        an_extract_counts_whatever_is_said_meanwhile, no_silent_place_is_waited_for,
        what_is_written_anew_has_a_new_name, no_copy_stays_that_nobody_waits_for,
    )
}  # fmt: skip
