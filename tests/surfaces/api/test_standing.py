"""Where a member stands, and what was booked for them."""

from datetime import timedelta
from typing import Any

from tests.makers import NOON
from tests.surfaces.counter import Counter, buys, coffee, problem

from regulars.records.program.reading import read_program
from regulars.records.program.translations import in_language
from regulars.surfaces.api.wire.benefits import MayShown
from regulars.surfaces.api.wire.rewarding.choices import ChoiceShown, ChoicesShown, OptionShown
from regulars.surfaces.api.wire.standing.named import choices_named, may_named, standing_named
from regulars.surfaces.api.wire.standing.shown import LadderShown, OnLadderShown, StandingShown

NAMED = """regulars: 1
program: named
name: Named
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
ladders: {club: {name: Club, measure: visits, steps: [{id: gold, name: Gold, at: 3, perks: [Tea]}]}}
benefits: [{id: tea, name: Tea}]
translations:
  de:
    benefits.tea.name: Tee
    ladders.club.name: Verein
    tiers.gold.name: Goldig
    tiers.gold.perks.1: Tee
"""


def standing(counter: Counter, member: str) -> dict[str, Any]:
    found: dict[str, Any] = counter.get(f"/v1/members/{member}/standing").json()
    return found


def test_the_standing_says_balances_and_what_can_be_had(counter: Counter) -> None:
    member = counter.joined("S-1")
    counter.post("/v1/activities", coffee("S-1", 10, minor=900))
    said = standing(counter, member)
    assert said["wallets"]["points"] == {
        "available": 90,
        "pending": 0,
        "held": 0,
        "debt": 0,
        "earned": 90,
        "lapses_next": {"at": "2027-03-31T22:00:00Z", "units": 90, "because": "expiry"},
        "activates_next": None,
        "cancels_next": None,
    }
    assert said["wallets"]["stamps"]["available"] == 10
    can = {one["reward"]: one for one in said["rewards"]}
    assert can["tenth-coffee-free"]["available"] is True
    assert can["free-coffee"]["why_not"]["code"] == "not_enough_points"
    assert can["free-coffee"]["why_not"]["facts"]["available"] == 90


def test_held_points_are_not_available(counter: Counter) -> None:
    member = counter.joined("S-held")
    counter.post("/v1/activities", buys("S-held", 15_000))
    counter.post("/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"})
    points = standing(counter, member)["wallets"]["points"]
    assert (points["available"], points["held"], points["earned"]) == (50, 100, 150)


def test_points_past_their_expiry_do_not_count_although_no_night_came(counter: Counter) -> None:
    member = counter.joined("S-late")
    counter.post("/v1/activities", buys("S-late", 12_000))
    before, lapses = counter.shop.now, "2027-04-01 00:00"
    try:
        counter.shop.now = counter.shop.local(lapses) - timedelta(seconds=1)
        assert standing(counter, member)["wallets"]["points"]["available"] == 120
        counter.shop.now = counter.shop.local(lapses)
        said = standing(counter, member)
        refused = counter.post(
            "/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"}
        )
    finally:
        counter.shop.now = before
    assert said["wallets"]["points"]["available"] == 0
    assert said["wallets"]["points"]["lapses_next"] is None
    assert problem(refused)[:2] == (409, "not_enough_points")


def test_looking_changes_nothing(counter: Counter) -> None:
    member = counter.joined("S-look")
    counter.post("/v1/activities", coffee("S-look"))
    before = counter.shop.counts()
    for part in ("", "/standing", "/entries", "/lots"):
        assert counter.get(f"/v1/members/{member}{part}").status_code == 200
    assert counter.shop.counts() == before


def test_entries_show_both_sides_and_their_cause(counter: Counter) -> None:
    member = counter.joined("S-books")
    earned = counter.post("/v1/activities", buys("S-books", 12_000)).json()
    hold = counter.post("/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"})
    counter.post(f"/v1/redemptions/{hold.json()['id']}/capture")
    entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
    assert [one["kind"] for one in entries] == ["capture", "hold", "earn"]
    assert entries[2]["cause"] == earned["id"]
    assert entries[0]["cause"] == hold.json()["id"]
    for entry in entries:
        assert sum(side["amount"] for side in entry["postings"]) == 0
    assert entries[1]["postings"] == [
        {"wallet": "points", "account": "available", "amount": -100},
        {"wallet": "points", "account": "held", "amount": 100},
    ]


