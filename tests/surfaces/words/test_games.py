"""Challenges over HTTP: taking part, how far one is, and the standing that shows it."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from tests.flows.members.playing.test_advocacy import WORDS
from tests.flows.members.playing.test_games import PLAY
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem

from regulars.records.program.parts.gaming import DrawPrize
from regulars.records.program.reading import read_program
from regulars.surfaces.in_words.games import (
    board_in_words,
    draw_in_words,
    game_in_words,
    milestone_in_words,
)
from regulars.surfaces.languages.voices import voice_for

PAIR = """
  - {id: pair, name: Pair, target: "50.00", measure: spend, every: month, joins: opt_in,
     together: {most: 2, each: "10.00"}, prize: {badge: Pair}}
streaks:
"""
SECOND = """milestones:
  - {id: second, name: Every second, wallet: points, per: year,
     steps: [{at: 2, points: 9, again: true}]}
leaderboards:
  - {id: busy, name: Busy, measure: items, counts: {categories: [coffee]}, stores: [mitte]}
  - {id: often, name: Often}
draws:
  - {id: pens, name: Pens, from_on: 2026-01-01, until_on: 2027-01-01, prize: A pen, words: w}
  - {id: over, name: Over, from_on: 2025-01-01, until_on: 2025-02-01, prize: A pen, words: w}
translations:
  de: {leaderboards.often.name: Am häufigsten, draws.pens.name: Stifte, draws.pens.prize: Ein Stift,
       milestones.second.name: Jeder zweite, challenges.sprint.name: Der Sprint,
       streaks.weekly.name: Jede Woche, wallets.points.name: Punkte}
