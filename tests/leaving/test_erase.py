"""Erased: nothing personal is left anywhere, every sum is what it was, and nobody comes back."""

import os
import random
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import structlog
from tests.books import assert_books_right
from tests.flows.points.sharing import block, enter, household, merge, unmerge
from tests.leaving.leaving import export_of
from tests.leaving.planting import (
    WITH_OTHERS,
    Person,
    buy,
    erase,
    found,
    is_told,
    person,
    sums,
    words_in,
)
from tests.leaving.reaching import Logs, reach, written_of
from tests.makers import Shop, brings_back, buys
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.flows.commands import Adjust, Adjusted, Recorded, Redeem
from regulars.flows.membership.commands import Merged
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.types import (
    Erased,
    EraseMember,
    Identifier,
    JoinMember,
    MemberErased,
    MemberRef,
)
from regulars.records.outbox.events.catalogue import FREE
from regulars.records.outbox.write import Told, tell
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.cluster import SUPERUSER
from regulars.runtime.embedded.wheel import find_programs

EVENTS = ("messages.not_sent", "messages.sender_failed")
SIZE = int(os.environ.get("REGULARS_ERASURES") or (500 if NIGHTLY else 20))


def crowd(shop: Shop, size: int, seed: int = 7, tell: Telling | None = None) -> list[Person]:
    chance, people = random.Random(seed), list[Person]()
    for place in range(size):
        people.append(person(shop, chance, place, WITH_OTHERS))
        if tell is not None:
            tell.on_the_way(f"{place + 1} of {size} people have lived")
    return people


def test_of_erased_members_no_word_is_left_and_no_sum_has_moved(
    corner: Shop, house_logs: Logs, tmp_path: Path, tell: Telling
) -> None:
    people = crowd(corner, SIZE, tell=tell)
    staying = crowd(corner, 3, seed=11)
    reach(corner, random.Random(5), [*people, *staying])
    words = [word for one in people for word in one.words]
    assert not {table for table, rows in written_of(corner, people).items() if not rows}
    assert {one[0] for one in corner.rows("select state from delivery where program_id = $1")} == {
        "waiting", "sent", "parked",
    }  # fmt: skip
    assert words_in(left_in_files(corner, tmp_path / "before"), words) >= set(people[0].words[:1])
    assert {table for table, _ in found(corner, words)} >= {
        "member", "identifier", "activity", "trail", "entry", "outbox", "waiting_return", "once",
        "delivery", "pass_device",
    }  # fmt: skip
    assert corner.rows("select from restatement where program_id = $1"), "nothing came late"
    corner.night()  # what is over by the clock would lapse with the first touch
    before = sums(corner)
    for start in range(0, len(people), 5):
        outcomes = erase(corner, *people[start : start + 5])
        assert all(isinstance(one, Erased) for one in outcomes), outcomes
        tell.on_the_way(f"{start + 5} of {len(people)} people are erased")
    corner.run(analyze(corner.made.owner_dsn))
    assert found(corner, words) == []
    assert not {table for table, rows in written_of(corner, people).items() if rows} - {"message"}
    assert words_in(left_in_files(corner, tmp_path / "after"), words) == set()
    assert {"messages.not_sent", "messages.sender_failed"} <= words_in(house_logs.text(), EVENTS)
    assert words_in(house_logs.text(), words) == set()
    assert sums(corner) == before
    for one in staying:
        assert found(corner, one.words[:1])
    held = (
        "select count(*) from hold where program_id = $1 and state = 'open' and member_id = any($2)"
    )
    assert corner.rows(held, [one.id for one in people]) == [(0,)]
    corner.run(assert_books_right(corner.made.owner_dsn))
    if SIZE > 20:
        tell(f"{SIZE} erasures: of {len(words)} words nothing is left, and no sum has moved")


def test_control_a_word_in_a_log_of_the_house_is_seen(
    corner: Shop, cluster: Cluster, house_logs: Logs
) -> None:
    """In ours and in the database's own, which tells a statement when it is slow or refused."""
    structlog.get_logger().info("it.said", why="zqours")

    async def told() -> None:
        connection = await asyncpg.connect(cluster.dsn(SUPERUSER, "postgres"))
        await connection.execute("set log_min_duration_statement = 0")
        await connection.fetchval("select 'zqtheirs' || $1", "zqvalue")
        await connection.close()

    corner.run(told())
    words, until = {"zqours", "zqtheirs", "zqvalue"}, time.monotonic() + 10
    while (seen := words_in(house_logs.text(), words)) == {"zqours"} and time.monotonic() < until:
        time.sleep(0.05)
    assert seen == words - {"zqvalue"}


def left_in_files(shop: Shop, folder: Path) -> str:
    """All that leaves in files, of everybody."""
    export_of(shop, folder, format="csv")
    return "\n".join(one.read_text("utf-8").lower() for one in folder.rglob("*") if one.is_file())


