"""Bugs about long work: who may write of it, how it ends, what may be brought; with checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID, uuid4

from tests.planted.bug import Bug

_CARRY = "flows/errands/carry_errands.py"
_KEEP = "flows/errands/keep_errands.py"
_RECEIVING = "surfaces/console/door/receiving.py"
ERRANDS = (
    Bug(
        "an attempt that was given up says how it ended",
        _CARRY,
        "return await write.end(tx, errand_id, tries, came)",
        "one = await read.errand(tx, errand_id)\n"
        "    return await write.end(tx, errand_id, one.tries if one else 0, came)",
        "checks.errand_late_attempts_say_nothing",
    ),
    Bug(
        "who was to stop begins again",
        _CARRY,
        "if one.stop:",
        "if False:",
        "checks.errand_what_was_to_stop_has_stopped",
    ),
    Bug(
        "who falls is begun again for ever",
        _CARRY,
        "if one.falls + fell >= MOST_FALLS:",
        "if False:",
        "checks.errand_who_falls_three_times_has_failed",
    ),
    Bug(
        "a form sent twice asks for two",
        _KEEP,
        "if there is not None:\n        return there",
        "if there is not None:\n        wish = AskErrand("
        "tx.new_id(), wish.kind, wish.title, wish.ask, wish.by)",
        "checks.errand_asked_twice_is_one",
    ),
    Bug(
        "any number of errands may wait",
        _KEEP,
        "if open_ >= MOST_OPEN:",
        "if False:",
        "checks.errand_only_so_many_wait",
    ),
    Bug(
        "files for trials keep imports out",
        "flows/errands/keep_uploads.py",
        ' if one.choices.get("for") == use]',
        "]",
        "checks.errand_files_for_trials_are_in_no_imports_way",
    ),
    Bug(
        "a database that is away is a fall",
        "runtime/working/errands/child.py",
        "        os._exit(AWAY_CODE)",
        "        raise",
        "checks.errand_an_outage_ends_by_its_own_code",
    ),
    Bug(
        "a file is kept before anybody looked whose form it is",
        _RECEIVING,
        "        self._see()\n        if self._name",
        "        if self._name",
        "checks.errand_no_byte_is_kept_of_a_form_that_is_not_ours",
    ),
    Bug(
        "what does not come whole is left lying",
        _RECEIVING,
        "shutil.rmtree(self._folder, ignore_errors=True)",
        "pass",
        "checks.errand_what_does_not_come_whole_leaves_nothing",
    ),
    Bug(
        "a file is taken away under the job that reads it",
        "flows/errands/keep_uploads.py",
        "    if upload_id.hex in await _being_read(tx):\n",
        "    if False:\n",
        "checks.errand_no_file_goes_while_it_is_read",
    ),
    Bug(
        "a wrong cell is a formula in a spreadsheet",
        "runtime/importing/reading.py",
        "text_cell(cell) if isinstance(cell, str) else cell for cell in cells]",
        "cell for cell in cells]",
        "checks.errand_no_cell_is_a_formula",
    ),
    Bug(
        "rules are taken that were compiled of another source",
        "runtime/installation/compiled.py",
        "built.sources == digests(source, built.sources)",
        "bool(digests(source, built.sources))",
        "checks.errand_only_rules_of_this_source_are_taken",
    ),
    Bug(
        "rules are taken that were compiled for another Python",
        "runtime/installation/compiled.py",
        "built.python == sys.version and",
        "True and",
        "checks.errand_only_rules_for_this_python_are_taken",
    ),
)


@contextmanager
def _own(shop: Any) -> Iterator[Any]:
    """A shop of its own: checks run side by side, and only so many may wait in one."""
    from tests.makers import Shop, named

    from regulars.records.program.templates import load_template

    opened = Shop.open(shop.made, named(load_template("coffee-shop"), f"long-{uuid4().hex[:12]}"))
    try:
        yield opened
    finally:
        opened.close()


def _ask(shop: Any, errand_id: UUID | None = None) -> UUID:
    from regulars.flows.errands.keep_errands import AskErrand, ask_errand
    from regulars.records.access.staff.types import By

    wish = AskErrand(errand_id or uuid4(), "trial", "summer", {}, By(words="mia"))
    shop.do(lambda tx, _: ask_errand(tx, wish))
    return wish.errand_id


def _take(shop: Any, errand_id: UUID) -> Any:
    from regulars.flows.errands.carry_errands import take_errand

    return shop.do(lambda tx, _: take_errand(tx, errand_id))


def _give_up(shop: Any, errand_id: UUID) -> Any:
    from regulars.flows.errands.carry_errands import give_up_errand

    return shop.do(lambda tx, _: give_up_errand(tx, errand_id, fell=True))


def errand_no_file_goes_while_it_is_read(shop: Any) -> None:
    import pytest

    from regulars.flows.errands.keep_errands import AskErrand, ask_errand
    from regulars.flows.errands.keep_uploads import UploadInUse, drop_upload
    from regulars.records.access.staff.types import By

    with _own(shop) as own:
        file = uuid4()
        wish = AskErrand(uuid4(), "check", "a.csv", {"upload": file.hex}, By(words="mia"))
        own.do(lambda tx, _: ask_errand(tx, wish))
        with pytest.raises(UploadInUse):
            own.do(lambda tx, _: drop_upload(tx, file))


def errand_late_attempts_say_nothing(shop: Any) -> None:
    from regulars.flows.errands.carry_errands import end_errand

    with _own(shop) as own:
        errand_id = _ask(own)
        first = _take(own, errand_id)
        assert _give_up(own, errand_id) == "waiting"
        _take(own, errand_id)
        came: Any = ("done", "", {"late": 1})
        assert not own.do(lambda tx, _: end_errand(tx, errand_id, first.tries, came))


def errand_what_was_to_stop_has_stopped(shop: Any) -> None:
    from regulars.flows.errands.keep_errands import stop_errand

    with _own(shop) as own:
        errand_id = _ask(own)
        _take(own, errand_id)
        own.do(lambda tx, _: stop_errand(tx, errand_id))
        assert _give_up(own, errand_id) == "stopped"


def errand_who_falls_three_times_has_failed(shop: Any) -> None:
    with _own(shop) as own:
        errand_id, found = _ask(own), []
        for _ in range(3):
            _take(own, errand_id)
            found.append(_give_up(own, errand_id))
        assert found == ["waiting", "waiting", "failed"]


def errand_asked_twice_is_one(shop: Any) -> None:
    with _own(shop) as own:
        _ask(own, _ask(own))
        assert own.counts()["errand"] == 1


def errand_only_so_many_wait(shop: Any) -> None:
    from regulars.flows.errands.keep_errands import TooManyErrands

    with _own(shop) as own:
        for _ in range(3):
            _ask(own)
        try:
            _ask(own)
        except TooManyErrands:
            return
        raise AssertionError("a fourth one waits")


def errand_files_for_trials_are_in_no_imports_way(shop: Any) -> None:
    from regulars.flows.errands.keep_uploads import MOST_UPLOADS, keep_upload
    from regulars.records.errands.types import Upload

    with _own(shop) as own:
        uses = ("trial",) * MOST_UPLOADS + ("import",)
        for use in uses:
            own.do(
                lambda tx, _, use=use: keep_upload(
                    tx, Upload(uuid4(), "a.csv", 1, {"for": use}, "mia", tx.now)
                )
            )
        assert own.counts()["upload"] == len(uses)


def errand_an_outage_ends_by_its_own_code(shop: Any) -> None:
    from unittest.mock import patch

    from regulars.base.faults import Outage
    from regulars.runtime.working.errands import child
    from regulars.runtime.working.errands.order import AWAY_CODE, Order

    away = "postgresql://127.0.0.1:1/x"  # nothing listens there
    one = Order(1, uuid4(), "trial", 1, {}, away, away, "/")
    ends = patch.object(child.os, "_exit", side_effect=SystemExit)
    with ends as ended, suppress(SystemExit, Outage):
        shop.run(child.carry_out(one, child.try_draft))
    ended.assert_called_once_with(AWAY_CODE)


class _Request:
    """A form with a file, as far as it is asked here; it may break off."""

    path_params: Final[dict[str, Any]] = {}
    headers: Final = {"content-type": "multipart/form-data; boundary=x"}

    def __init__(self, *, whole: bool) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc'
        self._pieces = [head, b"\r\n--x--\r\n"] if whole else [head]

    async def stream(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def _received(shop: Any, check: Callable[[Any], None], *, whole: bool) -> list[str]:
    """What lies there after this form; it is refused."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from regulars.base.faults import Forbidden, Invalid
    from regulars.surfaces.console.door.receiving import receive

    with TemporaryDirectory() as top:
        folder, seen = Path(top) / "one", []

        def looks(form: Any) -> None:
            seen.extend(folder.parent.rglob("*"))
            check(form)

        try:
            shop.run(receive(_Request(whole=whole), looks, folder))
        except (Forbidden, Invalid):
            return [str(one) for one in (*seen, *folder.parent.rglob("*"))]
    raise AssertionError("it was taken")