"""


WITH_PAIR = PLAY.replace("\nstreaks:\n", PAIR, 1)


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, WITH_PAIR + SECOND))  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_a_member_takes_part_and_sees_how_far_they_are(shop: Counter) -> None:
    ada = shop.joined("G-1")
    wish = {"member": {"card": "G-1"}, "challenge": "sprint"}
    done = shop.post("/v1/challenge-parts", wish, idempotency_key="one")
    assert (done.status_code, done.json()["member_id"]) == (201, ada)
    again = shop.post("/v1/challenge-parts", wish, idempotency_key="one")
    assert (again.json(), again.headers["idempotent-replayed"]) == (done.json(), "true")
    there = shop.get(f"/v1/members/{ada}/challenges").json()
    by_id = {one["id"]: one for one in there["challenges"]}
    assert (by_id["sprint"]["takes_part"], by_id["sprint"]["target"]) == (True, 3_000)
    assert by_id["ten-coffees"]["says"] == (
        "10 × coffee within a month: 50 points, the badge “Coffee lover”"
    )
    assert (by_id["ten-coffees"]["reached"], by_id["ten-coffees"]["times"]) == (0, 0)
    assert there["streaks"][0]["next_length"] == 2
    assert (there["badges"], there["prizes"]) == ([], [])
    games = shop.get(f"/v1/members/{ada}/standing").json()["games"]
    assert games | {"as_of": 0} == there | {"as_of": 0}


def test_a_team_is_formed_joined_seen_and_left(shop: Counter) -> None:
    ada, ben = shop.joined("T-1"), shop.joined("T-2")
    wish = {"member": {"card": "T-1"}, "challenge": "pair", "name": "Early birds"}
    formed = shop.post("/v1/teams", wish, idempotency_key="team")
    assert (formed.status_code, formed.json()["members"]) == (201, 1)
    again = shop.post("/v1/teams", wish, idempotency_key="team")
    assert (again.json(), again.headers["idempotent-replayed"]) == (formed.json(), "true")
    code = formed.json()["code"]
    joined = shop.post("/v1/team-members", {"member": {"id": ben}, "code": code.lower()})
    assert (joined.status_code, joined.json()["members"]) == (201, 2)
    there = shop.get(f"/v1/members/{ada}/challenges").json()
    (pair,) = [one for one in there["challenges"] if one["id"] == "pair"]
    assert pair["says"] == (
        "€50.00 spent within a month: the badge “Pair”, for all of a team of at most 2; "
        "own part at least: €10.00 spent"
    )
    assert (pair["team"]["id"], pair["team"]["code"]) == (formed.json()["id"], code)
    assert pair["team"]["name"] == "Early birds"
    assert [one["is_self"] for one in pair["team"]["members"]] == [True, False]
    shop.joined("T-3")
    full = shop.post("/v1/team-members", {"member": {"card": "T-3"}, "code": code})
    assert problem(full)[:2] == (409, "team_full")
    typo = shop.post("/v1/team-members", {"member": {"card": "T-3"}, "code": code[:-1] + "!"})
    assert problem(typo)[0] == 422
    gone = {"member": {"id": ben}, "challenge": "pair"}
    left = shop.post("/v1/team-departures", gone)
    assert (left.status_code, left.json()["left"], left.json()["members"]) == (200, True, 1)
    nowhere = shop.post("/v1/team-departures", gone)
    assert problem(nowhere) == (404, "not_found", "/challenge")


def test_reviews_wait_to_be_looked_at(database: object) -> None:
    opened = Counter(Shop.open(database, WORDS))  # type: ignore[arg-type]
    opened.joined("R-1")
    wish = {"kind": "review", "member": {"card": "R-1"}, "source": "web", "external_id": "v1",
            "details": {"product": "mug"}}  # fmt: skip
    told = opened.post("/v1/activities", wish)
    assert told.status_code == 201
    shown = opened.get("/v1/advocacy").json()
    assert [one["says"] for one in shown["actions"]] == [
        "A review: once for each product, with the id under which it can be seen, its points can "
        "be spent once we have looked at it",
        "A survey: once for each survey",
    ]
    (one,) = shown["waiting"]
    assert (one["about"], one["points"]) == ("mug", {"points": 20, "stars": 1})
    address = f"/v1/activities/{one['activity_id']}/cancel"
    assert problem(opened.post(address, {})) == (422, "invalid", "/reason")
    assert opened.post(address, {"reason": "not our mug"}).status_code == 200
    assert opened.get("/v1/advocacy").json()["waiting"] == []
    names = ["w1", "w2", "w3"]
    for name in names:
        more = {**wish, "external_id": name, "details": {"product": name}}
        assert opened.post("/v1/activities", more).status_code == 201
    seen, cursor = [], ""
    while len(seen) < len(names):
        page = opened.get(f"/v1/advocacy?limit=2{cursor}").json()
        seen += [one["external_id"] for one in page["waiting"]]
        assert page["has_more"] == (page["next_cursor"] is not None) == (len(seen) == 2)
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == names
    assert problem(opened.get("/v1/advocacy?cursor=here"))[:2] == (400, "bad_cursor")
    again = opened.post("/v1/activities", {**wish, "external_id": ""})
    assert problem(again)[:2] == (409, "proof_needed")
    opened.close()


def test_refusals_and_faults_are_named(shop: Counter) -> None:
    shop.joined("G-2")

    def post(member: str, challenge: str) -> tuple[int, str]:
        told = {"member": {"card": member}, "challenge": challenge}
        return problem(shop.post("/v1/challenge-parts", told))[:2]

    assert post("G-2", "ten-coffees") == (409, "no_part_needed")
    assert post("G-2", "nothing") == (409, "unknown_challenge")
    assert post("none", "sprint") == (404, "unknown_member")
    nobody = shop.get("/v1/members/mem_" + "1" * 32 + "/challenges")
    assert problem(nobody)[:2] == (404, "unknown_member")


def test_milestones_are_in_the_answer_and_shown_with_what_comes_next(shop: Counter) -> None:
    ada = shop.joined("G-3")
    for number in range(2):
        answer = shop.post("/v1/activities", buys("G-3", 500)).json()
        assert answer["milestones"] == ({"second": 9} if number else {})
    (one,) = shop.get(f"/v1/members/{ada}/milestones").json()["milestones"]
    assert (one["reached"], one["given"], one["next_at"], one["next_points"]) == (2, 9, 4, 9)
    assert one["says"] == "every 2 × purchase within a year: 9 points"
    (entry,) = shop.get(f"/v1/members/{ada}/entries").json()["items"]
    assert (entry["kind"], entry["cause"][:4]) == ("milestone", "mst_")
    nobody = shop.get("/v1/members/mem_" + "1" * 32 + "/milestones")
    assert problem(nobody)[:2] == (404, "unknown_member")


def test_boards_show_initials_and_where_a_member_stands(shop: Counter) -> None:
    ada = shop.joined("G-4")
    for _ in range(3):
        shop.post("/v1/activities", buys("G-4", 500, store="mitte"))
    found = shop.get("/v1/leaderboards/often").json()
    assert found["places"][0] == {"rank": 1, "name": "A.", "score": 3}
    assert (found["says"], found["ties"]) == ("the most often: purchase, each week", "shared")
    (mine,) = shop.get(f"/v1/members/{ada}/leaderboards").json()["boards"]
    assert mine == found | {"places": found["places"][:1]}
    empty = shop.get("/v1/leaderboards/busy?store=mitte&on=2026-03-01").json()
    assert (empty["begins_on"], empty["places"]) == ("2026-02-23", [])
    for query, fault in (
        ("busy", (404, "not_found")),
        ("often?store=mitte", (404, "not_found")),
        ("nothing", (404, "not_found")),
        ("often?on=2026-02-30", (422, "invalid")),
        ("often?on=today", (400, "bad_parameter")),
    ):
        assert problem(shop.get(f"/v1/leaderboards/{query}"))[:2] == fault, query


def test_a_draw_is_announced_and_its_secret_kept_until_it_is_drawn(shop: Counter) -> None:
    said = {"public": "4 8 15"}
    assert problem(shop.post("/v1/draws/pens/hold", said))[:2] == (409, "draw_not_announced")
    assert problem(shop.get("/v1/draws/pens"))[:2] == (404, "not_found")
    first = shop.post("/v1/draws/pens/announce", {})
    assert (first.status_code, len(first.json()["commitment"])) == (200, 64)
    assert (first.json()["secret"], first.json()["winners"]) == (None, [])
    assert shop.post("/v1/draws/pens/announce", {}).json() == first.json()
    assert shop.get("/v1/draws/pens").json() == first.json()
    assert problem(shop.post("/v1/draws/pens/hold", said))[:2] == (409, "draw_not_over")
    assert problem(shop.post("/v1/draws/pens/hold", {"public": ""}))[:2] == (422, "invalid")
    assert problem(shop.post("/v1/draws/over/announce", {}))[:2] == (409, "draw_over")
    assert problem(shop.post("/v1/draws/none/announce", {}))[:2] == (404, "not_found")


def test_a_member_sees_their_tickets(shop: Counter) -> None:
    ada = shop.joined("G-5")
    shop.post("/v1/activities", buys("G-5", 500))
    (pens, over) = shop.get(f"/v1/members/{ada}/draws").json()["draws"]
    assert (pens["draw"], pens["score"], pens["tickets"], pens["won"]) == ("pens", 1, 1, None)
    assert (over["tickets"], len(over["alias"])) == (0, 16)
    assert problem(shop.get(f"/v1/members/mem_{7:032x}/draws"))[:2] == (404, "unknown_member")


def test_games_are_read_in_the_language_that_is_asked_for(shop: Counter) -> None:
    ada = shop.joined("G-6")
    shop.post("/v1/activities", buys("G-6", 500))
    here = f"/v1/members/{ada}"

    def read(what: str, part: str, language: str = "?language=de-AT") -> list[str]:
        return [one["name"] for one in shop.get(f"{here}/{what}{language}").json()[part]]

    assert "Am häufigsten" in read("leaderboards", "boards")
    assert read("draws", "draws") == ["Stifte", "Over"]
    assert read("draws", "draws", "") == ["Pens", "Over"]
    assert "Der Sprint" in read("challenges", "challenges")
    assert "Jeder zweite" in read("milestones", "milestones")
    draws = shop.get(f"{here}/draws?language=de").json()["draws"]
    assert (draws[0]["prize"], draws[0]["says"][:13]) == ("Ein Stift", "je 1 × Einkau")
    board = shop.get("/v1/leaderboards/often?language=de").json()
    assert board["name"] == "Am häufigsten"
    assert problem(shop.get("/v1/leaderboards/often?language=!"))[:2] == (400, "bad_parameter")


def test_promises_are_said_in_three_languages() -> None:
    program = read_program(PLAY)
    ten, three, sprint = program.challenges
    said = [game_in_words(program, ten, voice_for(one)) for one in ("de", "tr")]
    assert said == [
        "10 × coffee in einem Monat: 50 points, das Abzeichen „Coffee lover“",
        "bir ay içinde 10 × coffee: 50 points, “Coffee lover” rozeti",
    ]
    assert game_in_words(program, three, voice_for("en")) == (
        "purchase in 3 different stores: 2 × The lounge, the badge “Explorer”"
    )
    assert game_in_words(program, sprint, voice_for("de")) == (
        "30,00\xa0€ ausgeben innerhalb von 7 Tagen: 7 points"
    )
    assert game_in_words(program, program.streaks[0], voice_for("tr")) == (
        "art arda 2 hafta: 5 points; art arda 3 hafta: “Regular” rozeti"
    )


def test_what_a_team_is_promised_is_said_in_three_languages() -> None:
    program = read_program(WITH_PAIR)
    pair = next(one for one in program.challenges if one.id == "pair")
    assert [game_in_words(program, pair, voice_for(one)) for one in ("de", "tr")] == [
        "50,00\xa0€ ausgeben in einem Monat: das Abzeichen „Pair“, für alle eines Teams von "
        "höchstens 2; eigener Anteil mindestens: 10,00\xa0€ ausgeben",
        "bir ay içinde €50,00 harcama: “Pair” rozeti, en çok 2 kişilik takımdaki herkese; "
        "kendi payı en az: €10,00 harcama",
    ]


def test_milestones_are_said_in_three_languages() -> None:
    one = """  - {id: spent, name: Spent, wallet: points, measure: spend,
     steps: [{at: "500.00", points: 100}, {at: "900.00", points: 1, again: true}]}
