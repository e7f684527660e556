"""Staff are taken on, changed and closed by who may, and every change is written down."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, found, hires, settles
from tests.makers import Shop

from regulars.base.faults import Fault, Gone, Refused
from regulars.flows.access.commands import (
    AddStaff,
    ChangePassword,
    ChangeSetting,
    ChangeStaff,
    CloseStaff,
    EndSessions,
    Opened,
    OpenSession,
    SetPin,
    UseLink,
)
from regulars.flows.access.keep_sessions import keep_sessions
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.access.watch_counter import tidy_staff
from regulars.records.access.staff.read import Wanted, acts, at_the_till
from regulars.records.access.staff.types import By, Staff
from regulars.records.members.types import Asked


def does(shop: Shop, wish: Any) -> Any:
    (outcome,) = shop.ask(keep_staff, wish)
    return outcome


def code(outcome: Any) -> str:
    return outcome.code if isinstance(outcome, Fault | Refused) else "done"


def by(one: Staff) -> By:
    return By(one.staff_id, address="203.0.113.0/24")


def adds(by: By, role: str = "cashier", **more: Any) -> AddStaff:
    told: dict[str, Any] = {"name": "Ben", "email": "ben@shop.test"} | more
    return AddStaff(role=role, link_hash=b"l", by=by, **told)  # type: ignore[arg-type]


def test_an_address_belongs_to_one_person_however_it_is_written(cafe: Shop) -> None:
    first = does(cafe, adds(HOUSE, email="Ben@Shop.TEST ", asked=Asked("h", "1")))
    assert found(cafe, first.staff_id).email == "ben@shop.test"
    assert does(cafe, adds(HOUSE, email="Ben@Shop.TEST ", asked=Asked("h", "1"))).replayed
    assert code(does(cafe, adds(HOUSE, asked=Asked("h", "2")))) == "email_taken"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"email": "ben"}, "/email"), ({"email": "b n@x"}, "/email"), ({"name": " "}, "/name"),
        ({"name": "x" * 121}, "/name"), ({"role": "king"}, "/role"), ({"stores": ()}, "/stores"),
    ],
)  # fmt: skip
def test_what_is_badly_told_is_said_with_its_field(
    cafe: Shop, wish: dict[str, Any], field: str
) -> None:
    before = cafe.counts()
    no = does(cafe, adds(HOUSE, **wish))
    assert (no.code, no.field) == ("invalid", field)
    assert cafe.counts() == before


def test_a_manager_keeps_cashiers_of_their_own_stores_and_nobody_else(cafe: Shop) -> None:
    boss, one = hires(cafe, "manager", stores=("main",)), hires(cafe, "support", stores=("main",))
    assert code(does(cafe, adds(by(boss), stores=("main",), email="a@shop.test"))) == "done"
    for wish in (
        adds(by(boss)),  # in every store
        adds(by(boss), stores=("main", "east")),
        adds(by(boss), "support", stores=("main",)),
        adds(by(one), stores=("main",)),
        ChangeStaff(one.staff_id, by(boss), role="cashier"),
        ChangeStaff(boss.staff_id, by(boss), role="owner"),
        ChangeStaff(boss.staff_id, by(boss), stores=None),
        CloseStaff(one.staff_id, by(boss)),
        ChangeSetting("idle_minutes", 5, by(boss)),
    ):
        assert code(does(cafe, wish)) == "forbidden", wish
    assert code(does(cafe, ChangeStaff(one.staff_id, by(one), name="Bea"))) == "done"


def test_the_last_owner_stays(cafe: Shop) -> None:
    one = hires(cafe, "owner")
    does(cafe, adds(HOUSE, "owner"))  # invited, not yet there
    for wish in (
        CloseStaff(one.staff_id, by(one)), ChangeStaff(one.staff_id, by(one), role="manager")
    ):  # fmt: skip
        assert code(does(cafe, wish)) == "last_owner"
    other = hires(cafe, "owner")
    assert code(does(cafe, CloseStaff(one.staff_id, by(other)))) == "done"
    assert code(does(cafe, ChangeStaff(one.staff_id, HOUSE, name="x"))) == "gone"


def test_every_change_is_written_down_without_texts_of_people(cafe: Shop) -> None:
    boss, one = hires(cafe, "owner"), hires(cafe, "support")
    settles(
        cafe,
        ChangeStaff(one.staff_id, by(boss), role="cashier", name="Secretname", stores=("main",)),
        ChangeSetting("adjust_limit", 77, by(boss), "support"),
        ChangeSetting("adjust_limit", 77, by(boss), "support"),  # nothing changes by it
    )
    kept = cafe.do(lambda tx, _: acts(tx, Wanted(staff_id=boss.staff_id)))
    told = [(one.did, one.about_id, one.before, one.after) for one in kept if one.before]
    assert told == [
        ("setting.changed", "adjust_limit:support", {"value": 500}, {"value": 77}),
        (
            "staff.changed", one.staff_id.hex, {"role": "support", "stores": None},
            {"role": "cashier", "stores": ["main"], "texts": ["name"]},
        ),
    ]  # fmt: skip
    assert {one.address for one in kept if one.before} == {"203.0.113.0/24"}
    assert "Secretname" not in str(kept)
    only = cafe.do(lambda tx, _: acts(tx, Wanted(did="setting", limit=9)))
    assert {one.did for one in only} == {"setting.changed"}
    page = cafe.do(lambda tx, _: acts(tx, Wanted(before=kept[0].act_id, limit=1)))
    assert [one.act_id for one in page] == [kept[1].act_id]


def test_what_was_done_is_never_changed(cafe: Shop) -> None:
    import asyncpg

    hires(cafe, "owner")
    for sql in ("update staff_act set did = 'x'", "delete from staff_act"):
        with pytest.raises(asyncpg.PostgresError):
            cafe.rows(f"{sql} where program_id = $1")


def test_a_link_works_once_and_not_after_a_day(cafe: Shop) -> None:
    cafe.ask(keep_staff, adds(HOUSE))
    cafe.now += timedelta(hours=24)
    assert isinstance(does(cafe, UseLink(b"l", "$kept$")), Gone)
    cafe.now -= timedelta(seconds=1)
    assert code(does(cafe, UseLink(b"l", "$kept$"))) == "done"
    assert isinstance(does(cafe, UseLink(b"l", "$other$")), Gone)


def test_everybody_changes_their_own_password_and_says_the_present_one(cafe: Shop) -> None:
    boss, one = hires(cafe, "owner"), hires(cafe, "support", kept="$had$")
    assert code(does(cafe, ChangePassword(one.staff_id, "$had$", "$b$", by(boss)))) == "forbidden"
    assert code(does(cafe, ChangePassword(one.staff_id, "$not$", "$b$", by(one)))) == "forbidden"
    assert code(does(cafe, ChangePassword(one.staff_id, "$had$", "$b$", by(one)))) == "done"


def test_who_works_in_a_store_and_has_a_pin_is_at_its_tills(cafe: Shop) -> None:
    here, there = (hires(cafe, "cashier", stores=(s,)) for s in ("main", "east"))
    every, none, left = (hires(cafe, "cashier") for _ in range(3))
    pins = [SetPin(one.staff_id, "$pin$", HOUSE) for one in (here, there, every, left)]
    settles(cafe, *pins, CloseStaff(left.staff_id, HOUSE))
    ids = {one.staff_id for one in cafe.do(lambda tx, _: at_the_till(tx, "main"))}
    assert ids == {here.staff_id, every.staff_id}
    assert none.staff_id not in ids


def test_sessions_that_are_over_are_forgotten_and_the_log_is_not(cafe: Shop) -> None:
    one = hires(cafe, "owner", kept="$kept$")
    began = cafe.now

    def opens(token: bytes) -> None:
        """At this instant, with a session of its own."""
        (opened,) = cafe.ask(keep_sessions, OpenSession(one.staff_id, token, "password", "$kept$"))
        assert isinstance(opened, Opened), opened

    def tokens() -> set[bytes]:
        sql = "select token_hash from staff_session where program_id = $1"
        return {bytes(token) for (token,) in cafe.rows(sql)}

    kept = [sha256(name.encode()).digest() for name in ("ended", "open", "late")]
    opens(kept[0])
    opens(kept[1])
    cafe.ask(keep_sessions, EndSessions(one.staff_id, kept[0], HOUSE))
    cafe.now = began + timedelta(hours=23)
    opens(kept[2])
    cafe.do(lambda tx, terms: tidy_staff(tx, terms, 1))
    assert tokens() == set(kept)
    cafe.now = began + timedelta(hours=25)
    cafe.do(lambda tx, terms: tidy_staff(tx, terms, 1))
    assert kept[0] not in tokens()
    assert kept[2] in tokens()
    cafe.now = began + timedelta(days=40)
    cafe.do(lambda tx, terms: tidy_staff(tx, terms, 1))
    assert tokens() == set()
    log = "select did from staff_act where program_id = $1 and did like 'session.%'"
    assert len(cafe.rows(log)) == 4


def test_of_who_left_name_and_address_are_taken_out_after_a_while(cafe: Shop) -> None:
    boss, one = hires(cafe, "owner"), hires(cafe, "support")
    settles(cafe, CloseStaff(one.staff_id, by(boss)))
    cafe.now += timedelta(days=89)
    assert cafe.do(lambda tx, terms: tidy_staff(tx, terms, 1)) == 0
    assert found(cafe, one.staff_id).email == one.email
    cafe.now += timedelta(days=1)
    assert cafe.do(lambda tx, terms: tidy_staff(tx, terms, 1)) == 1
    reduced = found(cafe, one.staff_id)
    assert (reduced.name, reduced.email, reduced.role) == ("", "", "support")
    assert hires(cafe, "support", email=one.email).email == one.email  # they may come back
