"""The programs a shop can start from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.stories.reading import read_story, stories_of_templates

from regulars.base.faults import NotFound
from regulars.engine.checking.admission import admit
from regulars.records.program.reading import read_program
from regulars.records.program.templates import (
    load_template,
    template_names,
    template_readme,
    template_sentence,
)
from regulars.records.program.templates.speaking import OWN
from regulars.records.program.translations import languages_of, places
from regulars.records.program.types import Program, Reward

ROOT = Path(__file__).parents[3]
PROMISED = frozenset((
    "airline", "athletic-club", "auto-enrol", "b2b-retention", "beauty-tiers", "bronze-silver-gold",
    "cashback", "cause", "clubs", "coffee-shop", "everywhere", "office-supplies", "outdoor-pass",
    "prime", "referral-first", "square-like", "very-important",
))  # fmt: skip
MEASURING = frozenset(("bench", "retail"))
"""What speed and replay are measured with."""
LONGEST_README = 60
TOLD_IN = ("de", "tr", "ar")
NAMES_ALIKE = frozenset(("Classic", "Radiant", "Luminous", "Bloom", "Studio", "Bronze", "Gold",
                         "Champion", "Partner", "Starter", "Rosewater Circle", "Stride Club",
                         "Salon", "Plus"))  # fmt: skip
"""Names that are the same in another language."""
OUT_OF_PLACE = {
    "de": r"\b(Sie|Ihr|Ihre[mnrs]?|Ihnen)\b|\.\d\d\b",
    "tr": r"\b(senin|sana|seni)\b|\.\d\d\b",
    "ar": r"[A-Za-z]|\d,\d\d\b",
}
"""How members are not spoken to, and amounts not written, in each language."""


def test_the_promised_templates_are_there() -> None:
    assert set(template_names()) == PROMISED | MEASURING


@pytest.mark.parametrize("name", template_names())
def test_a_template_carries_its_own_name_and_is_admitted_without_a_warning(name: str) -> None:
    admitted = admit(load_template(name))
    assert admitted.program.program == name
    assert admitted.warnings == ()
    assert admitted.program.cases, "no example"


@pytest.mark.parametrize("name", template_names())
def test_a_readme_is_short_and_begins_with_what_the_program_is(name: str) -> None:
    lines = template_readme(name).splitlines()
    assert re.match(r"# [A-Z]", lines[0])
    assert len(lines) <= LONGEST_README
    sentence = template_sentence(name)
    assert 40 <= len(sentence) <= 180, sentence
    assert re.match(r"[A-Z][^*`#]+\.$", sentence)
    if name not in MEASURING:
        assert "**Change first**" in lines
        assert "**Lapse.**" in template_readme(name) or name in ("cashback", "very-important")


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_what_a_readme_calls_by_its_name_is_in_the_file(name: str) -> None:
    """A category, an activity, a tier or a field that the README names in `code` exists."""
    words = re.findall(r"`([a-z][a-z-]*)`", template_readme(name))
    known = re.findall(r"[a-z][a-z-]*", load_template(name)) + list(template_names())
    assert set(words) <= set(known)


def test_the_owners_guide_tells_of_each_in_its_own_words() -> None:
    guide = (ROOT / "docs/guides/owner/ready-made.md").read_text("utf-8")
    for name in PROMISED:
        assert f"| `{name}` | {template_sentence(name)} |" in guide
    assert "`bench`" not in guide


def test_every_template_but_the_measuring_ones_has_a_story() -> None:
    told = {read_story(name).template for name in stories_of_templates()}
    assert set(template_names()) - told == MEASURING


def gaps(program: Program) -> list[tuple[str, str]]:
    """Every text of a program that members of a language read in another one."""
    own = places(program)
    return [
        (language, place)
        for language in TOLD_IN
        for place, text in own.items()
        if text
        and (
            not program.translations.get(language, {}).get(place)
            or (program.translations[language][place] == text and text not in NAMES_ALIKE)
        )
    ]


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_a_template_is_told_whole_in_four_languages(name: str) -> None:
    program = read_program(load_template(name))
    assert languages_of(program) == [program.locale, *TOLD_IN]
    assert program.locale.partition("-")[0] == OWN
    assert gaps(program) == []
    wrong = [
        (language, text)
        for language, texts in program.translations.items()
        for text in texts.values()
        if re.search(OUT_OF_PLACE[language], text)
    ]
    assert wrong == []


def test_a_text_that_is_missing_or_stayed_as_it_was_is_found() -> None:
    program = read_program(load_template("clubs"))
    told = {language: dict(texts) for language, texts in program.translations.items()}
    del told["tr"]["challenges.three-lessons.badge"]
    told["ar"]["rewards.tote.name"] = "The club's tote bag"
    told["de"]["rules.talk-counts.says"] = ""
    assert gaps(replace(program, translations=told)) == [
        ("de", "rules.talk-counts.says"),
        ("tr", "challenges.three-lessons.badge"),
        ("ar", "rewards.tote.name"),
    ]
    assert len(gaps(replace(program, translations={}))) == 3 * len(
        [text for text in places(program).values() if text]
    )


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_the_same_numbers_are_told_in_every_language(name: str) -> None:
    program = read_program(load_template(name))
    own = places(program)
    for language, texts in program.translations.items():
        told = {place: numbers(text) for place, text in texts.items()}
        assert {p: n for p, n in told.items() if n != numbers(own[p])} == {}, language


def numbers(text: str) -> list[str]:
    """The amounts of a sentence, in order of size; a single one may be a word (`a star`)."""
    found = re.findall(r"\d+(?:[.,]\d+)?", text)
    return sorted(one.replace(",", ".") for one in found if one != "1")


def money_off(program: Program) -> list[str]:
    """Whatever in a program is money off: rewards with a worth, and balances that could pay."""
    wallets = [name for name, one in program.wallets.items() if one.kind != "status"]
    return [reward.id for reward in program.rewards] + wallets


def test_a_program_without_discounts_has_none() -> None:
    program = read_program(load_template("very-important"))
    assert money_off(program) == []
    words = [*places(program).values()]
    words += [text for texts in program.translations.values() for text in texts.values()]
    money = r"discount|%|percent|\boff\b|sale|Rabatt|Prozent|indirim|yüzde|خصم|بالمئة"
    assert [text for text in words if re.search(money, text)] == []


def test_a_discount_that_slipped_in_is_found() -> None:
    program = read_program(load_template("very-important"))
    coat = Reward(id="coat", name="A coat for less", price={"standing": 100}, worth="500.00")
    assert money_off(replace(program, rewards=(coat,))) == ["coat"]
    points = replace(program.wallets["standing"], kind="points")
    assert money_off(replace(program, wallets={"points": points})) == ["points"]
    assert money_off(read_program(load_template("auto-enrol"))) != []


def test_an_unknown_template_is_a_fault_that_suggests_one() -> None:
    with pytest.raises(NotFound, match="did you mean coffee-shop"):
        load_template("cofee-shop")
    with pytest.raises(NotFound):
        load_template("../types")


def test_the_tenth_coffee_is_free() -> None:
    rewards = {r.id: r for r in read_program(load_template("coffee-shop")).rewards}
    assert rewards["free-coffee"].price == {"points": 100}
    assert rewards["tenth-coffee-free"].price == {"stamps": 9}


def test_the_bench_program_has_eight_rules_one_wallet_and_one_monthly_cap() -> None:
    program = read_program(load_template("bench"))
    assert len(program.rules) == 8
    assert list(program.wallets) == ["points"]
    (limit,) = [limit for rule in program.rules for limit in rule.limits]
    assert (limit.per, limit.points) == ("month", 200)
