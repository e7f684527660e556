"""A further ladder by its form: its steps in order, with names for ever, and what counts for it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.console.browser import Browser
from tests.surfaces.console.terms.test_editor import DRAFTS, act, fields, kept, opened, signed_in
from tests.surfaces.console.terms.test_forms import ENGLISH, GERMAN
from tests.surfaces.console.terms.test_workshop import begun, source
from tests.surfaces.counter import Counter

from regulars.records.program.parsing.editing import rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.reading import problems_of, read
from regulars.records.program.templates import load_template
from regulars.records.program.types import Ladder, Tiers
from regulars.surfaces.console.terms.editor.climbing import fresh, in_order, with_ids
from regulars.surfaces.console.terms.editor.filling import typed_of, unseen, value_of
from regulars.surfaces.console.terms.editor.places import place_of
from regulars.surfaces.console.terms.editor.slots import slots
from regulars.surfaces.console.terms.editor.untold import texts_of, without
from regulars.surfaces.console.terms.editor.words import THERE


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    return signed_in(counter)


def test_everything_of_a_further_ladder_has_a_field() -> None:
    text = load_template("airline")
    place = place_of(parse(text).value, "ladders.lifetime")
    assert place is not None
    assert unseen(place.part, place.value) == []
    typed = typed_of(place.part, place.value, ENGLISH)
    assert typed["returned_credit"] == ("revoke_now",)
    assert typed["steps.n"] == (str(len(place.value["steps"])),)
    typed["returned_credit"] = ("at_period_end",)
    value, wrong = value_of(place.part, typed, place.value, ENGLISH)
    assert wrong == {}
    changed, at = rewrite(text, place.path, value), text.index("ladders:")
    assert changed == text[:at] + text[at:].replace("revoke_now", "at_period_end", 1)
    assert [one for one in problems_of(read(changed)) if one.severity == "error"] == []


def test_a_changeover_of_a_ladder_keeps_what_its_form_does_not_show() -> None:
    over = {"members": "full", "removed": {"old": "new"}}
    was = {"steps": [{"id": "new", "at": 5}], "changeover": over}
    assert unseen(Ladder, was) == ["changeover.removed"]
    typed = typed_of(Ladder, was, ENGLISH)
    assert "changeover.worth" not in typed
    typed["changeover.members"] = ("upgrade_only",)
    value, wrong = value_of(Ladder, typed, was, ENGLISH)
    assert wrong == {}
    assert value == was | {"changeover": over | {"members": "upgrade_only"}}


def test_a_second_measure_is_there_when_it_is_said() -> None:
    was = {"steps": [{"id": "a", "at": 5}]}
    typed = typed_of(Ladder, was, ENGLISH)
    assert value_of(Ladder, typed, was, ENGLISH) == (was, {})
    typed |= {"or_by.there": ("yes",), "or_by.measure": ("visits",), "steps.0.or_at": ("9",)}
    value, wrong = value_of(Ladder, typed, was, ENGLISH)
    assert wrong == {}
    assert value["or_by"] == {"measure": "visits"}
    assert value["steps"] == [{"id": "a", "at": 5, "or_at": 9}]
    gone, _ = value_of(
        Ladder, typed_of(Ladder, value, ENGLISH) | {"or_by.there": ()}, value, ENGLISH
    )
    assert "or_by" not in gone
    switched = {one.about for part in (Tiers, Ladder) for one in slots(part) if one.switched}
    assert switched == {"Tiers.or_by", "Ladder.or_by"} <= set(THERE)


def test_steps_stand_in_order_whatever_they_were_typed_in() -> None:
    typed: Any = {"steps.n": ("3",), "name": ("Club",)}
    for place, (name, takes) in enumerate((("Gold", "1.000,50"), ("Tin", "5"), ("Iron", "5"))):
        typed |= {f"steps.{place}.name": (name,), f"steps.{place}.at": (takes,)}
    found = in_order(typed, GERMAN)
    assert [found[f"steps.{n}.name"] for n in range(3)] == [("Tin",), ("Iron",), ("Gold",)]
    assert found["name"] == ("Club",)
    assert in_order(typed | {"steps.1.at": ("five",)}, GERMAN)["steps.0.name"] == ("Gold",)


def test_a_step_has_a_short_name_that_no_other_tier_has() -> None:
    program = {
        "tiers": {"steps": [{"id": "gold", "at": 1}]},
        "ladders": {
            "club": {"steps": [{"id": "gold-2", "at": 1}]},
            "odd": [],
            "odder": {"steps": 3},
        },
    }
    made = with_ids({"steps": [{"name": "Gold", "at": 1}, {"name": "فضي", "at": 2}]}, program)
    assert [one["id"] for one in made["steps"]] == ["gold-3", "step"]
    assert next(iter(made["steps"][0])) == "id"
    assert fresh("Grüner Daumen!", set(), "step") == "gruner-daumen"
    assert fresh("9 lives", set(), "step") == "step"
    assert len(fresh("x" * 99, {"x" * 36}, "step")) <= 40


def test_texts_of_a_tier_that_is_gone_go_along() -> None:
    told = "translations:\n  de:\n    tiers.gold.name: Gold\n    tiers.golden.name: Golden\n"
    assert without(told, texts_of("tiers.steps.gold", {})) == told.replace(
        "    tiers.gold.name: Gold\n", ""
    )
    ladder = {"steps": [{"id": "gold"}]}
    assert texts_of("ladders.club", ladder) == ["ladders.club", "tiers.gold"]


def test_a_ladder_is_added_its_steps_come_and_go_and_it_is_taken_out(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "club")
    assert "edit?add=ladder" in owner.get(f"{DRAFTS}/club").text
    typed = opened(owner, "club", "add=ladder")
    assert (typed["measure"], typed["steps.0.at"]) == ("visits", "10")
    typed = fields(kept(owner, "club", typed | {"do": "more:steps"}).text)
    typed |= {"name": "The club", "window": "rolling", "rolling_days": "90"}
    typed |= {"steps.0.name": "Friend", "steps.1.name": "Guest"}
    # What is wrong is said at its field, and nothing is kept.
    wrong = kept(owner, "club", typed | {"steps.1.at": "x"})
    assert wrong.status_code == 422
    assert 'id="steps.1.at-wrong"' in wrong.text
    assert source(counter, "club") == text
    wrong = kept(owner, "club", typed | {"steps.1.at": "3", "notice_days": "999"})
    assert 'id="notice_days-wrong"' in wrong.text
    assert kept(owner, "club", typed | {"steps.1.at": "3"}).status_code == 303
    page = owner.get(f"{DRAFTS}/club").text
    assert "The club: Counted: Visits" in page
    assert "Guest: 3 visits; Friend: 10 visits" in page
    ladder = parse(source(counter, "club")).value["ladders"]["the-club"]
    assert [one["id"] for one in ladder["steps"]] == ["guest", "friend"]
    # A step less, and one that asks for something of its own.
    typed = opened(owner, "club", "at=ladders.the-club")
    typed = fields(kept(owner, "club", typed | {"do": "less:steps.0"}).text)
    typed |= {"steps.0.by": "invitation", "steps.0.perks": "A table by the window"}
    assert kept(owner, "club", typed).status_code == 303
    ladder = parse(source(counter, "club")).value["ladders"]["the-club"]
    assert ladder["steps"] == [
        {"id": "friend", "name": "Friend", "at": 10, "by": "invitation",
         "perks": ["A table by the window"]}
    ]  # fmt: skip
    # Without any step it is no ladder.
    typed = opened(owner, "club", "at=ladders.the-club")
    typed = fields(kept(owner, "club", typed | {"do": "less:steps.0"}).text)
    none = kept(owner, "club", typed)
    assert none.status_code == 422
    assert 'id="steps-wrong"' in none.text or "Something is needed here" in none.text
    page = owner.get(f"{DRAFTS}/club").text
    assert act(owner, "club", "up", at="ladders.the-club", revision=_revision(page)).text
    done = act(owner, "club", "remove", at="ladders.the-club", revision=_revision(page))
    assert done.status_code == 303
    assert source(counter, "club") == text


def test_what_a_step_was_called_in_other_languages_goes_with_it(
    counter: Counter, owner: Browser
) -> None:
    begun(counter, owner, "names")
    page = owner.get(f"{DRAFTS}/names").text
    told = (
        "ladders:\n  club:\n    name: Club\n    measure: visits\n    steps:\n"
        "      - {id: tin, name: Tin, at: 3}\n      - {id: iron, name: Iron, at: 9}\n"
    )
    names = "    ladders.club.name: Klub\n    tiers.tin.name: Zinn\n    tiers.iron.name: Eisen\n"
    german = "translations:\n  de:\n"
    text = source(counter, "names").replace(german, told + german + names)
    assert "tiers.tin.name" in text
    owner.post(f"{DRAFTS}/names", {"source": text, "revision": _revision(page)})
    typed = opened(owner, "names", "at=ladders.club")
    typed = fields(kept(owner, "names", typed | {"do": "less:steps.0"}).text)
    assert kept(owner, "names", typed).status_code == 303
    assert "tiers.tin.name" not in source(counter, "names")
    assert "tiers.iron.name: Eisen" in source(counter, "names")
    page = owner.get(f"{DRAFTS}/names").text
    act(owner, "names", "remove", at="ladders.club", revision=_revision(page))
    assert "Eisen" not in source(counter, "names")
    assert "ladders" not in source(counter, "names")


def _revision(page: str) -> str:
    return page.partition('name="revision" value="')[2].partition('"')[0]
