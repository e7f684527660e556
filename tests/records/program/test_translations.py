"""What members read, in the languages a program has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import inspect as look
from msgspec.structs import replace

from regulars.engine.checking.admission import admit
from regulars.records.program.parts.rewards import Donation, Seat
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.translations import in_language, languages_of, places
from regulars.records.program.types import Program

PROGRAM = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points}
tiers: {steps: [{id: gold, name: Gold, at: "10.00", perks: [Cake, Tea]}]}
ladders:
  club: {name: Club, measure: visits, steps: [{id: friend, name: Friend, at: 3, perks: [Tea]}]}
rules:
  - id: per-euro
    says: A point per euro
    on: purchase
    wallet: points
    award: {give: per_amount, points: 1, per: "1.00"}
rewards: [{id: cake, name: A cake, price: {points: 10}}]
benefits: [{id: tea, name: Tea, says: As much as you like, tier: gold}]
translations:
  de:
    name: Ecke
    wallets.points.name: Punkte
    rules.per-euro.says: Ein Punkt je Euro
    tiers.gold.perks.2: Tee
    ladders.club.name: Verein
    tiers.friend.name: Freundin
    rewards.cake.name: Ein Kuchen
    benefits.tea.says: So viel du magst
  de-AT: {rewards.cake.name: Eine Mehlspeise}
"""


def test_every_text_members_read_has_a_place() -> None:
    assert places(read_program(PROGRAM)) == {
        "name": "Corner",
        "wallets.points.name": "Points",
        "wallets.points.one": "",
        **{f"wallets.points.forms.{one}": "" for one in ("zero", "two", "few", "many", "other")},
        "rules.per-euro.says": "A point per euro",
        "tiers.gold.name": "Gold",
        "tiers.gold.perks.1": "Cake",
        "tiers.gold.perks.2": "Tea",
        "ladders.club.name": "Club",
        "tiers.friend.name": "Friend",
        "tiers.friend.perks.1": "Tea",
        "rewards.cake.name": "A cake",
        "benefits.tea.name": "Tea",
        "benefits.tea.says": "As much as you like",
    }


def test_a_program_is_read_in_another_language_and_what_is_missing_stays() -> None:
    german = in_language(read_program(PROGRAM), "de")
    assert german.name == "Ecke"
    assert german.rules[0].says == "Ein Punkt je Euro"
    assert german.tiers is not None
    assert german.tiers.steps[0].perks == ("Cake", "Tee")
    assert german.benefits[0].name == "Tea"
    club = german.ladders["club"]
    assert (club.name, club.steps[0].name, club.steps[0].perks) == ("Verein", "Freundin", ("Tea",))


@pytest.mark.parametrize(
    ("asked", "cake"),
    [
        ("de-AT", "Eine Mehlspeise"),
        ("de-CH", "Ein Kuchen"),
        ("de_DE", "Ein Kuchen"),
        ("en-GB", "A cake"),
        ("fr", "A cake"),
        ("", "A cake"),
    ],
)
def test_the_nearest_language_is_taken(asked: str, cake: str) -> None:
    assert in_language(read_program(PROGRAM), asked).rewards[0].name == cake


def test_its_own_language_comes_first() -> None:
    assert languages_of(read_program(PROGRAM)) == ["en", "de", "de-AT"]


def test_nothing_but_texts_is_changed() -> None:
    program = read_program(PROGRAM)
    there = in_language(program, "de")
    assert places(there).keys() == places(program).keys()
    assert (there.rules[0].award, there.rewards[0].price) == (
        program.rules[0].award,
        program.rewards[0].price,
    )


@pytest.mark.parametrize(
    ("was", "wrote", "says", "mend"),
    [
        ("  de-AT:", "  klingonisch:", "is no language", "write one such as"),
        ("  de-AT:", "  en:", "is the language this file is written in", "leave it out"),
        ("    name: Ecke", "    nmae: Ecke", "nothing members read stands at", "did you mean name"),
        ("    name: Ecke", '    name: " "', "without words", "write the text"),
    ],
)
def test_a_slip_in_a_translation_is_told(was: str, wrote: str, says: str, mend: str) -> None:
    with pytest.raises(ProgramFault) as refused:
        admit(PROGRAM.replace(was, wrote).encode())
    (problem,) = refused.value.problems
    assert (says in problem.says, mend in problem.mend) == (True, True), problem
    assert problem.line >= 20


def test_what_is_not_translated_is_only_a_warning() -> None:
    warned = admit(PROGRAM.encode()).warnings
    assert [one.says for one in warned if one.path.startswith("translations")] == [
        "4 texts are not translated, the first is tiers.gold.name",
        "11 texts are not translated, the first is name",
    ]


def test_where_a_seat_is_and_what_a_donation_is_for_are_told_too() -> None:
    giving = PROGRAM.replace(
        "rewards: [{id: cake, name: A cake, price: {points: 10}}]",
        """rewards:
  - id: tasting
    name: A tasting
    price: {points: 10}
    gives: {kind: seat, begins: "2030-05-01T18:00", seats: 8, where: In the cellar}
  - id: trees
    name: A tree
    price: {points: 10}
    gives: {kind: donation, cause: Trees, amount: 1}""",
    ).replace(
        "    rewards.cake.name: Ein Kuchen\n",
        "    rewards.tasting.where: Im Keller\n    rewards.trees.cause: Bäume\n",
    )
    giving = giving[: giving.index("  de-AT:")]
    tasting, trees = in_language(read_program(giving), "de").rewards
    assert isinstance(tasting.gives, Seat)
    assert isinstance(trees.gives, Donation)
    assert (tasting.name, tasting.gives.where) == ("A tasting", "Im Keller")
    assert (trees.name, trees.gives.cause) == ("A tree", "Bäume")