def test_a_correction_is_booked_with_its_reason_and_name(counter: Counter) -> None:
    member = counter.joined("S-fix")
    fix = {"member": {"id": member}, "wallet": "points", "units": 20, "reason": "cold coffee"}
    done = counter.post("/v1/adjustments", {**fix, "actor": "Clara"}).json()
    assert done["balances"]["points"] == 20
    (entry,) = counter.get(f"/v1/members/{member}/entries").json()["items"]
    assert (entry["id"], entry["kind"]) == (done["id"], "adjust")
    assert (entry["reason"], entry["actor"]) == ("cold coffee", "Clara")
    refused = counter.post("/v1/adjustments", {**fix, "units": -21})
    assert problem(refused)[:2] == (409, "not_enough_points")


def test_a_redemption_is_kept_as_it_was_promised(counter: Counter) -> None:
    member = counter.joined("S-red")
    counter.post("/v1/activities", buys("S-red", 20_000))
    wish = {"member": {"id": member}, "reward": "free-coffee", "store": "main"}
    held = counter.post("/v1/redemptions", wish)
    assert (held.status_code, held.json()["state"]) == (201, "held")
    assert held.json()["lapses_at"] == "2026-03-02T12:15:00Z"
    where = held.headers["location"]
    assert counter.post(f"{where}/void").json()["state"] == "voided"
    refused = counter.post(f"{where}/capture")
    assert problem(refused)[:2] == (409, "already_voided")
    taken = counter.post("/v1/redemptions", {**wish, "capture": True})
    assert taken.json()["state"] == "captured"
    assert taken.json()["balances"] == {"points": 100}
    kept = counter.get(taken.headers["location"]).json()
    assert (kept["name"], kept["worth"]) == (
        "A free coffee",
        {"minor": 350, "currency": "EUR"},
    )
    part = counter.post("/v1/redemptions", wish).headers["location"]
    assert counter.post(f"{part}/capture", {"part": {"points": 60}}).json()["balances"] == {
        "points": 40
    }
    unknown = counter.post("/v1/redemptions", {**wish, "reward": "a-car"})
    assert problem(unknown)[:2] == (404, "unknown_reward")


def test_names_are_told_in_the_language_asked_for(counter: Counter) -> None:
    member = counter.joined("S-de")

    def named(language: str) -> dict[str, str]:
        asked = f"?language={language}" if language else ""
        said = counter.get(f"/v1/members/{member}/standing{asked}").json()
        return {one["reward"]: one["name"] for one in said["rewards"]}

    assert named("")["free-coffee"] == named("en")["free-coffee"] == "A free coffee"
    assert named("de-AT")["free-coffee"] == named("de")["free-coffee"] != "A free coffee"
    assert named("xx") == named("")


def test_steps_benefits_and_choices_are_named_in_another_language() -> None:
    program = in_language(read_program(NAMED), "de")
    step = OnLadderShown("gold", "Gold", ("Tea",), None)
    club = {"club": LadderShown("Club", step, None, None)}
    told = StandingShown("mem_1", NOON, {}, None, None, [], None, club, None, [], [])
    found = standing_named(told, program).ladders["club"]
    assert found.tier is not None
    assert (found.name, found.tier.name, found.tier.perks) == ("Verein", "Goldig", ("Tee",))
    tea = MayShown("tea", "Tea", may=True, left=None, opens_at=None, at=NOON)
    assert may_named(tea, program).name == "Tee"
    options = [OptionShown("benefit", "tea", "Tea"), OptionShown("reward", "gone", "Gone")]
    choices = ChoicesShown([ChoiceShown("one", "year", options, None, None, None)])
    (choice,) = choices_named(choices, program).items
    assert [one.name for one in choice.options] == ["Tee", "Gone"]