"""
    program = read_program(PLAY + SECOND.replace("leaderboards:", f"{one}leaderboards:"))
    second, spent = program.milestones
    assert [milestone_in_words(program, second, voice_for(one)) for one in ("de", "tr")] == [
        "je 2 × Einkauf in einem Jahr: 9 points",
        "bir yıl içinde her 2 × alışveriş: 9 points",
    ]
    assert milestone_in_words(program, spent, voice_for("de")) == (
        "500,00\xa0€ ausgeben: 100 points; je 900,00\xa0€ Umsatz: 1 points"
    )
    busy, _ = program.leaderboards
    said = [board_in_words(program, busy, voice_for(one)) for one in ("en", "de", "tr")]
    assert said == ["the most: coffee, each week", "am meisten: coffee, jede Woche",
                    "en çok: coffee, her hafta"]  # fmt: skip
    pens = program.draws[0]
    assert [draw_in_words(program, pens, voice_for(one)) for one in ("en", "de", "tr")] == [
        "every 1 × purchase from January 1, 2026 before January 1, 2027: A pen",
        "je 1 × Einkauf ab 1. Januar 2026 und vor dem 1. Januar 2027: A pen",
        "1 Ocak 2026 ile 1 Ocak 2027 öncesi arası her 1 × alışveriş: A pen",
    ]
    second = replace(program.milestones[0], budget=900, steps=program.milestones[0].steps[:1])
    said = [milestone_in_words(program, second, voice_for(one)) for one in ("en", "de", "tr")]
    assert [one.partition(" (")[2] for one in said] == [
        "while there are some: 900 points for everybody within a year)",
        "solange es gibt: 900 points für alle in einem Jahr)",
        "bitene kadar: bir yıl içinde herkes için 900 points)",
    ]
    prizes = (DrawPrize(reward="tent"), DrawPrize(wallet="points", points=500))
    pens = replace(pens, gives=prizes, winners=3)
    said = [draw_in_words(program, pens, voice_for(one)) for one in ("en", "de", "tr")]
    assert [one.partition(": ")[2] for one in said] == [
        "A pen (prize 1: tent) (from prize 2 on: 500 points)",
        "A pen (Preis 1: tent) (ab Preis 2: 500 points)",
        "A pen (1. ödül: tent) (2. ödülden itibaren: 500 points)",
    ]
