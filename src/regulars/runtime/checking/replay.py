"""A draft is tried on the program's own history, or on any shop's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.base.money import decimals
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.replaying import compare
from regulars.engine.replaying.compare import Worth
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.given import as_chosen
from regulars.engine.replaying.proof import Proof, prove
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms, Version
from regulars.insight.replay.books import read_books
from regulars.insight.replay.own import own_history
from regulars.records.program.checks.caution.worths import dearest_of
from regulars.records.program.problems import ProgramFault
from regulars.records.program.types import Program
from regulars.runtime.checking.histories import ALWAYS, Engine, History, Judge, Watch, run
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs, program_meant
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.replay.reading import read_shop
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.sales import read_sales


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be replayed, and how it is to be judged."""

    draft: bytes
    since: date | None = None
    until: date | None = None
    """Exclusive."""
    history: Path | None = None
    mapping: Path | None = None
    sales: Path | None = None
    """A table with a row per receipt, which needs no mapping."""
    engine: Engine = "auto"
    machines: str = ""
    """The address of a dask scheduler, whose workers decide."""
    against: bytes | None = None
    """Of a file: the program that stands for the terms in force."""
    segment: str = ""
    worth: Mapping[str, Fraction] = {}
    elasticities: Sequence[Fraction] = ()
    prove: bool = False


def compiled_of(text: bytes) -> Compiled:
    """A program file made ready to run. Faults: ProgramFault, line by line."""
    return compile_program(admit(text).program)


def replay_file(wanted: Wanted, watch: Watch) -> Result:
    """A draft on a shop's file; without a program to compare with, against no program at all."""
    draft = compiled_of(wanted.draft)
    against = _nothing(draft)
    if wanted.against:
        try:
            against = compiled_of(wanted.against)
        except ProgramFault as fault:
            fault.file = "against"
            raise
    called = "the program compared with" if wanted.against else "no program"
    history = _of_sales(wanted.sales, draft, watch) if wanted.sales else _told(wanted, draft, watch)
    return _result(wanted, history, (against, draft), called, watch)


def _of_sales(path: Path, draft: Compiled, watch: Watch) -> History:
    watch.begins(f"Reading {path.name}", 0)
    sales = read_sales(path, place_of(draft.program))
    return History(path.name, sales=sales, names=sales.names, left_out=sales.left_out)


def _told(wanted: Wanted, draft: Compiled, watch: Watch) -> History:
    """Another shop's file, read by its mapping."""
    if wanted.history is None or wanted.mapping is None:
        raise Invalid("a file needs a mapping: say --mapping FILE.yaml", field="--mapping")
    watch.begins(f"Reading {wanted.history.name}", 0)
    try:
        text = wanted.mapping.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise Invalid(f"{wanted.mapping} cannot be read: {error}", field="--mapping") from None
    shop = read_shop(wanted.history, read_mapping(text), place_of(draft.program))
    return History(wanted.history.name, shop.rows, names=shop.names, left_out=shop.left_out)


def _nothing(draft: Compiled) -> Compiled:
    """The same program without rules: what a shop without any gives."""
    from msgspec.structs import replace

    nothing = dict.fromkeys(("rules", "budgets", "milestones", "cases"), ())
    bare = replace(draft.program, **nothing, tiers=None, ladders={})
    return compile_program(bare)


def place_of(program: Program) -> Place:
    """The program as far as a file must know it."""
    return Place(
        wallets={name: wallet.scale for name, wallet in program.wallets.items()},
        tiers=(),
        currency=program.currency,
        decimals=decimals(program.currency),
        zone=program.zone,
        country=program.country,
        now=datetime.now(UTC),
    )


async def replay_books(addresses: Addresses, wanted: Wanted, slug: str, watch: Watch) -> Result:
    """A draft on the program's own history, beside the version in force; nothing is written.

    Faults: NotFound, Invalid (program), ProgramFault (draft).
    """
    draft = compiled_of(wanted.draft)
    name = slug or draft.program.program
    program_id = await program_meant(addresses.owner, name, or_only=not slug)
    database = await Database.connect(addresses.app, size=2, patience_s=None)
    try:
        terms = await Programs(database).terms(program_id)
        watch.begins("Reading the books", 0)
        now = datetime.now(UTC)
        ends = _end_of(wanted, terms.versions[-1])
        history, version = await _own(database, program_id, terms, ends or now), terms.at(now)
        history.warns = _warned(terms)
        if wanted.prove:
            history.proven = await _prove(database, program_id, terms, watch)
    finally:
        await database.close()
    called = f"version {version.number}, in force"
    return _result(wanted, history, (version.compiled, draft), called, watch)


def _end_of(wanted: Wanted, version: Version) -> datetime | None:
    return day_starts_at(version.zone, wanted.until.toordinal()) if wanted.until else None