def test_who_was_merged_is_erased_with_whom_they_are_now_by_either_id(corner: Shop) -> None:
    twin, stays = crowd(corner, 2, seed=7)
    assert isinstance(merge(corner, MemberRef(id=twin.id), MemberRef(id=stays.id)), Merged)
    (outcome,) = erase(corner, twin)
    assert isinstance(outcome, Erased)
    assert found(corner, twin.words + stays.words) == []
    (again,) = erase(corner, stays)
    assert isinstance(again, Erased)
    assert again.erased_at == outcome.erased_at
    refused = unmerge(corner, twin.id)
    assert isinstance(refused, Refused)
    assert refused.code == "member_erased"
    corner.run(assert_books_right(corner.made.owner_dsn))


def test_the_household_of_the_erased_goes_on_under_the_next(corner: Shop) -> None:
    head, *others = crowd(corner, 3, seed=6)
    places = (
        "select member_id, role from household_member where program_id = $1 and left_at is null"
    )
    alone = [whom for whom in (head, *others) if whom.id not in dict(corner.rows(places))]
    assert len(alone) > 1, "choose another seed: too many households were founded by chance"
    first, second = alone[:2]
    household_id = household(corner, MemberRef(id=first.id), MemberRef(id=second.id))
    erase(corner, first)
    assert dict(corner.rows(places))[second.id] == "head"
    assert first.id not in dict(corner.rows(places))
    entered = enter(corner, household_id, MemberRef(id=first.id))
    assert entered.code == "member_erased"
    corner.run(assert_books_right(corner.made.owner_dsn))


def test_nothing_moves_to_or_from_the_erased(corner: Shop) -> None:
    gone, there = crowd(corner, 2, seed=8)
    erase(corner, gone)
    who = MemberRef(id=gone.id), MemberRef(id=there.id)
    for one, other in (who, who[::-1]):
        refused = merge(corner, one, other)
        assert refused.code == "member_erased"
    assert block(corner, who[0]).code == "member_erased"