def errand_no_byte_is_kept_of_a_form_that_is_not_ours(shop: Any) -> None:
    from regulars.base.faults import Forbidden

    def no(_: Any) -> None:
        raise Forbidden("not ours")

    assert _received(shop, no, whole=True) == []


def errand_what_does_not_come_whole_leaves_nothing(shop: Any) -> None:
    assert _received(shop, lambda _: None, whole=False) == []


def errand_no_cell_is_a_formula(shop: Any) -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from regulars.records.imports.types import Slip
    from regulars.runtime.importing.reading import write_slips

    with TemporaryDirectory() as top:
        path = Path(top) / "slips.csv"
        write_slips(path, [Slip("a.csv", 2, "@x", "=1+1", " \uff0d2", "")], fresh=True)
        assert path.read_text("utf-8").splitlines()[1] == "a.csv,2,'@x,'=1+1,' \uff0d2"


def _fits(python: str, digest: str) -> bool:
    """Whether what was built so, of one file of that digest, would be taken."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    import msgspec

    from regulars.runtime.installation.compiled import BUILT, Built, digests, fitting

    with TemporaryDirectory() as top:
        source, built = Path(top) / "source", Path(top) / "built"
        for folder in (source, built):
            folder.mkdir()
        (source / "a.py").write_text("one = 1")
        told = digest or digests(source, ["a.py"])["a.py"]
        record = Built(python, {"a.py": told}, {})
        (built / BUILT).write_bytes(msgspec.json.encode(record))
        return fitting(built, source) is not None


def errand_only_rules_of_this_source_are_taken(shop: Any) -> None:
    import sys

    assert _fits(sys.version, "")
    assert not _fits(sys.version, "another")


def errand_only_rules_for_this_python_are_taken(shop: Any) -> None:
    assert not _fits("3.9", "")


LONG: Final = {
    check.__name__: check
    for check in (
        errand_late_attempts_say_nothing, errand_what_was_to_stop_has_stopped,
        errand_who_falls_three_times_has_failed, errand_asked_twice_is_one,
        errand_files_for_trials_are_in_no_imports_way, errand_an_outage_ends_by_its_own_code,
        errand_only_so_many_wait, errand_no_byte_is_kept_of_a_form_that_is_not_ours,
        errand_what_does_not_come_whole_leaves_nothing, errand_no_cell_is_a_formula,
        errand_no_file_goes_while_it_is_read, errand_only_rules_of_this_source_are_taken,
        errand_only_rules_for_this_python_are_taken,
    )
}  # fmt: skip
