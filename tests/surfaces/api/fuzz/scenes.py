"""What must be there before an operation can say yes: for each case somebody who may, and something
that can still be confirmed, undone, accepted or ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.makers import Shop
from tests.surfaces.api.fuzz.trading import TRADE
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter, coffee

from regulars.flows.telling.hooks.plan_sendings import plan_sendings

EVERYTHING: Final = (Path(__file__).parent / "everything.yaml").read_text()
LATER: Final = datetime(2027, 1, 1, tzinfo=UTC)
EUR: Final = {"minor": 1_000, "currency": "EUR"}
WHY: Final = {"reason": "As agreed at the counter"}
Said = dict[str, Any]
"""What a case says besides the example: `path`, `query`, and `body` over the example's."""
Scene = Callable[["House"], Iterator[Said]]


class House:
    """A shop with something of everything, and those who are met in it."""

    def __init__(self, database: Any, **instead: Any) -> None:
        self.counter = Counter(Shop.open(database, EVERYTHING), **instead)
        self._numbers = count(1)
        self.known: dict[str, str] = {}
        # Somebody who came long ago: their stamps have lapsed, a notice lies in their inbox.
        self.veteran = self.member()
        self.buys(self.veteran)
        self.lapsed = self.lot(self.veteran, "stamps")
        self.counter.shop.at("2026-06-02 12:00")
        self.counter.shop.night()

    def fresh(self) -> int:
        """A number nobody had yet."""
        return next(self._numbers)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What a good request answers."""
        answer = self.counter.ask(method, path, body or None)
        assert answer.is_success, (method, path, body, answer.text)
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, **body)

    def listed(self, path: str) -> list[Any]:
        found: list[Any] = self.ask("GET", path)["items"]
        return found

    def member(self) -> str:
        """Somebody new."""
        return self.counter.joined(f"C-{self.fresh()}")

    def buys(self, member: str) -> str:
        """A sale that makes anybody gold, and whose miles wait to be confirmed."""
        sale = coffee("", 200, 90_000) | {"member": {"id": member}}
        return str(self.post("/v1/activities", **sale)["id"])

    def meet(self) -> None:
        """Somebody and something of their own for one operation: the one before may have erased,
        merged or spent whom and what it met."""
        member, other, head = self.member(), self.member(), self.member()
        sale = self.buys(member)
        wish = {"member": {"id": member}, "reward": "free-coffee"}
        spare = self.post("/v1/api-keys", name="spare", scopes=["books:read"])
        self.known = {
            "member_id": member,
            "other_id": other,
            "activity_id": sale,
            "redemption_id": self.post("/v1/redemptions", **wish)["id"],
            "key_id": spare["id"],
            "household_id": self.post("/v1/households", head={"id": head})["id"],
            "lot_id": self.lot(member, "points"),
            "version": "1",
            "tier": "black",
            "benefit": "companion",
        }

    def listens(self) -> None:
        """Another system that hears of events."""
        wish = {"url": "https://warehouse.example/in", "types": ["points.earned"]}
        self.known["webhook_id"] = self.post("/v1/webhooks", **wish)["id"]

    def is_told(self) -> None:
        """Another system that sends events, one of which does not fit."""
        sender = Sender(self.counter)
        (arrival,) = sender.send("msg-1", paid("1", "ten")).json()["ids"]
        sender.book()
        self.known |= {"inlet_id": sender.made["id"], "arrival_id": arrival}

    def lot(self, member: str, wallet: str) -> str:
        """A lot of this wallet."""
        lots = self.listed(f"/v1/members/{member}/lots")
        return str(next(lot["id"] for lot in lots if lot["wallet"] == wallet))

    @property
    def me(self) -> dict[str, str]:
        """Whom the cases of this operation are about."""
        return {"id": self.known["member_id"]}


# --- members ----------------------------------------------------------------------------------


def joining(house: House) -> Iterator[Said]:
    while True:
        card = {"kind": "card", "value": f"J-{house.fresh()}"}
        yield {"body": {"identifiers": [card]}}


def linking(house: House) -> Iterator[Said]:
    while True:
        yield {
            "body": {"link": [{"kind": "card", "value": f"L-{house.fresh()}"}], "unlink": []},
        }


def unlinking(house: House) -> Iterator[Said]:
    while True:
        card = f"U-{house.fresh()}"
        yield {
            "path": {"member_id": house.counter.joined(card)},
            "query": {"kind": "card", "value": card},
        }


def merging(house: House) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": house.member()}, "body": {"into": house.me}}


def unmerging(house: House) -> Iterator[Said]:
    while True:
        gone = house.member()
        house.post(f"/v1/members/{gone}/merge", into=house.me, **WHY)
        yield {"path": {"member_id": gone}}


def heading(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"head": {"id": house.member()}}}


def entering(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.member()}}}


def leaving(house: House) -> Iterator[Said]:
    while True:
        member = house.member()
        path = f"/v1/households/{house.known['household_id']}/members"
        house.post(path, member={"id": member}, role="member")
        yield {"path": {"member_id": member}}


def sharing(house: House) -> Iterator[Said]:
    path = f"/v1/households/{house.known['household_id']}/members"
    house.post(path, member=house.me, role="member")
    while True:
        yield {}


# --- the books --------------------------------------------------------------------------------


def ending(house: House) -> Iterator[Said]:
    while True:
        yield {"path": {"activity_id": house.buys(house.known["member_id"])}}


def asking_why(house: House) -> Iterator[Said]:
    entry, *_ = house.listed(f"/v1/members/{house.known['member_id']}/entries")
    while True:
        yield {"path": {"entry_id": entry["id"]}, "query": {"language": "de"}}


def delivering(house: House) -> Iterator[Said]:
    message, *_ = house.listed(f"/v1/members/{house.veteran}/messages")
    while True:
        yield {"path": {"message_id": message["id"]}}


def extending(house: House) -> Iterator[Said]:
    while True:
        end = LATER + timedelta(days=house.fresh())
        yield {"body": {"expires_at": end.isoformat().replace("+00:00", "Z")}}


def reinstating(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.veteran}, "lot": house.lapsed, "units": 1}}


def forgiving(house: House) -> Iterator[Said]:
    while True:
        member = house.member()
        sale = house.buys(member)
        wish = {"member": {"id": member}, "reward": "free-coffee", "capture": True}
        house.post("/v1/redemptions", **wish)
        house.post("/v1/activities", kind="return", sale={"id": sale})
        yield {"body": {"member": {"id": member}}}


def settling(house: House) -> Iterator[Said]:
    while True:
        wish = {"member": house.me, "reward": "free-coffee"}
        yield {"path": {"redemption_id": house.post("/v1/redemptions", **wish)["id"]}}


# --- codes, benefits, tiers, friends ----------------------------------------------------------


def with_code(house: House) -> Iterator[Said]:
    """Each case has a code that nobody used."""
    while True:
        issued = house.post("/v1/code-issues", reward="voucher", times=20, reason="a letter")
        for one in issued["codes"]:
            yield {"body": {"code": one["code"]}, "query": {"code": one["code"]}}


def uploading(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"codes": [f"M-{house.fresh()}", f"M-{house.fresh()}"]}}


def undoing(house: House) -> Iterator[Said]:
    use = {"member": house.me, "benefit": "companion", "details": {"companion": "Nil"}}
    while True:
        yield {"path": {"use_id": house.post("/v1/benefit-uses", **use)["id"]}}


def giving_tier(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.member()}}}


def ending_tier(house: House) -> Iterator[Said]:
    while True:
        whom = {"id": house.member()}
        given = house.post("/v1/tier-grants", member=whom, tier="gold", kind="granted", **WHY)
        yield {"path": {"grant_id": given["id"]}}


def invited(house: House) -> Iterator[Said]:
    while True:
        whom = {"id": house.member()}
        asked = house.post("/v1/tier-invitations", member=whom, tier="black", **WHY)
        yield {"path": {"grant_id": asked["id"]}}


def naming(house: House) -> Iterator[Said]:
    code = house.post("/v1/referral-codes", member=house.me)["code"]
    while True:
        yield {"body": {"member": {"id": house.member()}, "code": code, "marks": {}}}


def referred(house: House) -> Iterator[Said]:
    named = next(naming(house))["body"]
    referral = house.post("/v1/referrals", **named)
    while True:
        yield {"path": {"referral_id": referral["id"]}}


# --- memberships ------------------------------------------------------------------------------


def _begun(house: House) -> str:
    told = {"source": "pay", "external_id": f"sub_{house.fresh()}"}
    wish = {"member": {"id": house.member()}, "plan": "plus", "amount": EUR} | told
    return str(house.post("/v1/memberships", **wish)["id"])


def starting(house: House) -> Iterator[Said]:
    while True:
        external_id = f"in_{house.fresh()}"
        yield {"body": {"member": {"id": house.member()}, "external_id": external_id}}


def telling(house: House) -> Iterator[Said]:
    """Each case is about a membership that has just begun."""
    while True:
        membership = _begun(house)
        external_id = f"evt_{house.fresh()}"
        yield {
            "path": {"membership_id": membership},
            "query": {"plan": "club"},
            "body": {"external_id": external_id},
        }


def finding(house: House) -> Iterator[Said]:
    for number in count():
        told = {"source": "pay", "external_id": f"found_{number}"}
        house.post("/v1/memberships", member={"id": house.member()}, plan="plus", **told)
        yield {"query": told}


def resuming(house: House) -> Iterator[Said]:
    for said in telling(house):
        house.post(f"/v1/memberships/{said['path']['membership_id']}/paused")
        yield said


# --- terms ------------------------------------------------------------------------------------


def _source(house: House) -> str:
    return EVERYTHING.replace("name: Everything", f"name: Everything {house.fresh()}")


def publishing(house: House) -> Iterator[Said]:
    """A version that is another one, then the same once more and once more."""
    source = _source(house)
    while True:
        yield {"body": {"source": source}}


def planning(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"source": _source(house)}}


def withdrawing(house: House) -> Iterator[Said]:
    while True:
        version = house.post(
            "/v1/programs/versions", source=_source(house), effective_from="2027-01-01T00:00:00Z"
        )
        yield {"path": {"version": str(version["version"])}}


def drafting(house: House) -> Iterator[Said]:
    while True:
        yield {"path": {"name": f"draft-{house.fresh()}"}, "body": {"source": _source(house)}}


def drafted(house: House) -> Iterator[Said]:
    """Each case has a draft of its own."""
    while True:
        name = f"draft-{house.fresh()}"
        house.ask("PUT", f"/v1/programs/drafts/{name}", source=_source(house), revision=0)
        yield {"path": {"name": name}}


def trying_out(house: House) -> Iterator[Said]:
    """Each case has a sandbox of its own; the one before goes, as there are only so many."""
    while True:
        name = f"try-{house.fresh()}"
        house.post("/v1/sandboxes", name=name)
        yield {"path": {"name": name}, "body": {"draft": name, "revision": 0}}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def inside(house: House) -> Iterator[Said]:
    """What is asked with the key of a sandbox."""
    while True:
        name = f"try-{house.fresh()}"
        yield {"key": house.post("/v1/sandboxes", name=name)["key"]}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def making_sandboxes(house: House) -> Iterator[Said]:
    while True:
        name = f"try-{house.fresh()}"
        yield {"body": {"name": name}}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def saying(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"version": 1}}


def topping_up(_: House) -> Iterator[Said]:
    while True:
        yield {"body": {"wallet": "gift", "amount": {"minor": 5_000, "currency": "EUR"}}}


def taking_part(_: House) -> Iterator[Said]:
    while True:
        yield {"body": {"challenge": "sprint"}}


def nothing_more(_: House) -> Iterator[Said]:
    while True:
        yield {}


# --- webhooks ---------------------------------------------------------------------------------


def hearing(house: House) -> Iterator[Said]:
    """A webhook of its own for each case."""
    while True:
        house.listens()
        yield {"path": {"webhook_id": house.known["webhook_id"]}}


def sending(house: House) -> Iterator[Said]:
    """An event that is on its way to a webhook."""
    house.listens()
    house.buys(house.known["member_id"])
    house.counter.shop.do(lambda tx, _: plan_sendings(tx))
    rows = house.counter.shop.rows(
        "select event_id from hook_sending where program_id = $1 order by event_id desc limit 1"
    )
    path = {"webhook_id": house.known["webhook_id"], "event_id": f"evt_{rows[0][0].hex}"}
    while True:
        yield {"path": path}


def sending_in(house: House) -> Iterator[Said]:
    """A source of its own for each case, with an event that can be run again."""
    while True:
        house.is_told()
        yield {"path": {name: house.known[name] for name in ("inlet_id", "arrival_id")}}


SCENES: Final[dict[str, Scene]] = {
    "DELETE /v1/inlets/{inlet_id}": sending_in,
    "POST /v1/inlets/{inlet_id}/secret": sending_in,
    "POST /v1/inlets/{inlet_id}/events/{arrival_id}/again": sending_in,
    "DELETE /v1/webhooks/{webhook_id}": hearing,
    "POST /v1/webhooks/{webhook_id}/secret": hearing,
    "GET /v1/webhooks/{webhook_id}/deliveries/{event_id}": sending,
    "POST /v1/webhooks/{webhook_id}/deliveries/{event_id}/again": sending,
    "POST /v1/members": joining,
    "POST /v1/members/{member_id}/identifiers": linking,
    "DELETE /v1/members/{member_id}/identifiers": unlinking,
    "POST /v1/members/{member_id}/merge": merging,
    "POST /v1/members/{member_id}/unmerge": unmerging,
    "POST /v1/households": heading,
    "POST /v1/households/{household_id}/members": entering,
    "DELETE /v1/households/{household_id}/members/{member_id}": leaving,
    "POST /v1/households/{household_id}/redemptions": sharing,
    "POST /v1/activities/{activity_id}/confirm": ending,
    "POST /v1/activities/{activity_id}/cancel": ending,
    "GET /v1/members/{member_id}/entries/{entry_id}/why": asking_why,
    "POST /v1/messages/{message_id}/delivered": delivering,
    "POST /v1/extensions": extending,
    "POST /v1/reinstatements": reinstating,
    "POST /v1/write-offs": forgiving,
    "POST /v1/redemptions/{redemption_id}/capture": settling,
    "POST /v1/redemptions/{redemption_id}/void": settling,
    "GET /v1/reward-codes": with_code,
    "POST /v1/code-uses": with_code,
    "POST /v1/code-withdrawals": with_code,
    "POST /v1/code-uploads": uploading,
    "POST /v1/gift-topups": topping_up,
    "POST /v1/challenge-parts": taking_part,
    "POST /v1/benefit-uses/{use_id}/undo": undoing,
    "POST /v1/tier-grants": giving_tier,
    "POST /v1/tier-grants/{grant_id}/end": ending_tier,
    "POST /v1/tier-invitations": giving_tier,
    "POST /v1/tier-invitations/{grant_id}/accept": invited,
    "POST /v1/tier-invitations/{grant_id}/decline": invited,
    "POST /v1/tier-invitations/{grant_id}/withdraw": invited,
    "POST /v1/referrals": naming,
    "GET /v1/referrals/{referral_id}": referred,
    "POST /v1/memberships": starting,
    "GET /v1/memberships": finding,
    "GET /v1/memberships/{membership_id}": telling,
    "POST /v1/memberships/{membership_id}/paid": telling,
    "POST /v1/memberships/{membership_id}/failed": telling,
    "POST /v1/memberships/{membership_id}/refunded": telling,
    "POST /v1/memberships/{membership_id}/cancelled": telling,
    "POST /v1/memberships/{membership_id}/paused": telling,
    "POST /v1/memberships/{membership_id}/resumed": resuming,
    "POST /v1/memberships/{membership_id}/changed": telling,
    "GET /v1/memberships/{membership_id}/change": telling,
    "POST /v1/programs/versions": publishing,
    "POST /v1/programs/check": planning,
    "POST /v1/programs/plan": planning,
    "POST /v1/programs/plan/people": planning,
    "POST /v1/programs/versions/{version}/withdraw": withdrawing,
    "GET /v1/programs/drafts/{name}": drafted,
    "PUT /v1/programs/drafts/{name}": drafting,
    "DELETE /v1/programs/drafts/{name}": drafted,
    "POST /v1/programs/drafts/{name}/publish": drafted,
    "POST /v1/members/{member_id}/terms": saying,
    "GET /v1/sandbox": inside,
    "POST /v1/sandbox/clock": inside,
    "GET /v1/sandbox/unsent": inside,
    "POST /v1/sandboxes": making_sandboxes,
    "GET /v1/sandboxes/{name}": trying_out,
    "POST /v1/sandboxes/{name}/renew": trying_out,
    "POST /v1/sandboxes/{name}/promote": trying_out,
    "DELETE /v1/sandboxes/{name}": trying_out,
    **TRADE,
}
"""By the operation; for all others it is enough that its example is about those who are here."""
