"""Plants one bug after the other, each in a process of its own, and says which were noticed.

`python -m tests.planted.garden PLACE PLACE …` prints one line of JSON for each bug and for each
check on the healthy source; what a place is, `Place.told` says. Every bug gets a fork of this
process, in which nothing of Regulars is imported yet; an import hook hands it the changed source
of one file.

As many checks run at a time as there are places, each on a PostgreSQL that it has alone: whatever
follows events looks no further than the oldest transaction that is still open there, so a check
beside it that was slow kept others from seeing what they waited for. And each has a copy of the
database for itself: verifying looks at every program that is there, so once a bug had spoiled its
own shop, the books would be wrong for every check after it.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg
from tests.planted.bug import Bug
from tests.planted.bugs import BUGS, CHOSEN

if TYPE_CHECKING:
    from tests.makers import Shop

OURS = ("__main__", "regulars", "tests")


class Made(NamedTuple):
    """A migrated database that one check has for itself."""

    owner_dsn: str
    app_dsn: str


class Place(NamedTuple):
    """A PostgreSQL that one check has at a time, and in it a migrated database nobody enters."""

    superuser_dsn: str
    """Of any other database there."""
    template: str
    owner_dsn: str
    app_dsn: str
    """Of the template, as the next."""

    @property
    def told(self) -> str:
        return json.dumps(self)

    @contextmanager
    def own(self) -> Iterator[Made]:
        """A copy of the database, gone afterwards whoever is still connected to it."""
        from regulars.runtime.embedded.roles import make_database

        name = f"check{os.getpid()}x{os.urandom(4).hex()}"
        asyncio.run(make_database(self.superuser_dsn, name, self.template))
        try:
            yield Made(*(self._named(name, dsn) for dsn in (self.owner_dsn, self.app_dsn)))
        finally:
            asyncio.run(self._drop(name))

    def _named(self, name: str, dsn: str) -> str:
        was = f"@/{self.template}?"
        assert was in dsn, self.template
        return dsn.replace(was, f"@/{name}?")

    async def _drop(self, name: str) -> None:
        connection = await asyncpg.connect(self.superuser_dsn)
        try:
            await connection.execute(f"drop database {name} with (force)")
        finally:
            await connection.close()


class Planted(SourceFileLoader):
    """Loads one file with a bug in it."""

    bug: Bug

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text("utf-8")
        found = source.count(self.bug.healthy)
        assert found == 1, f"{self.bug.name}: found {found} times in {self.bug.file}; renew it"
        return compile(source.replace(self.bug.healthy, self.bug.broken), self.path, "exec")


class Gardener(MetaPathFinder):
    """Hands out the file with the bug, and everything else as it is."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        self.module = "regulars." + bug.file.removesuffix(".py").replace("/", ".")
        self.module = self.module.removesuffix(".__init__")
        self.used = False

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None, fullname
        assert spec.origin is not None, fullname
        spec.loader = Planted(fullname, spec.origin)
        spec.loader.bug = self.bug  # type: ignore[attr-defined]
        self.used = True
        return spec


def run(check: str, place: Place) -> None:
    """Run one check with whatever source is imported."""
    from tests.planted import checks

    what, *names = check.split()
    if what == "games":
        checks.games(names)
        return
    with place.own() as made:
        shop = opened(made)
        try:
            if what == "story":
                checks.story(shop, names[0])
            else:
                checks.ALONE[what.removeprefix("checks.")](shop)
        finally:
            shop.close()


def opened(made: Made) -> Shop:
    """A coffee shop under a name of its own.

    What a check does for a whole program (book what waits, turn a day, sweep) would meet what
    another has laid ready in it.
    """
    from tests.makers import Shop, named

    from regulars.records.program.templates import load_template

    own = f"coffee-shop-{os.getpid()}-{os.urandom(4).hex()}"
    return Shop.open(made, named(load_template("coffee-shop"), own))


def look(bug: Bug | None, check: str, place: Place) -> dict[str, Any]:
    """Was the bug noticed? For the healthy source: does the check pass?"""
    began = time.monotonic()
    gardener = Gardener(bug) if bug else None
    if gardener:
        sys.meta_path.insert(0, gardener)
    noticed, why, fits = False, "", True
    try:
        run(check, place)
    except BaseException as failed:
        noticed = True
        # A bug that cannot even be read shows nothing about its check.
        unread = isinstance(failed, (SyntaxError, NameError, ImportError))
        fits = "renew it" not in str(failed) and not unread
        why = traceback.format_exception_only(failed)[0].strip().splitlines()[0][:200]
    fits = fits and (gardener is None or gardener.used)
    return {
        "bug": bug.name if bug else "",
        "check": check,
        "noticed": noticed,
        "fits": fits,
        "why": why,
        "seconds": round(time.monotonic() - began, 2),
    }


def grow(jobs: list[tuple[Bug | None, str]], places: Sequence[Place]) -> None:
    """Fork for each job, one in each of these places at a time; each prints its line. Those
    without a bug come last."""
    warm_up()
    free, running = list(places), dict[int, Place]()
    for bug, check in jobs:
        if bug is None:
            import_healthy()
        if not free:
            free.append(running.pop(os.wait()[0]))
        place = free.pop()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            assert bug is None or "regulars" not in sys.modules, bug
            line = json.dumps(look(bug, check, place))
            # On a line of its own, whatever a check has printed before.
            os.write(1, b"\n" + line.encode() + b"\n")
            os._exit(0)
        running[child] = place
    while running:
        running.pop(os.wait()[0])


def warm_up() -> None:
    """What every fork needs and no bug is planted in: all that others wrote."""
    for name in stood_on():
        with suppress(ImportError):  # a name that a package gave itself
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # no fork need look through it for what can be thrown away
    assert not [name for name in sys.modules if name.split(".")[0] == "regulars"]


def stood_on() -> list[str]:
    """What others wrote of all that the checks need, as a fork that imports it finds it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        import_healthy()
        names = [name for name in sys.modules if name.split(".")[0] not in OURS]
        with os.fdopen(writing, "w") as told:
            told.write("\n".join(names))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as heard:
        names = heard.read().splitlines()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return names


def import_healthy() -> None:
    """What the checks need of the healthy source: from now on no bug can be planted any more."""
    import hypothesis.stateful  # noqa: F401
    import tests.makers
    import tests.planted.checks
    import tests.surfaces.counter  # noqa: F401

    import regulars.records.program.templates  # noqa: F401


def jobs_of(names: list[str]) -> list[tuple[Bug | None, str]]:
    """The bugs of these names (the chosen ones when none is named), then each check on the healthy
    source."""
    bugs = [bug for bug in BUGS if bug.name in names] if names else CHOSEN
    checks = dict.fromkeys(bug.check for bug in bugs)
    games = " ".join(
        {name: "" for check in checks if check[:6] == "games " for name in check[6:].split()}
    )
    healthy = [check for check in checks if check[:6] != "games "] + (
        [f"games {games}"] if games else []
    )
    return [(bug, bug.check) for bug in bugs] + [(None, check) for check in healthy]


if __name__ == "__main__":
    told = [one for one in sys.argv[1:] if one.startswith("[")]
    grow(jobs_of(sys.argv[1 + len(told) :]), [Place(*json.loads(one)) for one in told])
