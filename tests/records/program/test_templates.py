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
from regulars.records.program.translations import in_language, languages_of, places
from regulars.records.program.types import Program, Reward

ROOT = Path(__file__).parents[3]
PROMISED = frozenset((
    "airline", "athletic-club", "auto-enrol", "b2b-retention", "beauty-tiers", "bronze-silver-gold",
    "cashback", "cause", "clubs", "coffee-shop", "everywhere", "office-supplies", "outdoor-pass",
    "prime", "referral-first", "square-like", "very-important",
))  # fmt: skip
MEASURING = frozenset(("bench", "retail"))
"""What speed and replay are measured with."""
TRANSLATED = ("airline", "auto-enrol", "cashback", "cause", "square-like")
LONGEST_README = 60
SENTENCES = {
    "airline": ("Statusmeilen", "Statü milleri"),
    "auto-enrol": ("Punkte", "Puanlar"),
    "cashback": ("Guthaben", "İade bakiyesi"),
    "cause": ("Punkte", "Puanlar"),
    "square-like": ("Sterne", "Yıldızlar"),
}


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


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translated_template_is_told_whole_in_german_and_turkish(name: str) -> None:
    program = read_program(load_template(name))
    assert languages_of(program) == [program.locale, "de", "tr"]
    for language in ("de", "tr"):
        own, other = places(program), places(in_language(program, language))
        same = [place for place, text in own.items() if text and other[place] == text]
        assert [place for place in same if not place.startswith("tiers.")] == []
    wallet = "status" if name == "airline" else next(iter(program.wallets))
    said = [in_language(program, one).wallets[wallet].name for one in ("de", "tr")]
    assert tuple(said) == SENTENCES[name]


def money_off(program: Program) -> list[str]:
    """Whatever in a program is money off: rewards with a worth, and balances that could pay."""
    wallets = [name for name, one in program.wallets.items() if one.kind != "status"]
    return [reward.id for reward in program.rewards] + wallets


def test_a_program_without_discounts_has_none() -> None:
    program = read_program(load_template("very-important"))
    assert money_off(program) == []
    words = places(program).values()
    assert [text for text in words if re.search(r"discount|% |percent|\boff\b|sale", text)] == []


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