async def _own(database: Database, program_id: int, terms: Terms, until: datetime) -> History:
    async with database.transaction(program_id) as tx:
        # One snapshot, read whole: an index plan would be slower.
        await tx.fetch("set transaction isolation level repeatable read, read only")
        await tx.fetch("set local enable_seqscan = on")
        rows, _ = await own_history(tx, program_id, until)
        members = await tx.fetch(
            "select member_id, number from member where program_id = $1", program_id
        )
    attributes = {one.member_id: one.attributes for one in rows if one.attributes}
    names = {row["member_id"]: row["number"] for row in members}
    rows = as_chosen(rows, terms)
    return History("the program's own books", rows, names=names, attributes=attributes)


def _warned(terms: Terms) -> frozenset[str]:
    """Wallets in which some version promised a notice before expiry."""
    return frozenset(
        terms.wallet_names[code] for version in terms.versions for code in version.warned
    )


async def _prove(database: Database, program_id: int, terms: Terms, watch: Watch) -> str:
    """Replay what was published and compare it with the books."""
    now = datetime.now(UTC)
    async with database.transaction(program_id) as tx:
        await tx.fetch("set transaction isolation level repeatable read, read only")
        await tx.fetch("set local enable_seqscan = on")
        rows, _ = await own_history(tx, program_id, now)
        books = await read_books(tx, program_id)
    fold = Fold(terms, Tally(0, 10**7), _warned(terms), as_told=True)
    run(fold, as_chosen(rows, terms), now, ("what was published", watch))
    found: Proof = prove(fold, books.balances, books.tiers, books.gave)
    return found.says


def _result(
    wanted: Wanted,
    history: History,
    pair: tuple[Compiled, Compiled],
    called: str,
    watch: Watch,
) -> Result:
    begun = perf_counter()
    _alike(*pair)
    since, until, ends = _window(wanted, history, pair[1])
    history = history.until(ends)
    days = (since.toordinal(), until.toordinal())
    judge = Judge(days, ends, _engine(wanted, pair), watch, wanted.machines)
    one, other = (
        judge.decide(history, each, name)
        for each, name in zip(pair, (called, "the draft"), strict=True)
    )
    before, after = one.fold, other.fold
    worths = _worths(wanted, pair)
    moves = compare.moves(before, after, worths)
    return Result(
        history=history.called,
        since=since,
        until=until,
        rows=history.many,
        seconds=perf_counter() - begun,
        before=before,
        after=after,
        before_called=called,
        after_called="the draft",
        worths=worths,
        moves=moves,
        segments=_segments(wanted, history, before),
        segment_called=wanted.segment or f"tier under {called}",
        names=history.names,
        left_out=history.left_out,
        elasticities=wanted.elasticities,
        own=wanted.history is None and wanted.sales is None,
        proven=history.proven,
        decided=(
            f"both {one.by}" if one.by == other.by else f"{called} {one.by}; the draft {other.by}"
        ),
        activities=(one.activities, other.activities),
    )


def _engine(wanted: Wanted, pair: tuple[Compiled, Compiled]) -> Engine:
    """Days of two zones do not end together; then one after the other is decided."""
    zones = {each.program.zone for each in pair}
    return wanted.engine if len(zones) == 1 else "fold"


def _alike(before: Compiled, after: Compiled) -> None:
    """Refuse to add euro to dollars."""
    one, other = before.program.currency, after.program.currency
    if one != other:
        raise Invalid(f"the draft counts in {other}, the program beside it in {one}", field="DRAFT")


def _window(wanted: Wanted, history: History, draft: Compiled) -> tuple[date, date, datetime]:
    """The days that count, and the instant it ends.

    Faults: Invalid where nothing happened, or the days are the wrong way round.
    """
    version, span = alone(draft, ALWAYS).versions[0], history.span()
    if span is None:
        field = "--sales" if wanted.sales else "--history"
        raise Invalid(f"{history.called} tells of nothing that happened", field=field)
    first, last = (date.fromordinal(local(version.zone, each).day) for each in span)
    since, until = wanted.since or first, wanted.until or last + timedelta(1)
    if since >= until:
        raise Invalid(f"{since} is not before {until}", field="--from")
    ends = day_starts_at(version.zone, until.toordinal())
    if span[0] >= ends:
        raise Invalid(f"nothing was told before {until}", field="--to")
    return since, until, ends


def _worths(wanted: Wanted, pair: tuple[Compiled, Compiled]) -> tuple[Worth, Worth]:
    """What points cost: wherever they are spent by each program, as in its check, or as was told.

    A program without anything for a wallet takes the other's, so that both are measured alike.
    """
    before, after = (dearest_of(each.program) for each in pair)
    told = dict(wanted.worth)
    unknown = told.keys() - pair[0].program.wallets.keys() - pair[1].program.wallets.keys()
    if unknown:
        raise Invalid(f"there is no wallet {min(unknown)} in these programs", field="--point-cost")
    return {**after, **before, **told}, {**before, **after, **told}


def _segments(wanted: Wanted, history: History, before: Fold) -> dict[UUID, str]:
    if not wanted.segment:
        return {member: compare.tier_of(before, member) for member in before.states}
    found = {
        member: str(known[wanted.segment])
        for member, known in history.attributes.items()
        if wanted.segment in known
    }
    if not found:
        raise Invalid(f"no member has the attribute {wanted.segment}", field="--segment")
    return found
