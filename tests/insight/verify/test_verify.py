"""The checks of `regulars verify`: silent over right books, and each one heard when it must be."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import asyncpg
import pytest
from tests.books import assert_books_right, explained, look_at_books
from tests.insight.verify.planted import PLANTED
from tests.insight.verify.slips import SLIPS

from regulars.insight.verify.catalogue import checks
from regulars.insight.verify.report import Report
from regulars.insight.verify.run import CannotVerify, look, run_verify
from regulars.runtime.embedded import Cluster

Answer = TypeVar("Answer")


@pytest.fixture(scope="module")
def shop(year: Any) -> Any:
    """A database in which two programs lived through a year."""
    return year


@pytest.fixture(scope="module")
def report(shop: Any) -> Report:
    return asyncio.run(look_at_books(shop.owner_dsn))


class Planting:
    """Plants a fault as superuser, looks, and takes it back; one connection for all of them."""

    def __init__(self, runner: asyncio.Runner, connection: Any) -> None:
        self._runner = runner
        self._connection = connection

    def look(self, plant: Callable[[Any], Awaitable[Any]]) -> Report:
        return self._runner.run(self._look(plant))

    async def _look(self, plant: Callable[[Any], Awaitable[Any]]) -> Report:
        passing = self._connection.transaction()
        await passing.start()
        try:
            await plant(self._connection)
            return await look(self._connection)
        finally:
            await passing.rollback()


@pytest.fixture(scope="module")
def planting(shop: Any, cluster: Cluster) -> Iterator[Planting]:
    with asyncio.Runner() as runner:
        # What was planned for a look serves all that follow, unless the role changes between them.
        opening = asyncpg.connect(
            cluster.dsn("postgres", shop.name),
            statement_cache_size=1000,
            max_cached_statement_lifetime=0,
            # Triggers and foreign keys are silent: what they prevent is what is looked for.
            server_settings={"session_replication_role": "replica"},
        )
        connection = runner.run(opening)
        yield Planting(runner, connection)
        runner.run(connection.close())


def ask(dsn: str, act: Callable[[Any], Awaitable[Answer]]) -> Answer:
    async def asked() -> Answer:
        connection = await asyncpg.connect(dsn)
        try:
            return await act(connection)
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_right_books_have_nothing_wrong(report: Report) -> None:
    assert report.right, explained(report)
    assert {finding.check for finding in report.findings} == {check.name for check in checks()}


def test_the_year_gave_every_check_something_to_look_at(shop: Any, report: Report) -> None:
    nothing_yet = {finding.check for finding in report.findings if finding.rows == 0}
    assert nothing_yet == set()
    happened = """
    select (select count(*) from hold where state = 'open'),
           (select count(*) from hold where state = 'voided'),
           (select count(*) from hold where state = 'lapsed'),
           (select count(*) from entry where kind = 'expire'),
           (select count(*) from balance where debt > 0),
           (select count(*) from tier_move where reason = 'lost'),
           (select count(*) from waiting_return where settled_at is null),
           (select count(*) from waiting_return where settled_at is not null),
           (select count(*) from entry where kind = 'return')
    """
    row = ask(shop.owner_dsn, lambda connection: connection.fetchrow(happened))
    assert all(row), row


@pytest.mark.in_turns(5)
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_reported_by_its_checks_and_no_other(
    fault: str, planting: Planting
) -> None:
    plant = PLANTED[fault]
    found = planting.look(lambda connection: connection.execute(plant.sql))
    assert {finding.check for finding in found.wrong} == plant.noticed_by, explained(found)


@pytest.mark.in_turns(5)
@pytest.mark.parametrize("fault", SLIPS)
def test_a_decision_that_was_made_wrongly_is_reported(fault: str, planting: Planting) -> None:
    slip = SLIPS[fault]
    found = planting.look(slip.make)
    assert {finding.check for finding in found.wrong} == slip.noticed_by, explained(found)


def test_every_check_has_a_fault_that_it_must_report() -> None:
    noticed = set().union(*(one.noticed_by for one in (*PLANTED.values(), *SLIPS.values())))
    assert {check.name for check in checks()} == noticed


def test_violations_are_counted_in_full_and_shown_in_part(planting: Planting) -> None:
    found = planting.look(lambda to: to.execute("update outbox set sequence = 999"))
    (finding,) = found.wrong
    assert finding.violations == finding.rows > 20
    assert len(finding.examples) == 20
    assert finding.examples[0]["sequence"] == 999
    assert b'"right": false' in found.as_json()


def test_nothing_is_written_and_nothing_stays_open(shop: Any) -> None:
    async def twice(connection: Any) -> tuple[Report, Report, bool]:
        first, second = await run_verify(connection), await run_verify(connection)
        return first, second, connection.is_in_transaction()

    first, second, open_still = ask(shop.owner_dsn, twice)
    assert (first.violations, second.violations, open_still) == (0, 0, False)


def test_the_application_role_sees_too_little_and_is_told_so(shop: Any) -> None:
    with pytest.raises(CannotVerify, match="owner's address"):
        ask(shop.app_dsn, run_verify)


def test_a_database_without_tables_is_told_to_migrate(cluster: Cluster) -> None:
    cluster.create_database("bare")
    with pytest.raises(CannotVerify, match="regulars migrate"):
        ask(cluster.dsn("regulars_owner", "bare"), run_verify)


def test_an_empty_shop_is_right(fresh_database: Any) -> None:
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


def test_who_watches_is_told_of_every_check(shop: Any) -> None:
    seen: list[tuple[str, int]] = []

    class Watcher:
        def begins(self, check: Any, place: int, of: int) -> None:
            seen.append((check.name, of - place))

        def ended(self, finding: Any) -> None:
            seen.append((finding.check, -finding.violations))

    ask(shop.owner_dsn, lambda connection: run_verify(connection, progress=Watcher()))
    assert len(seen) == 2 * len(checks())
    assert seen[-1] == (checks()[-1].name, 0)
