"""What the log tells of a deed: every field and every code has words, in every language."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

import pytest
from tests.makers import NOON
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.insight.metrics.reading.closed import PARTS
from regulars.records.access.office.types import RoundState
from regulars.records.access.staff.deeds import TELLS
from regulars.records.access.staff.permissions import Role
from regulars.records.access.staff.settings import NO_LIMIT, SETTINGS
from regulars.records.access.staff.types import Act, By, How, StaffState
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.types import Mode, Scope
from regulars.records.inlets.types import InletState
from regulars.records.outbox.hooks.types import FORMS, HookState
from regulars.records.program.changes.experiments.types import Kind as Compares
from regulars.records.program.changes.experiments.types import Outcome
from regulars.records.program.reading import read_program
from regulars.surfaces.connect.inlets.kinds import KINDS
from regulars.surfaces.console.people.looking import FIELDS
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.console.team.saying import scopes
from regulars.surfaces.console.team.saying.deeds import CODED, NAMES, Change, changes, setting_of
from regulars.surfaces.languages.voices import LANGUAGES
from regulars.surfaces.ui.reader import Reader

NOBODY = UUID(int=0)
EN = Reader("en")
PROGRAM = read_program(
    "regulars: 1\nprogram: p\nname: P\ncurrency: EUR\nzone: Europe/Berlin\n"
    "wallets: {beans: {name: Beans, scale: 1}}\n"
    "rewards: [{id: cup, name: A cup, price: {beans: 10}}]\n"
)
BRANDS = {"Standard Webhooks", "CloudEvents", "Square"}


def an_act(before: dict[str, Any], after: dict[str, Any], about: str = "key") -> Act:
    return Act(NOBODY, None, "", "key.made", about, NOBODY.hex, before, after, "", NOON)


def test_every_field_a_deed_can_tell_of_has_words() -> None:
    assert set(NAMES) == set(TELLS)
    holding = ("code", "counts", "money")
    assert {name for name, holds in TELLS.items() if holds in holding} == set(CODED)


def test_every_code_a_deed_can_tell_of_has_words() -> None:
    may = {
        "compares": set(get_args(Compares)),
        "contract": set(PARTS),
        "outcome": set(get_args(Outcome)),
        "file": {*FIELDS, "everybody", "person"},
        "form": set(FORMS),
        "how": set(get_args(How)),
        "kind": set(KINDS),
        "mapping": {"lines"},
        "mode": set(get_args(Mode)),
        "role": set(get_args(Role)),
        "scopes": {str(one) for one in Scope},
        "state": {
            *get_args(StaffState),
            *get_args(InletState),
            *get_args(RoundState),
            *get_args(HookState),
        },
        "texts": {"name", "email"},
        "types": set(SAYS),
    }
    assert {name: set(words) for name, words in CODED.items()} == may


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_field_is_told_in_english_to_others(language: str) -> None:
    reader = Reader(language)
    said = {*NAMES.values(), *(says for words in CODED.values() for says in words.values())}
    alike = {says for says in said - BRANDS if reader.say(says) == says}
    # A few words are the same there.
    assert alike - {"Name", "Logo", "Server", "Test", "Marketing"} == set()


def test_what_has_no_words_is_not_written_down() -> None:
    done = Done(By(words="x"), "key.made", "key", "k", after={"rank": 1})
    with pytest.raises(AssertionError, match="rank"):
        acted(None, [done])  # type: ignore[arg-type]


def test_values_stand_as_people_read_them() -> None:
    before = {"scopes": ["till"], "open": False, "was": "x"}
    after = {"scopes": ["till", "partners:tell:airline"], "open": True, "mapping": {"lines": 1200}}
    assert list(changes(EN, an_act(before, after))) == [
        Change(
            "May do",
            "Work as a till",
            "Work as a till · Tell sales as a partner, and read the partner’s statement (airline)",
        ),
        Change("Opens anything", "no", "yes"),
        Change("was", "x", ""),  # of a release long ago
        Change("What its fields mean", "", "1,200 lines"),
    ]
    assert list(changes(EN, an_act({}, {"how": "passkey"}))) == [Change("By", "", "passkey")]
    assert list(changes(EN, an_act({}, {"file": "q points_from"}))) == [
        Change("Narrowed by", "", "words · least points")
    ]
    assert list(changes(EN, an_act({"stores": None}, {"stores": ["mitte"]}))) == [
        Change("Stores", "every one", "mitte")
    ]


def test_points_stand_as_their_account_counts_them() -> None:
    told = {"wallet": "beans", "units": -125, "left": 1000, "reward": "cup", "entry": "e" * 32}
    way = f"/console/members/mem_{NOBODY.hex}/entries/ent_{'e' * 32}"
    assert list(changes(EN, an_act({}, told, "member"), PROGRAM)) == [
        Change("Account", "", "Beans"),
        Change("Points", "", "−12.5"),
        Change("Balance after", "", "100"),
        Change("Reward", "", "A cup"),
        Change("The booking", "", "Look at it", way),
    ]


def test_a_setting_is_told_by_what_it_means() -> None:
    about = setting_of(EN, "adjust_limit:manager")
    assert about == "Most points given or taken by hand at once (Manager)"
    assert all(setting_of(EN, name) != name for name in SETTINGS)
    one = an_act({"value": 500}, {"value": NO_LIMIT}, "setting")
    assert list(changes(EN, one)) == [Change("Value", "500", "no limit")]


def test_a_key_says_in_words_what_it_may(counter: Counter) -> None:
    owner, boss = Browser(counter), somebody(counter)
    owner.sign_in(boss.email)
    page = owner.get("/console/keys").text
    for says in set(scopes.SAYS) - {"shop"}:
        assert f'value="{says}"' in page, says
    assert 'value="shop"' not in page
    assert "Redeem points for rewards, and use codes" in page
    form = {"name": "Web", "mode": "test", "scope": "debts:write", "key": "k1"}
    assert "reg_test_" in owner.post("/console/keys", form).text
    log = owner.get("/console/audit?did=key.made").text
    assert "Forgive what members owe" in log
    assert "debts:write" not in log
