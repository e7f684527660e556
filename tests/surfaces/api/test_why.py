"""Why a balance is what it is, entry after entry, in the member's language."""

from __future__ import annotations

from typing import get_args

from tests.surfaces.counter import Counter, buys, coffee, problem

from regulars.engine.words.english import ENGLISH
from regulars.engine.words.entries import _COUNTED, _TWO_WAYS
from regulars.records.ledger.types import EntryKind
from regulars.surfaces.api.wire.books import _CAUSES


def told(counter: Counter, member: str, language: str = "") -> dict[str, list[str]]:
    """What each entry of a member says, by its kind."""
    ask = f"?language={language}" if language else ""
    found = {}
    for entry in counter.get(f"/v1/members/{member}/entries").json()["items"]:
        path = f"/v1/members/{member}/entries/{entry['id']}/why{ask}"
        found[entry["kind"]] = counter.get(path).json()["says"]
    return found


def test_every_kind_of_entry_is_shown_and_put_into_words() -> None:
    kinds = set(get_args(EntryKind))
    assert (set(_CAUSES), set(_COUNTED)) == (kinds, kinds)
    keys = {f"entry.{kind}" for kind in kinds - _TWO_WAYS}
    keys |= {f"entry.{kind}_{way}" for kind in _TWO_WAYS for way in ("more", "less")}
    assert keys <= set(ENGLISH)


def test_what_was_earned_spent_and_given_back_is_told(counter: Counter) -> None:
    member = counter.joined("C-why")
    counter.post("/v1/activities", buys("C-why", 20_000))
    wish = {"member": {"id": member}, "reward": "free-coffee", "capture": True}
    taken = counter.post("/v1/redemptions", wish).json()["id"]
    amount = {"minor": 350, "currency": "EUR"}
    paid = [{"kind": "points", "amount": amount, "redemption": taken}]
    sale = counter.post("/v1/activities", coffee("C-why", payments=paid)).json()["id"]
    counter.post("/v1/activities", {"kind": "return", "sale": {"id": sale}})
    says = told(counter, member)
    lot = "100 Points, earned on March 2, 2026, with an end on April 1, 2027."
    assert says["capture"] == ["Spent on March 2, 2026 for A free coffee: 100 Points.", lot]
    assert says["refund"] == [
        "Given back on March 2, 2026, because what they had paid for came back: 100 Points.",
        lot,
    ]
    assert says["return"][0].startswith("Taken back on March 2, 2026, because of a return:")


def test_what_was_spent_is_told_in_numbers_too(counter: Counter) -> None:
    """Support sees which lots a redemption took, as the books have them."""
    member = counter.joined("C-num")
    counter.post("/v1/activities", buys("C-num", 20_000))
    wish = {"member": {"id": member}, "reward": "free-coffee", "capture": True}
    counter.post("/v1/redemptions", wish)
    entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
    (spent,) = (one for one in entries if one["kind"] == "capture")
    found = counter.get(f"/v1/members/{member}/entries/{spent['id']}/why").json()
    assert found["entry"] == spent
    lot = counter.get(f"/v1/members/{member}/lots").json()["items"][0]
    assert found["lots"] == [
        {
            "lot_id": lot["id"],
            "wallet": "points",
            "units": -100,
            "earned_at": lot["earned_at"],
            "expires_at": lot["expires_at"],
        }
    ]


def test_a_member_is_answered_in_their_language(counter: Counter) -> None:
    sent = {"identifiers": [{"kind": "card", "value": "C-de"}], "locale": "de-AT"}
    member = counter.post("/v1/members", sent).json()["id"]
    sale = counter.post("/v1/activities", coffee("C-de", 2, minor=390)).json()["id"]
    assert told(counter, member)["earn"][0] == (
        "Erhalten am 2. März 2026: 7 Punkte und 2 Kaffeestempel."
    )
    assert told(counter, member, "tr")["earn"][0] == (
        "2 Mart 2026 tarihinde kazanıldı: 7 Puan ve 2 Kahve damgası."
    )
    trail = f"/v1/activities/{sale}/trail"
    assert counter.get(trail).json()["says"][-1] == "Zusammen: 2 Kaffeestempel."
    assert counter.get(trail + "?language=en").json()["says"][-1] == "In all: 2 Coffee stamps."


def test_a_correction_tells_its_reason(counter: Counter) -> None:
    member = counter.joined("C-adj")
    body = {
        "member": {"id": member},
        "wallet": "points",
        "units": 1,
        "reason": "sorry",
        "actor": "Ada",
    }
    counter.post("/v1/adjustments", body)
    counter.post("/v1/adjustments", {**body, "units": -1, "reason": "not sorry"})
    entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
    says = [
        counter.get(f"/v1/members/{member}/entries/{one['id']}/why").json()["says"]
        for one in entries
    ]
    assert says[0][0] == "Taken away by hand on March 2, 2026: 1 Point."
    assert says[0][-1] == "Reason: not sorry"
    assert says[1][0] == "Added by hand on March 2, 2026: 1 Point."


def test_what_is_not_there_is_told(counter: Counter) -> None:
    entries = f"/v1/members/{counter.joined('C-404')}/entries"
    asked = [f"ent_{0:032x}/why", "nonsense/why", f"ent_{(1 << 128) - 1:032x}/why?language=d!"]
    assert [problem(counter.get(f"{entries}/{one}")) for one in asked] == [
        (404, "not_found", ""),
        (404, "not_found", ""),
        (400, "bad_parameter", "language"),
    ]


def test_an_entry_of_somebody_else_is_not_theirs(counter: Counter) -> None:
    mine, other = counter.joined("C-m"), counter.joined("C-o")
    counter.post("/v1/activities", coffee("C-o"))
    entry = counter.get(f"/v1/members/{other}/entries").json()["items"][0]["id"]
    assert counter.get(f"/v1/members/{other}/entries/{entry}/why").status_code == 200
    assert counter.get(f"/v1/members/{mine}/entries/{entry}/why").status_code == 404
