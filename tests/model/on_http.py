"""The same real flows, asked the way a till asks: every event is a request, every answer JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from tests.makers import Shop
from tests.model.beside.between.events import PaysTogether
from tests.model.beside.by_hand.events import (
    Grants,
    Rebooks,
    StaysAway,
    TakesBack,
    Undoes,
    Uses,
)
from tests.model.events import (
    Adjusts,
    Answer,
    Basket,
    Confirms,
    Ends,
    Event,
    Happens,
    Joins,
    Publishes,
    Reserves,
    Returns,
    parts,
)  # fmt: skip
from tests.model.on_postgresql import OnPostgreSQL
from tests.surfaces.counter import Counter

Json = dict[str, Any]


class Sent(NamedTuple):
    """One request of a till."""

    path: str
    body: Json
    key: str = ""


class OnHttp(OnPostgreSQL):
    """One shop of a database behind its API; what it says is taken from the wire."""

    def __init__(self, shop: Shop, source: str, now: Any) -> None:
        super().__init__(shop, source, now)
        self.counter = Counter(shop)
        self.activities: dict[str, str] = {}
        self.taken: dict[str, str] = {}

    def close(self) -> None:
        self.shop.run(self.counter.client.aclose())

    def do_all(self, now: Any, events: Sequence[Event]) -> list[Answer]:
        """Ask for events of one kind at once; what each is told."""
        self.shop.now = now
        if isinstance(events[0], Publishes):
            return [self._publish(events[0])]
        if isinstance(events[0], TakesBack):
            return [self._takes_back(events[0])]
        if all(isinstance(event, Happens | Returns) for event in events) and len(events) > 1:
            return self._batch(events)
        if isinstance(events[0], PaysTogether):
            return [self._pays_together(event) for event in events]  # type: ignore[arg-type]
        if not isinstance(
            events[0], Joins | Happens | Returns | Reserves | Ends | Confirms | Adjusts
        ):
            return super().do_all(now, events)  # the night has no address
        sent = [self._request(event) for event in events]
        answers = self.counter.at_once([lambda one=one: self._send(one) for one in sent])
        return [
            self._told(event, answer.is_success, answer.json())
            for event, answer in zip(events, answers, strict=True)
        ]

    def _pays_together(self, event: PaysTogether) -> Answer:
        """A household pays for a basket; what is reserved only a till asks for."""
        if not event.capture:
            return super().do_all(self.shop.now, [event])[0]
        pay: Json = {"basket": self._money(event.amount)}
        if event.want is not None:
            pay["want"] = self._money(event.want)
        path = f"/v1/households/hou_{self.home.hex}/redemptions"
        answer = self.counter.post(path, {"member": _whom(event.who), "pay": pay})
        said = answer.json()
        if not answer.is_success:
            return Answer(said["code"])
        named = {self._called(one["member_id"]): one for one in said["payments"]}
        for name, one in named.items():
            self.taken[f"{event.name}-{name}"] = one["redemption"]
        gave = parts({name: one["price"]["points"] for name, one in named.items()})
        paid = parts({name: one["value_minor"] for name, one in named.items()})
        return Answer(said["state"], gave, paid, parts(said["balances"]))

    def _called(self, member_id: str) -> str:
        return self._name_of(UUID(hex=member_id.removeprefix("mem_")))

    # --- asking ---------------------------------------------------------------------------

    def _send(self, sent: Sent) -> Any:
        headers = {"idempotency_key": sent.key} if sent.key else {}
        return self.counter.send("POST", sent.path, sent.body, **headers)

    def _publish(self, event: Publishes) -> Answer:
        body: Json = {"source": self._own(event.source)}
        if event.at is not None:
            body["effective_from"] = _instant(event.at)
        answer = self.counter.post("/v1/programs/versions", body)
        if answer.status_code == 409 and answer.json()["code"] == "warnings_open":
            # A game means whatever it draws, as an owner does who read what they are asked.
            meant = {"accept": answer.json()["facts"]["warnings"]}
            answer = self.counter.post("/v1/programs/versions", body | meant)
        assert answer.status_code == 201, answer.text
        self.shop.forget_terms()  # the night has no address, and asks for itself
        return Answer("published")

    def _takes_back(self, event: TakesBack) -> Answer:
        path = f"/v1/programs/versions/{event.version}/withdraw"
        answer = self.counter.post(path, {"reason": "a slip"})
        self.shop.forget_terms()
        return Answer("taken back" if answer.is_success else answer.json()["code"])

    def _batch(self, events: Sequence[Any]) -> list[Answer]:
        """Several activities in one request; one with a key of its own cannot travel so."""
        if any(event.key for event in events):
            sent = [self._request(event) for event in events]
            answers = self.counter.at_once([lambda one=one: self._send(one) for one in sent])
            said = [(answer.is_success, answer.json()) for answer in answers]
        else:
            body = {"activities": [self._request(event).body for event in events]}
            results = self.counter.post("/v1/activities/batch", body).json()["results"]
            said = [(one["status"] < 400, one.get("body") or one["problem"]) for one in results]
        return [self._told(event, *one) for event, one in zip(events, said, strict=True)]

    def _request(self, event: Any) -> Sent:
        key = getattr(event, "key", "")
        if isinstance(event, Joins):
            names = [{"kind": "external", "value": event.who}]
            body = {"identifiers": names, "attributes": dict(event.attributes)}
            return Sent("/v1/members", body)
        if isinstance(event, Happens | Returns):
            return Sent("/v1/activities", self._activity(event), key)
        if isinstance(event, Reserves):
            body = {
                "member": _whom(event.who), "reward": event.reward, "store": event.store,
                "capture": event.capture,
            }  # fmt: skip
            return Sent("/v1/redemptions", body, key)
        if isinstance(event, Ends):
            verb = {"captured": "capture", "voided": "void"}[event.outcome]
            body = {} if event.part is None else {"part": dict(event.part)}
            return Sent(f"/v1/redemptions/{self._redemption(event.name)}/{verb}", body, key)
        if isinstance(event, Confirms):
            verb = {"confirmed": "confirm", "cancelled": "cancel"}[event.outcome]
            return Sent(f"/v1/activities/{self.activities[event.sale]}/{verb}", {}, key)
        assert isinstance(event, Adjusts), event
        body = {
            "member": _whom(event.who), "wallet": event.wallet, "units": event.units,
            "reason": "it was wrong", "actor": "Olga",
        }  # fmt: skip
        return Sent("/v1/adjustments", body, key)

    def _activity(self, event: Happens | Returns) -> Json:
        body: Json = {"source": "till", "external_id": event.receipt}
        if event.at is not None:
            body["occurred_at"] = _instant(event.at)
        if isinstance(event, Returns):
            pieces = [{"line": line, "quantity": quantity} for line, quantity in event.pieces]
            sale = {"source": "till", "external_id": event.sale, "kind": event.kind}
            return body | {"kind": "return", "sale": sale, "returned": pieces}
        body |= {"kind": event.kind, "store": event.store, "channel": event.channel}
        body |= {"details": dict(event.details), **self._basket(event.basket)}
        if event.who:
            body["member"] = _whom(event.who)
        if event.amount is not None:
            body["amount"] = self._money(event.amount)
        return body

    def _basket(self, basket: Basket) -> Json:
        money = self._money
        lines = [
            {
                "amount": money(line.amount), "category": line.category, "sku": line.sku,
                "quantity": line.quantity, "discount": money(line.discount),
                "tax": money(line.tax),
            }
            for line in basket.lines
        ]  # fmt: skip
        paid: list[Json] = []
        if basket.in_points or basket.paid:
            paid = [{"kind": "points", "amount": money(basket.in_points)}]
        if basket.paid:
            paid[0]["kind"] = "stored_value" if basket.stored else "points"
            paid[0]["redemption"] = self._redemption(basket.paid)
        return {
            "lines": lines, "order_discount": money(basket.order_discount),
            "shipping": money(basket.shipping), "tips": money(basket.tips), "payments": paid,
        }  # fmt: skip

    def _redemption(self, name: str) -> str:
        """Its id on the wire, also of one that was not asked for there (a household's)."""
        return self.taken.get(name) or f"red_{self.redemptions[name].hex}"

    def _money(self, minor: int) -> Json:
        return {"minor": minor, "currency": self.shop.terms.versions[-1].program.currency}

    # --- being told -----------------------------------------------------------------------

    def _told(self, event: Event, well: bool, said: Json) -> Answer:
        if not well:
            # The API tells a receipt from a key; the flows know only keys.
            return Answer("key_reused" if said["code"] == "receipt_reused" else said["code"])
        if isinstance(event, Joins):
            return Answer("joined")
        balances = parts(said["balances"])
        if isinstance(event, Happens | Returns):
            if event.receipt:
                self.activities[event.receipt] = said["id"]
            rules = parts({one["rule"]: one["points"] for one in said["rules"]})
            tiers = said["tier"], said["tier_before"]
            return Answer(said["state"], parts(said["earned"]), rules, balances, *tiers)
        if isinstance(event, Confirms):
            return Answer(said["outcome"], parts(said["points"]), balances=balances)
        if isinstance(event, Reserves):
            self.taken.setdefault(event.name, said["id"])
        return Answer(
            "adjusted" if isinstance(event, Adjusts) else said["state"], balances=balances
        )


def _whom(who: str) -> Json:
    if not who:
        return {"external": "?"}
    return {"card": who} if who.startswith("card") else {"external": who}


def _instant(at: Any) -> str:
    return at.isoformat().replace("+00:00", "Z")


NO_END = -1
SAID = {"reason": "as agreed", "actor": "Olga"}


class HandedOnHttp(OnHttp):
    """A shop behind its API whose benefits are asked for there, too."""

    def do_all(self, now: Any, events: Sequence[Event]) -> list[Answer]:
        self.shop.now = now
        if not isinstance(events[0], Grants | Uses | Undoes | Rebooks | StaysAway):
            return super().do_all(now, events)
        return [self._handed(event) for event in events]

    def _handed(self, event: Any) -> Answer:
        known = {} if isinstance(event, Grants | Uses) else self.handed.uses
        if not isinstance(event, Grants | Uses) and event.name not in known:
            return Answer("not_found")
        path, body = _asked_for(event, known)
        headers = {"idempotency_key": event.key} if event.key else {}
        (answer,) = self.counter.at_once([lambda: self.counter.send("POST", path, body, **headers)])
        said = answer.json()
        if not answer.is_success:
            return Answer(said["code"])
        if isinstance(event, Grants):
            return Answer("granted", (("times", said["times"]),))
        name = event.into if isinstance(event, Rebooks) else event.name
        self.handed.uses.setdefault(name, said["id"])
        left = NO_END if said["left"] is None else said["left"]
        return Answer(said["state"], (("granted", int(said["granted"])), ("left", left)))


def _asked_for(event: Any, known: Any) -> tuple[str, Json]:
    """Where it is asked for, and what is said."""
    if isinstance(event, Grants):
        body: Json = {"member": _whom(event.who), "benefit": event.benefit, **SAID}
        body |= {"times": event.times}
        if event.until is not None:
            body["until_at"] = _instant(event.until)
        return "/v1/benefit-grants", body
    if isinstance(event, Uses):
        body = {"member": _whom(event.who), "benefit": event.benefit, "store": event.store}
        body["guests"] = [{"name": f"Guest {n}"} for n in range(event.guests)]
        if event.at is not None:
            body["from_at"] = _instant(event.at)
        return "/v1/benefit-uses", body
    path = f"/v1/benefit-uses/{known[event.name]}"
    if isinstance(event, Rebooks):
        return f"{path}/move", {"from_at": _instant(event.at)}
    return f"{path}/{'missed' if isinstance(event, StaysAway) else 'undo'}", {}