def test_games_have_places_and_what_is_not_translated_stays() -> None:
    text = PROGRAM.replace("  de:\n", "  de:\n    draws.march.prize: Ein Rad\n") + (
        "draws: [{id: march, name: March, from_on: 2026-03-01, until_on: 2026-04-01,"
        " prize: A bicycle, words: the lottery, says: Luck}]\n"
        "leaderboards: [{id: often, name: Often}]\n"
    )
    program = read_program(text)
    found = {at: said for at, said in places(program).items() if at.startswith(("draws", "lead"))}
    assert found == {
        "draws.march.name": "March",
        "draws.march.says": "Luck",
        "draws.march.prize": "A bicycle",
        "draws.march.words": "the lottery",
        "leaderboards.often.name": "Often",
        "leaderboards.often.says": "",
    }
    (german,) = in_language(program, "de-AT").draws
    assert german == program.draws[0], "Austrian is there by itself, and says nothing of draws"
    (german,) = in_language(program, "de").draws
    assert (german.name, german.prize, german.words) == ("March", "Ein Rad", "the lottery")


GAMES = """
regulars: 1
program: games
name: Games
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
milestones: [{id: third, name: Third, wallet: points, steps: [{at: 3, points: 5}]}]
challenges: [{id: ten, name: Ten, target: 10, every: week, prize: {badge: Champion}}]
streaks: [{id: row, name: Row, every: week, milestones: [{length: 3, prize: {badge: Loyal}}]}]
leaderboards: [{id: most, name: Most}]
draws: [{id: bike, name: Draw, from_on: 2026-06-01, until_on: 2026-09-01, prize: A bicycle,
  words: the lottery}]
translations:
  de: {milestones.third.name: Der Dritte, challenges.ten.badge: Meister, streaks.row.3.badge: Treu,
    leaderboards.most.name: Die meisten, draws.bike.prize: Ein Fahrrad}
"""


def test_games_are_told_in_another_language_too() -> None:
    german = in_language(read_program(GAMES), "de")
    assert german.milestones[0].name == "Der Dritte"
    assert (german.challenges[0].name, german.challenges[0].prize.badge) == ("Ten", "Meister")
    assert german.streaks[0].milestones[0].prize.badge == "Treu"
    assert german.leaderboards[0].name == "Die meisten"
    assert german.draws[0].prize == "Ein Fahrrad"


PLAYING = """
milestones:
  - id: tenth
    name: Every tenth
    steps: [{at: 10, badge: Regular}, {at: 50, badge: Friend of the house}]
leaderboards: [{id: top, name: Top, prizes: [{place: 1, badge: Champion}]}]
advocacy: [{on: review, name: A review, says: Tell others}]
"""
SAYING = {"name", "says", "badge", "where", "cause", "perks", "prize", "words"}
"""What fields are called whose words members read."""
READ: set[str] = {
    "Program.name", "Wallet.name", "Rule.says", "Tier.name", "Tier.perks", "FurtherStep.name",
    "FurtherStep.perks", "Ladder.name", "Reward.name", "Seat.where", "Donation.cause",
    "Benefit.name", "Benefit.says", "Plan.name", "Plan.says", "Challenge.name", "Challenge.says",
    "Streak.name", "Streak.says", "Prize.badge", "DeedMilestone.name", "DeedMilestone.says",
    "MilestoneStep.badge", "Leaderboard.name", "Leaderboard.says", "BoardPrize.badge", "Draw.name",
    "Draw.says", "Draw.prize", "Draw.words", "Advocacy.name", "Advocacy.says",
}  # fmt: skip
"""Every one of them has a place in `translations:`."""
ONCE = {"PayingOut.says", "Case.says"}
"""What stands on a bank statement goes to the bank as it is, and examples are for the author."""


def words_in(value: type, seen: set[type]) -> Iterator[str]:
    """The fields with such names that hold words, of a part and of all parts in it."""
    queue = [look.type_info(value)]
    while queue:
        part = queue.pop()
        if isinstance(part, look.StructType) and part.cls not in seen:
            seen.add(part.cls)
            for field in part.fields:
                inner = getattr(field.type, "item_type", field.type)
                kinds = [inner, *getattr(inner, "types", ())]
                if field.encode_name in SAYING and any(isinstance(k, look.StrType) for k in kinds):
                    yield f"{part.cls.__name__}.{field.encode_name}"
                queue.append(field.type)
        queue += getattr(part, "types", ())
        queue += [one for name in ("item_type", "value_type") if (one := getattr(part, name, None))]


def test_of_all_words_in_a_file_somebody_decided_whether_members_read_them() -> None:
    assert set(words_in(Program, set())) == READ | ONCE


def test_badges_and_what_is_asked_of_reviews_are_translated_too() -> None:
    program = read_program(PROGRAM.partition("translations:")[0] + PLAYING)
    assert (
        places(program).items()
        >= {
            "milestones.tenth.10.badge": "Regular",
            "milestones.tenth.50.badge": "Friend of the house",
            "leaderboards.top.1.badge": "Champion",
            "advocacy.review.name": "A review",
            "advocacy.review.says": "Tell others",
        }.items()
    )
    told = {"de": {"milestones.tenth.50.badge": "Freundin", "advocacy.review.name": "Ein Urteil"}}
    found = in_language(replace(program, translations=told), "de")
    assert [one.badge for one in found.milestones[0].steps] == ["Regular", "Freundin"]
    assert found.advocacy[0].name == "Ein Urteil"
