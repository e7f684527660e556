"""Bugs of files that are looked for, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_ROWS = "surfaces/connect/feeds/rows.py"
_FOLDER = "surfaces/connect/feeds/places/folder.py"
FEEDS = (
    Bug(
        "two equal rows of a file are one",
        _ROWS,
        'key = digest("row", content.bytes, str(seen[content.bytes]))',
        'key = digest("row", content.bytes, str(1))',
        "checks.equal_rows_are_two",
    ),
    Bug(
        "a row is another one in another file",
        _ROWS,
        'key = digest("row", content.bytes, str(seen[content.bytes]))',
        "key = digest(name, content.bytes, str(seen[content.bytes]))",
        "checks.equal_rows_are_two",
    ),
    Bug(
        "a file that is still written is read",
        "records/inlets/feeding/types.py",
        "return now - one.seen_at >= SETTLES",
        "return now - one.seen_at >= -SETTLES",
        "checks.what_is_still_written_waits",
    ),
    Bug(
        "half a number is a number",
        "runtime/working/inlets/feeder.py",
        "rows = rows_of(copy, mapping, file.lines, but_last=cut)",
        "rows = rows_of(copy, mapping, file.lines)",
        "checks.half_a_line_waits",
    ),
    Bug(
        "a last line without an end waits for ever",
        "records/inlets/feeding/types.py",
        "return now - one.seen_at >= LIES_STILL",
        "return now - one.seen_at >= 99 * LIES_STILL",
        "checks.half_a_line_waits",
    ),
    Bug(
        "a file that keeps an old time is taken for whole",
        "records/inlets/feeding/types.py",
        "return now - one.seen_at >= LIES_STILL",
        "return now - one.modified >= LIES_STILL",
        "checks.half_a_line_waits",
    ),
    Bug(
        "a file whose name is no text stops its folder",
        _FOLDER,
        "name, told = as_text(entry.name), entry.stat(follow_symlinks=False)",
        "name, told = entry.name, entry.stat(follow_symlinks=False)",
        "checks.odd_names_stop_nobody",
    ),
    Bug(
        "a file whose name is no text is never found",
        _FOLDER,
        "name = self._names.get(one.name, one.name)",
        "name = one.name",
        "checks.odd_names_stop_nobody",
    ),
    Bug(
        "two files whose names look alike are one",
        "surfaces/connect/feeds/places/there.py",
        'told = own.replace(b"\\\\", b"\\\\\\\\").decode("utf-8", "backslashreplace")',
        'told = own.decode("utf-8", "backslashreplace")',
        "checks.names_alike_stop_nobody",
    ),
    Bug(
        "a file with a long name stops its folder",
        "surfaces/connect/feeds/places/there.py",
        "if len(told) <= LONGEST_NAME:",
        "if True:",
        "checks.names_alike_stop_nobody",
    ),
    Bug(
        "a file that does not come is fetched without a pause",
        "runtime/working/inlets/feeder.py",
        "self._later[_bytes(file)] = (tries + 1, now + pause)",
        "self._later[_bytes(file)] = (tries + 1, now)",
        "checks.one_slow_file_holds_up_no_other",
    ),
    Bug(
        "a file that does not come holds up all behind it",
        "runtime/working/inlets/feeder.py",
        "if slow == MOST_SLOW:",
        "if slow:",
        "checks.one_slow_file_holds_up_no_other",
    ),
    Bug(
        "a file that grew is taken for the same",
        "records/inlets/feeding/types.py",
        "if before is None or (before.size, before.modified) != (one.size, one.modified):",
        "if before is None:",
        "checks.what_is_still_written_waits",
    ),
    Bug(
        "a file moves on without its rows",
        "runtime/working/inlets/feeder.py",
        "await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh)])",
        "await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh[1:])])",
        "checks.a_file_is_read_on_where_it_was_cut_off",
    ),
    Bug(
        "what was read before is passed over wrongly",
        _ROWS,
        "event = _event(row, path.name, mapping.type, seen)",
        "event = _event(row, path.name, mapping.type, seen if count > passed else Counter())",
        "checks.a_file_is_read_on_where_it_was_cut_off",
    ),
    Bug(
        "a row that cannot be read ends its file",
        "surfaces/connect/moving/tables.py",
        'errors = "surrogateescape" if torn else "strict"',
        'errors = "strict"',
        "checks.torn_rows_are_told",
    ),
    Bug(
        "links lead out of a folder",
        _FOLDER,
        "_ONLY_IN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC",
        "_ONLY_IN: Final = os.O_RDONLY | os.O_CLOEXEC",
        "checks.nobody_looks_elsewhere",
    ),
    Bug(
        "a folder above one's own is looked at",
        "surfaces/connect/feeds/wishing.py",
        'step not in ("", ".", "..")',
        'step not in ("", ".")',
        "checks.nobody_looks_elsewhere",
    ),
    Bug(
        "a server with another key hears the password",
        "surfaces/connect/feeds/places/sftp.py",
        "asyncssh.import_public_key(host_key) if host_key else await _met(host, where.port)",
        "await _met(host, where.port)",
        "checks.no_stranger_hears_a_password",
    ),
    Bug(
        "keys of a place go with another",
        "flows/inlets/keep_feeds.py",
        "same = before is not None and _where(before) == _where(wish)",
        "same = before is not None",
        "checks.keys_of_a_place_stay_there",
    ),
    Bug(
        "keys of a place are kept as they are",
        "surfaces/connect/feeds/keys.py",
        "return nonce + AESGCM(key).encrypt(nonce, _encode(keys), about)",
        "return nonce + _encode(keys)",
        "checks.keys_of_a_place_are_sealed",
    ),
)


def _counter(shop: Shop) -> Any:
    from tests.surfaces.counter import Counter

    from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

    return Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108
        feeds=Path(mkdtemp(prefix="planted-")),
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )


def _drop(shop: Shop) -> Any:
    from tests.surfaces.connect.feeds.drop import Drop

    return Drop(_counter(shop)).from_folder()


def _served(shop: Shop) -> tuple[Any, Any]:
    from tests.surfaces.connect.feeds.drop import Drop
    from tests.surfaces.connect.feeds.test_sftp import Sftp

    counter, folder = _counter(shop), Path(mkdtemp(prefix="planted-"))
    (folder / "sales").mkdir()
    drop = Drop(counter)
    drop.folder = folder / "sales"
    return drop, Sftp(counter, folder)


def equal_rows_are_two(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_folder import (
        test_what_overlaps_is_kept_once_and_two_equal_rows_are_two,
    )

    test_what_overlaps_is_kept_once_and_two_equal_rows_are_two(_drop(shop))


def what_is_still_written_waits(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_folder import (
        test_a_file_that_is_still_written_is_not_read,
    )

    test_a_file_that_is_still_written_is_not_read(_drop(shop))


def half_a_line_waits(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_folder import (
        test_a_last_line_without_an_end_waits_until_it_is_surely_whole,
    )

    test_a_last_line_without_an_end_waits_until_it_is_surely_whole(_drop(shop))


def odd_names_stop_nobody(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_names import (
        test_a_name_that_is_no_text_stops_no_other_file,
    )

    test_a_name_that_is_no_text_stops_no_other_file(_drop(shop))


def names_alike_stop_nobody(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_names import (
        test_names_that_look_alike_or_are_long_as_text_stop_no_other_file,
    )

    test_names_that_look_alike_or_are_long_as_text_stop_no_other_file(_drop(shop))


def one_slow_file_holds_up_no_other(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.feeds.test_folder import (
        test_a_file_that_does_not_come_holds_up_no_other_and_is_named,
    )

    with pytest.MonkeyPatch.context() as patch:
        test_a_file_that_does_not_come_holds_up_no_other_and_is_named(_drop(shop), patch)


def a_file_is_read_on_where_it_was_cut_off(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.feeds.test_rows import (
        test_cut_off_at_any_portion_it_goes_on_there,
    )

    with pytest.MonkeyPatch.context() as patch:
        test_cut_off_at_any_portion_it_goes_on_there(_drop(shop), patch)


def torn_rows_are_told(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_folder import (
        test_rows_that_cannot_be_read_are_told_and_the_others_are_kept,
    )

    test_rows_that_cannot_be_read_are_told_and_the_others_are_kept(_drop(shop))


def nobody_looks_elsewhere(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_folder import (
        test_only_folders_of_its_own_are_looked_at,
    )

    drop = _drop(shop)
    test_only_folders_of_its_own_are_looked_at(drop, drop.counter)


def no_stranger_hears_a_password(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_sftp import (
        test_a_server_that_proves_by_another_key_hears_no_password,
    )

    drop, server = _served(shop)
    try:
        test_a_server_that_proves_by_another_key_hears_no_password(drop, server)
    finally:
        server.stop()


def keys_of_a_place_stay_there(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_sftp import (
        test_keys_go_with_no_other_place_and_what_is_wrong_is_said,
    )

    test_keys_go_with_no_other_place_and_what_is_wrong_is_said(*_served(shop))


def keys_of_a_place_are_sealed(shop: Shop) -> None:
    from tests.surfaces.connect.feeds.test_sftp import test_a_private_key_opens_it_too

    drop, server = _served(shop)
    try:
        test_a_private_key_opens_it_too(drop, server)
    finally:
        server.stop()


FILES_READ: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        equal_rows_are_two, what_is_still_written_waits, a_file_is_read_on_where_it_was_cut_off,
        half_a_line_waits, one_slow_file_holds_up_no_other, odd_names_stop_nobody,
        names_alike_stop_nobody, torn_rows_are_told, nobody_looks_elsewhere,
        no_stranger_hears_a_password,
        keys_of_a_place_stay_there, keys_of_a_place_are_sealed,
    )
}  # fmt: skip
