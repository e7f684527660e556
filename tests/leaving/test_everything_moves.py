"""Whoever moves is answered there as here: choices, grants, plans, friends, prizes and teams."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from json import dumps, loads
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from tests.leaving.leaving import export_of
from tests.leaving.test_moves_in import MOVING, brought, wrong_books
from tests.leaving.whole_life import WHOLE, answers, deeds, lives
from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.base.faults import Fault
from regulars.flows.commands import History
from regulars.flows.importing.bring_had import bring_had
from regulars.flows.importing.commands import BringHad
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import EraseMember, Identifier, JoinMember, MemberRef

CHOSEN = {
    "choice_id": str(UUID(int=1)), "word": "gift", "period": 2026, "chosen": "mug", "version": 1,
    "chosen_at": "2026-01-01T00:00:00Z", "actor": "",
}  # fmt: skip
GRANTED = {
    "grant_id": str(UUID(int=1)), "benefit": "lounge", "times": 1, "actor": "", "reason": "",
    "from_at": "2026-01-01T00:00:00Z", "until_at": None,
}  # fmt: skip
REFERRED = {
    "referral_id": str(UUID(int=1)), "referrer_id": str(UUID(int=2)), "state": "named",
    "named_at": "2026-01-01T00:00:00Z", "counts_from": "2026-01-01T00:00:00Z",
    "buys_until": "2026-03-01T00:00:00Z", "wallet": "points",
}  # fmt: skip
SHARED = {
    "household_id": str(UUID(int=1)), "name": "Bergs", "actor": "",
    "recorded_at": "2026-01-01T00:00:00Z",
}  # fmt: skip
HEAD = {
    "place_id": str(UUID(int=2)), "member_id": str(UUID(int=3)), "role": "head",
    "joined_at": "2026-01-01T00:00:00Z", "limits": {},
}  # fmt: skip
LIMITED = {"limits": {"points": 1}}
AHEAD = {"joined_at": "2999-01-01T00:00:00Z"}
AT_HEADS = {"place_id": HEAD["place_id"]}
OTHER = {**HEAD, "place_id": str(UUID(int=4)), "member_id": str(UUID(int=5)), "role": "minor"}
GIVEN = {
    "grant_id": str(UUID(int=1)), "kind": "granted", "tier": "gold", "reason": "", "actor": "",
    "given_at": "2026-01-01T00:00:00Z", "begun_at": "2026-01-01T00:00:00Z", "until_at": None,
    "answer_by": None,
}  # fmt: skip
USED = (*MOVING, "debts", "limits", "progress", "budgets", "had")


ROWS: dict[str, tuple[Any, str]] = {
    "no JSON": ("choice", "{"),
    "a list": ("choice", "[]"),
    "nothing in it": ("choice", "{}"),
    "another name": ("choice", {**CHOSEN, "chosen": "cup"}),
    "a period that is none": ("choice", {**CHOSEN, "period": 2**40}),
    "a text with U+0000": ("choice", {**CHOSEN, "actor": "a\x00"}),
    "a time without a zone": ("choice", {**CHOSEN, "chosen_at": "2026-01-01T00:00:00"}),
    "no uses": ("grant", {**GRANTED, "times": 0}),
    "over before it begins": ("grant", {**GRANTED, "until_at": "2025-12-31T23:30:00-00:30"}),
    "a reward that is none": ("taken", {"reward": "cup", "at": "2026-01-01T00:00:00Z"}),
    "a friend of nobody here": ("referral", REFERRED),
    "rewarded, for nothing": ("referral", {**REFERRED, "state": "rewarded"}),
    "rejected": ("referral", {**REFERRED, "state": "rejected", "reason": "same_person"}),
    "another wallet": ("referral", {**REFERRED, "wallet": "miles"}),
    "a household without a head": ("household", {**SHARED, "places": []}),
    "a head who has limits": ("household", {**SHARED, "places": [{**HEAD, **LIMITED}]}),
    "with somebody who is nobody": ("household", {**SHARED, "places": [HEAD, OTHER]}),
    "twice at home": ("household", {**SHARED, "places": [HEAD, {**OTHER, **AT_HEADS}]}),
    "at home from tomorrow on": ("household", {**SHARED, "places": [{**HEAD, **AHEAD}]}),
    "an end no calendar has": ("tier", {**GIVEN, "until_at": "9999-12-31T23:59:59-12:00"}),
    "a beginning no calendar has": ("grant", {**GRANTED, "from_at": "0001-01-01T00:00:00+12:00"}),
    "another tier": ("tier", {**GIVEN, "tier": "lead"}),
    "given tomorrow": ("tier", {**GIVEN, "begun_at": "2990-01-01T00:00:00Z"}),
    "over before it began": ("tier", {**GIVEN, "until_at": "2025-01-01T00:00:00Z"}),
    "answered, and no invitation": ("tier", {**GIVEN, "answer_by": "2026-02-01T00:00:00Z"}),
    "never begun": ("tier", {**GIVEN, "begun_at": None}),
    "ended without a word": ("tier", {**GIVEN, "closed_at": "2026-02-01T00:00:00Z"}),
    "spent of nothing": ("spent", {"wallet": "miles", "units": 1, "at": "2026-01-01T00:00:00Z"}),
    "spent nothing": ("spent", {"wallet": "points", "units": 0, "at": "2026-01-01T00:00:00Z"}),
    "a place in no team": ("place", {"place_id": str(UUID(int=1)), "since": "2026-01-01T00:00:00Z"}),
}  # fmt: skip


def test_rows_that_cannot_be_are_refused_and_nothing_is_kept(corner: Shop) -> None:
    shop = corner
    shop.begin(WHOLE.replace("program: corner", "program: whole"), slug="whole")
    (ada,) = shop.joined("ada")
    lines = [
        BringHad(ada, kind, UUID(int=place + 10), row if isinstance(row, str) else dumps(row))
        for place, (kind, row) in enumerate(ROWS.values())
    ]
    before = shop.counts()
    history = History(UUID(int=9))
    told = shop.do(lambda tx, terms: bring_had(tx, terms, lines, history))
    wrong = dict(zip(ROWS, told, strict=True))
    assert {name: one for name, one in wrong.items() if not isinstance(one, Fault)} == {}
    assert {one.field for one in told} == {"/row"}
    unknown = wrong["with somebody who is nobody"]
    assert str(OTHER["member_id"]) in str(unknown)
    assert "found the household by hand" in unknown.facts["mend"]
    assert shop.counts() == before


def test_a_thing_is_known_by_the_number_of_its_line(corner: Shop) -> None:
    """A file made by hand may say one number in many rows: each line is a thing of its own."""
    shop = corner
    shop.begin(WHOLE.replace("program: corner", "program: whole"), slug="whole")
    history, rows = History(UUID(int=9)), {"grant": GRANTED, "household": SHARED, "tier": GIVEN}
    rows["household"] = {**SHARED, "places": [HEAD]}
    for place, who in enumerate(shop.joined("ada", "bo"), 1):
        lines = [
            BringHad(who, kind, UUID(int=10 * place + n), dumps(row))
            for n, (kind, row) in enumerate(rows.items())
        ]
        told = shop.do(lambda tx, terms, lines=lines: bring_had(tx, terms, lines, history))
        assert [one.replayed for one in told] == [False] * 3, told
    found = wrong_books(shop)
    assert {n: v for n, v in found.items() if n != "imports_known"} == {}


def test_who_has_another_number_here_comes_along_by_their_names(corner: Shop) -> None:
    shop = corner
    shop.begin(WHOLE.replace("program: corner", "program: whole"), slug="whole")
    shop.joined("ada", "bo", "cy")
    who = dict(shop.rows(_NAMED))

    def named(*names: str, **more: str) -> dict[str, Any]:
        some = [*(("external", one) for one in names), *more.items()]
        return {"names": [{"kind": kind, "value": value} for kind, value in some]}

    def come(line: int, kind: Any, row: Any) -> Any:
        there = MemberRef(id=UUID(HEAD["member_id"] if kind == "household" else str(UUID(int=5))))
        one = BringHad(there, kind, UUID(int=line), dumps(row))
        history = History(UUID(int=9))
        return shop.do(lambda tx, terms: bring_had(tx, terms, [one], history))[0]

    before = shop.counts()
    shared = {**SHARED, "places": [{**HEAD, **named("ada")}, {**OTHER, **named("bo", "cy")}]}
    two = come(20, "household", shared)
    assert "by their number or names" in str(two), "two members here have their names"
    nobody = come(21, "household", {**shared, "places": [{**HEAD, **named("eve")}]})
    assert nobody.code == "unknown_member"
    assert shop.counts() == before
    erased = shop.join(JoinMember(identifiers=_names(external="gone")))[0].member_id
    shop.do(lambda tx, terms: erase_members(tx, terms, [EraseMember(erased)]))
    gone = {**OTHER, "member_id": str(erased), **named("cy")}
    left = come(24, "household", {**shared, "places": [shared["places"][0], gone]})
    assert str(erased) in str(left), "who was erased comes back by nobody's name"
    shop.join(JoinMember(identifiers=_names(phone="+15550001111", email="dan@x.org")))
    wife = named(phone="+15550001111", email="eve@x.org")
    couple = come(25, "household", {**shared, "places": [{**HEAD, **wife}]})
    assert couple.code == "unknown_member", "a shared telephone makes nobody the other"
    shared["places"][1] |= named("bo", "of-nobody", email="bo@x.org")
    assert come(22, "household", shared).replayed is False
    took = {"wallet": "points", "units": 3, "at": "2026-01-01T00:00:00Z", **named("bo")}
    assert come(23, "spent", took).replayed is False
    assert come(22, "household", shared).replayed is True
    assert shop.rows(_AT_HOME) == [(who["ada"], "head"), (who["bo"], "minor")]
    assert shop.rows(_SPENT) == [(who["bo"],)]


def _names(**names: Any) -> tuple[Identifier, ...]:
    return tuple(Identifier(kind, value) for kind, value in names.items())


_NAMED = "select value, member_id from identifier where program_id = $1"
_AT_HOME = """
select member_id, role from household_member where program_id = $1 and left_at is null order by 2
"""
_SPENT = "select member_id from came_along where program_id = $1 and kind = 'spent'"


@pytest.fixture
def there(make_database: Callable[[], Any], cluster: Any) -> Iterator[Any]:
    made = make_database()
    yield made
    cluster.drop_database(made.name)


def test_every_answer_of_a_member_is_the_same_there(
    fresh_database: Any, there: Any, tmp_path: Path
) -> None:
    begins = datetime.now(UTC) - timedelta(days=9)
    shop = Shop.open(fresh_database, WHOLE, now=begins)
    lives(shop)
    export_of(shop, tmp_path / "x")
    other = Shop.open(there, WHOLE, now=begins)
    other.now = shop.now
    done = brought(other, tmp_path / "x" / "canonical", USED)
    slips = tmp_path / "x" / "canonical" / "slips.csv"
    assert (done.refusals, done.left_out) == ([], 0), slips.read_text()
    counted = {name: n for name, n in done.before.items() if name.startswith("had.")}
    assert {n.split(".")[1] for n in counted} == {
        "choice", "grant", "membership", "trial", "friend_code", "referral", "friends", "part",
        "prize", "team", "place", "taken", "household", "tier", "spent",
    }  # fmt: skip
    had = pl.read_parquet(tmp_path / "x/canonical/had.parquet")
    (home,) = had.filter(pl.col("kind") == "household")["row"]
    names = [one["names"] for one in loads(home)["places"]]
    assert [[name["value"] for name in some] for some in names] == [
        ["ada"],
        ["ben"],
        ["cem"],
        ["dan"],
    ]
    arrived = {n: str(v) for n, v in done.arrived["used"].items() if n.startswith("had.")}
    assert arrived == counted
    assert wrong_books(other) == {}
    again = brought(other, tmp_path / "x" / "canonical", ("members", "had"))
    assert (again.taken, again.known) == (0, 31)
    here, moved = Counter(shop), Counter(other)
    found, wanted = answers(moved.get, other), answers(here.get, shop)
    assert {name: one for name, one in found.items() if one != wanted[name]} == {}
    assert other.told() == []
    shop.now = other.now = shop.now + timedelta(minutes=1)
    told = deeds(other)
    assert told == deeds(shop)
    at = told.index("The Bergs")
    assert told[at + 1 : at + 6] == ["minor_limit", "buyer_limit", *["Redeemed"] * 3]
    assert wrong_books(other) == {}
    here.close()
    moved.close()