def test_a_message_cannot_be_shown_to_the_erased(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    is_told(corner, random.Random(1), ada, ada.words[0], 99)
    erase(corner, ada)
    messages = "select message_id, delivered_by from message where program_id = $1"
    ((message_id, by), *_) = corner.rows(messages)
    assert by == "erased"
    (refused,) = corner.ask(deliver_messages, Deliver(message_id, ada.given))
    assert (refused.code, corner.rows(messages)[0][1]) == ("member_erased", "erased")


async def analyze(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("analyze")
    finally:
        await connection.close()


@pytest.mark.in_turns(2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "without"),
    [
        ("trail", "update trail t set packed = p.packed"),
        ("activity", "set body = without_texts(body), actor = shown_actor(actor, texts)"),
        ("entry", "set reason = case when reason = '' then '' else 'erased' end,"),
        ("once", "o.key = m.key and m.subject_id = who"),
        ("outbox", "update outbox set payload = payload - 'number'"),
        ("message", "update message set delivered_by = 'erased'"),
    ],
)
def test_control_an_erasure_that_forgets_a_table_is_noticed(
    corner: Shop, table: str, without: str
) -> None:
    broken = {
        "trail": "update trail t set packed = t.packed",
        "activity": "set actor = shown_actor(actor, texts)",
        "entry": "set reason = reason,",
        "once": "false",
        "outbox": "update outbox set payload = payload",
        "message": "update message set delivered_by = delivered_by",
    }[table]

    async def plant() -> None:
        connection = await asyncpg.connect(corner.made.owner_dsn)
        try:
            source = await connection.fetchval(
                "select pg_get_functiondef(oid) from pg_proc where proname = $1",
                "erases_messages" if table == "message" else "erase_member",
            )
            assert source.count(without) == 1, source
            await connection.execute(source.replace(without, broken))
        finally:
            await connection.close()

    corner.run(plant())
    people = crowd(corner, 8)
    is_told(corner, random.Random(1), people[0], people[0].words[0], 99)
    erase(corner, *people)
    left = found(corner, [word for one in people for word in one.words])
    assert {place for place, _ in left} == {table}


def test_control_an_erasure_that_forgets_who_was_written_to_is_noticed(corner: Shop) -> None:
    forgotten = {
        "delivery": "erases_deliveries", "bounced_address": "erases_bounces",
        "pass_device": "erases_cards",
    }  # fmt: skip

    async def plant() -> None:
        connection = await asyncpg.connect(corner.made.owner_dsn)
        for table, function in forgotten.items():
            find = "select pg_get_functiondef(oid) from pg_proc where proname = $1"
            source = await connection.fetchval(find, function)
            without = f"delete from {table} where program_id = here and member_id = who;"
            assert source.count(without) == 1, source
            await connection.execute(source.replace(without, ""))
        await connection.close()

    corner.run(plant())
    people = crowd(corner, 8)
    reach(corner, random.Random(5), people)
    erase(corner, *people)
    left = found(corner, [word for one in people for word in one.words])
    # Of what came back the status and plain words are kept, and no address. These answers repeat
    # the whole letter, with a name that is known for one where it is a part of their address alone.
    assert {place for place, _ in left} == forgotten.keys()
    assert corner.rows("select count(*) from bounced_address where program_id = $1") != [(0,)]


def test_a_backup_made_after_an_erasure_has_no_word_of_it(corner: Shop) -> None:
    people = crowd(corner, 4)
    tool = find_programs()["pg_dump"]
    text = _dumped(tool, corner.made.owner_dsn)
    assert people[0].words[0] in text
    erase(corner, *people)
    text = _dumped(tool, corner.made.owner_dsn).lower()
    for one in people:
        for word in one.words:
            assert word.lower() not in text
            assert word.lower().encode().hex() not in text


def _dumped(tool: str, dsn: str) -> str:
    made = subprocess.run(
        [tool, "--enable-row-security", "--dbname", dsn], capture_output=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.decode()


def test_erased_twice_at_once_or_later_is_erased_once(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    first, second = erase(corner, ada, ada)
    assert (first.member_id, first.erased_at) == (second.member_id, second.erased_at)
    corner.now += timedelta(days=1)
    (again,) = erase(corner, ada, key="other")
    assert (again.erased_at, again.replayed) == (first.erased_at, True)
    assert corner.told().count("member.erased") == 1


def test_nobody_unknown_is_erased(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    ada.id = corner.database.ids.new_id()
    before = corner.counts()
    (no,) = erase(corner, ada)
    assert (no.code, no.field) == ("unknown_member", "/id")
    assert corner.counts() == before


def late(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows(
        "select about, kind, external_id, amount_minor, reason from quarantine "
        "where program_id = $1 order by quarantine_id"
    )


def test_what_is_told_of_an_erased_member_is_set_aside_and_books_nothing(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    chance = random.Random(1)
    buy(corner, chance, ada, ada.words[0], 77)
    receipt = ada.receipts[-1]
    erase(corner, ada)
    before, left = sums(corner), corner.counts()
    told = [
        buys(MemberRef(card=ada.card), 900, receipt="late-1"),
        buys(MemberRef(phone=ada.phone), 700, receipt="late-2", occurred_at=corner.now),
        buys(MemberRef(number=ada.number), 500, receipt="late-3"),
        buys(MemberRef(id=ada.id), 300, receipt="late-4"),
        brings_back(receipt, receipt="late-5"),
    ]
    for _ in range(2):
        outcomes = corner.record(*told)
        assert [type(one) for one in outcomes] == [MemberErased] * 5
    assert corner.counts() == left
    assert sums(corner) == before
    assert late(corner) == [
        ("activity", "purchase", "late-1", 900, "erased"),
        ("activity", "purchase", "late-2", 700, "erased"),
        ("activity", "purchase", "late-3", 500, "erased"),
        ("activity", "purchase", "late-4", 300, "erased"),
        ("activity", "return", "late-5", None, "erased"),
    ]
    assert found(corner, ada.words) == []


def test_control_without_the_list_a_card_comes_back_to_life(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    erase(corner, ada)

    async def plant() -> None:
        connection = await asyncpg.connect(corner.made.owner_dsn)
        try:
            await connection.execute("delete from erased_name")
        finally:
            await connection.close()

    corner.run(plant())
    corner.record(buys(MemberRef(card=ada.card), 900, receipt="late-1"))
    assert found(corner, [ada.card]) == [("identifier", ada.card)]


def test_a_receipt_of_before_sent_again_gives_the_first_answer(corner: Shop) -> None:
    (ada,) = corner.joined("ada")
    sale = buys(ada, 900, receipt="r1")
    (first,) = corner.record(sale)
    whom = Person(first.member_id, "", "", "", "", "ada", "", "", [])
    erase(corner, whom)
    (again,) = corner.record(sale)
    assert isinstance(again, Recorded)
    assert (again.activity_id, again.replayed) == (first.activity_id, True)
    assert late(corner) == []


def test_a_member_file_sent_again_brings_nobody_back(corner: Shop) -> None:
    (ada,) = crowd(corner, 1)
    erase(corner, ada)
    names = (Identifier("external", ada.external), Identifier("email", ada.email))
    before = corner.counts()
    for _ in range(2):
        (no,) = corner.join(JoinMember(identifiers=names, given_name=ada.given, source="web"))
        assert isinstance(no, MemberErased), no
    assert corner.counts() == before
    assert [row[0] for row in late(corner)] == ["member"]


def test_somebody_who_asks_to_join_again_begins_anew_and_earns_only_from_then_on(
    corner: Shop,
) -> None:
    (ada,) = crowd(corner, 1)
    corner.now += timedelta(hours=2)
    erase(corner, ada)
    told_late = corner.now - timedelta(hours=1)
    corner.now += timedelta(days=1)
    names = (Identifier("phone", ada.phone),)
    (joined,) = corner.join(JoinMember(identifiers=names, again=True))
    assert joined.member_id != ada.id
    me = MemberRef(phone=ada.phone)
    (old,) = corner.record(buys(me, 900, receipt="of-before", occurred_at=told_late))
    (fresh,) = corner.record(buys(me, 900, receipt="of-today"))
    assert isinstance(old, MemberErased)
    assert (fresh.member_id, fresh.earned) == (joined.member_id, {"points": 9, "stamps": 1})


def test_an_erased_member_earns_redeems_and_changes_nothing_but_may_be_written_off(
    corner: Shop,
) -> None:
    (ada,) = corner.joined("ada")
    (told,) = corner.record(buys(ada, 9_000, receipt="r1"))
    me = MemberRef(id=told.member_id)
    erase(corner, Person(told.member_id, "", "", "", "", "ada", "", "", []))
    (redeemed,) = corner.redeem(Redeem(me, "cup"))
    assert isinstance(redeemed, Refused)
    assert redeemed.code == "member_erased"
    (given,) = corner.adjust(Adjust(me, "points", 5, "sorry", "Clara"))
    assert isinstance(given, Fault)
    assert given.code == "member_erased"
    (taken,) = corner.adjust(Adjust(me, "points", -90, "breakage", "Clara"))
    assert isinstance(taken, Adjusted)
    assert taken.balances["points"] == 0
    corner.run(assert_books_right(corner.made.owner_dsn))


@pytest.mark.parametrize(
    "sql",
    [
        "update entry set reason = 'x' where program_id = $1",
        "update activity set body = '{}' where program_id = $1",
        "select set_config('regulars.erasing', 'yes', true) where $1::int > 0",
    ],
)
def test_the_application_still_changes_nothing_that_happened(corner: Shop, sql: str) -> None:
    crowd(corner, 2)

    async def act() -> None:
        async with corner.transaction() as tx:
            await tx.fetch("select set_config('regulars.erasing', 'yes', true)")
            await tx.fetch(sql, corner.program_id)
            await tx.fetch("update entry set reason = 'x' where program_id = $1", corner.program_id)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        corner.run(act())


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (1, "activity set body = '{}'"),
        (0, "activity set amount_minor = 1"),
        (0, "entry set kind = 'adjust'"),
        (0, "posting set amount = amount"),
        (0, "tier_move set reason = 'kept'"),
    ],
)
def test_even_the_owner_can_blank_texts_of_erased_members_alone(
    corner: Shop, place: int, change: str
) -> None:
    people = crowd(corner, 2)
    for one in people:
        buy(corner, random.Random(1), one, "x", 90)
    erase(corner, people[0])

    async def act() -> None:
        connection = await asyncpg.connect(corner.made.owner_dsn)
        try:
            await connection.execute(f"set regulars.erasing = '{people[place].id}'")
            await connection.execute(f"update {change} where member_id = '{people[place].id}'")
        finally:
            await connection.close()

    with pytest.raises(asyncpg.RestrictViolationError):
        corner.run(act())


def test_a_purchase_and_an_erasure_at_the_same_moment_leave_no_word(corner: Shop) -> None:
    people = crowd(corner, 6)
    for place, one in enumerate(people):
        sale = buys(MemberRef(card=one.card), 500, receipt=f"race-{place}")
        corner.together(
            lambda tx, terms, s=sale: record_activities(tx, terms, [s]),
            lambda tx, terms, m=one.id: erase_members(tx, terms, [EraseMember(m)]),
        )
        assert found(corner, one.words) == []
    corner.run(assert_books_right(corner.made.owner_dsn))


def test_what_somebody_typed_is_gone_from_every_event_that_tells_it(corner: Shop) -> None:
    (one,) = crowd(corner, 1)
    typed = [
        Told(one.id, 900 + place, type_, f'{{"{name}": "typed of Zebedee", "points": 7}}')
        for place, (type_, name) in enumerate(FREE)
    ]

    async def told(tx: Tx, _: object) -> None:
        await tx.write(tell(tx, typed))

    corner.do(told)
    asked = "select type, payload::text from outbox where program_id = $1 and sequence >= 900"
    assert len([one for one in corner.rows(asked) if "Zebedee" in one[1]]) == len(FREE) > 0
    erase(corner, one)
    assert {one[1] for one in corner.rows(asked)} == {'{"points": 7}'}
