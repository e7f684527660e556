"""A Stripe account of our own making: it bills, signs as Stripe does, and answers when asked."""

from __future__ import annotations

import hmac
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

VERSION = "2026-10-28.endive"
YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
Row = dict[str, Any]


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def signed(body: bytes, at: datetime, *secrets: str) -> str:
    """The header over these bytes, by the secret, or by two while one is rolled."""
    made = (
        hmac.new(one.encode(), f"{seconds(at)}.".encode() + body, "sha256").hexdigest()
        for one in secrets
    )
    return ",".join([f"t={seconds(at)}", *(f"v1={one}" for one in made), "v0=0"])


class Account:
    """Everything in it as it is by now, and every event it told, in the order of time."""

    def __init__(self, now: datetime, mark: str = "a", secret: str = "whsec_stripes") -> None:
        self.clock, self.mark, self.secret = now, mark, secret
        self.key = "rk_test_1"
        self.prices = {"price_plus": 4900, "price_club": 9900}
        self.rows: dict[str, dict[str, Row]] = {}
        self.told: list[Row] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.once: dict[str, tuple[bytes, Row]] = {}
        self.down = False
        self.forbids: tuple[str, ...] = ()
        """What its key may not read."""
        self._next = 0

    # --- what happens there -------------------------------------------------------------------

    def subscribes(
        self, email: str, price: str = "price_plus", trial: int = 0, member: str = ""
    ) -> str:
        """Somebody begins, with so many days for nothing; the number of the subscription."""
        customer = self._row("customers", "cus", "customer", email=email, phone=None)["id"]
        ends = self.clock + (timedelta(days=trial) if trial else YEAR)
        item = {
            "id": self._id("si"), "object": "subscription_item",
            "price": {"id": price, "object": "price", "unit_amount": self.prices[price]},
            "current_period_start": seconds(self.clock), "current_period_end": seconds(ends),
        }  # fmt: skip
        sub = self._row(
            "subscriptions", "sub", "subscription", status="trialing" if trial else "active",
            currency="eur", start_date=seconds(self.clock), customer=customer,
            items={"object": "list", "data": [item], "has_more": False},
            trial_start=seconds(self.clock) if trial else None,
            trial_end=seconds(ends) if trial else None, cancel_at=None,
            cancel_at_period_end=False, canceled_at=None, ended_at=None, pause_collection=None,
            default_payment_method=None, metadata={"regulars_member": member} if member else {},
        )  # fmt: skip
        self._event("customer.subscription.created", sub)
        invoice = self._invoice(sub, "subscription_create", 0 if trial else self.prices[price])
        self._settled(invoice)
        session = {"id": self._id("cs_test"), "object": "checkout.session", "mode": "subscription"}
        self._event("checkout.session.completed", session | {"subscription": sub["id"]})
        return str(sub["id"])

    def renews(self, sub_id: str, paid: bool = True, amount: int | None = None) -> str:
        """The term is over, and an hour later the next one is paid, or is not; the invoice."""
        sub, item = self._both(sub_id)
        begins = datetime.fromtimestamp(item["current_period_end"], UTC)
        self.clock = max(self.clock, begins)
        item |= {"current_period_start": seconds(begins)}
        item |= {"current_period_end": seconds(begins.replace(year=begins.year + 1))}
        minor = self.prices[item["price"]["id"]] if amount is None else amount
        invoice = self._invoice(sub, "subscription_cycle", minor)
        self.clock += HOUR
        return self._settled(invoice) if paid else self._unpaid(sub, invoice)

    def pays_after_all(self, invoice_id: str) -> None:
        """A payment that failed before went through."""
        invoice = self.rows["invoices"][invoice_id]
        sub = self.rows["subscriptions"][invoice["parent"]["subscription_details"]["subscription"]]
        sub["status"] = "active"
        self._settled(invoice)
        self._event("customer.subscription.updated", sub)

    def gives_back(self, invoice_id: str, amount: int, status: str = "succeeded") -> str:
        """So much of an invoice; the number of the refund."""
        charge = self._charge_of(invoice_id)
        charge["amount_refunded"] += amount
        row = self._row(
            "refunds", "re", "refund", amount=amount, charge=charge["id"], status=status
        )
        self._event("charge.refunded", charge)
        return str(row["id"])

    def settles(self, refund: str, status: str) -> None:
        """What became of money that was on its way back."""
        self.clock += timedelta(hours=1)
        row = self.rows["refunds"][refund]
        row["status"] = status
        self._event(f"refund.{'failed' if status == 'failed' else 'updated'}", row)

    def disputes(self, invoice_id: str, amount: int = 0) -> str:
        """Whoever paid an invoice tells their bank that they did not; the number of that."""
        charge = self._charge_of(invoice_id)
        charge["disputed"] = True
        said = {"amount": amount or charge["amount"], "status": "needs_response"}
        said["evidence"] = {"customer_purchase_ip": "192.0.2.7", "uncategorized_text": "Ada told"}
        row = self._row("disputes", "du", "dispute", charge=charge["id"], **said)
        self._event("charge.dispute.created", row)
        return str(row["id"])

    def decides(self, dispute: str, status: str) -> None:
        """The bank's last word: lost, won, or an inquiry that came to nothing."""
        row = self.rows["disputes"][dispute]
        row["status"] = status
        self._event("charge.dispute.closed", row)

    def ends_at(self, sub_id: str, at: datetime) -> None:
        """It is to be cancelled at a moment somebody chose."""
        sub, _ = self._both(sub_id)
        sub |= {"cancel_at": seconds(at), "canceled_at": seconds(self.clock)}
        self._event("customer.subscription.updated", sub)

    def cancels(self, sub_id: str, *, now: bool = False) -> None:
        sub, _ = self._both(sub_id)
        sub["canceled_at"] = seconds(self.clock)
        if now:
            sub |= {"status": "canceled", "ended_at": seconds(self.clock)}
            self._event("customer.subscription.deleted", sub)
        else:
            sub["cancel_at_period_end"] = True
            self._event("customer.subscription.updated", sub)

    def goes_on(self, sub_id: str) -> None:
        """They do not want to cancel after all."""
        sub, _ = self._both(sub_id)
        sub |= {"cancel_at_period_end": False, "canceled_at": None}
        self._event("customer.subscription.updated", sub)

    def switches(self, sub_id: str, price: str) -> str:
        """Another price from now on, settled at once; the invoice."""
        sub, item = self._both(sub_id)
        old, item["price"] = item["price"], {"id": price, "object": "price"}
        self._event("customer.subscription.updated", sub)
        invoice = self._invoice(sub, "subscription_update", self.prices[price] // 2)
        credit = deepcopy(invoice["lines"]["data"][0])
        credit |= {"amount": -self.prices[old["id"]] // 2}
        credit["pricing"]["price_details"]["price"] = old["id"]
        invoice["lines"]["data"].append(credit)
        for line in invoice["lines"]["data"]:
            line["parent"] = {"subscription_item_details": {"proration": True}}
        return self._settled(invoice)

    def waits(self, **so_long: float) -> None:
        self.clock += timedelta(**so_long)

    # --- how it answers -----------------------------------------------------------------------

    async def answers(self, sending: Sending) -> Answer:
        """As over HTTP, without one: bytes, status and headers."""
        status, found = self.answer(
            sending.method, sending.url, dict(sending.headers), sending.body
        )
        if status == 0:
            raise NoAnswer("it refuses the connection")
        return Answer(status, {"content-type": "application/json"}, msgspec.json.encode(found))

    def answer(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Row]:
        """Whatever is asked, as its REST API has it."""
        small = {name.lower(): value for name, value in headers.items()}
        parts = urlsplit(url)
        self.asked.append((method, parts.path, small))
        if self.down:
            return 0, {}
        steps = parts.path.removeprefix("/v1/").split("/")
        if small.get("authorization") != f"Bearer {self.key}" or steps[0] in self.forbids:
            status = 403 if steps[0] in self.forbids else 401
            return status, {"error": {"type": "invalid_request_error", "message": "Not this key"}}
        said = parse_qsl((body if method == "POST" else parts.query.encode()).decode())
        if method == "POST" and steps[0] == "webhook_endpoints" and len(steps) == 2:
            return 200, self._switched(self.rows["webhook_endpoints"][steps[1]], said)
        if method == "POST":
            return self._made("_".join(steps), said, small.get("idempotency-key", ""), body)
        if len(steps) == 2:
            return self._one(steps[0], steps[1], said)
        return 200, self._list(steps[0], dict(said)) if len(steps) == 1 else self._lines(steps[1])

    def _lines(self, invoice: str) -> Row:
        lines = deepcopy(self.rows["invoices"][invoice]["lines"]["data"])
        return {"object": "list", "data": lines, "has_more": False}

    def _one(self, kind: str, id_: str, said: list[tuple[str, str]]) -> tuple[int, Row]:
        row = self.rows.get(kind, {}).get(id_)
        if row is None:
            return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
        row = _shown(row)
        for name, field in said:
            if name.startswith("expand[") and field == "customer":
                row[field] = deepcopy(self.rows["customers"][row[field]])
        return 200, row

    def _list(self, kind: str, said: dict[str, str]) -> Row:
        if kind == "events":
            rows = [one for one in self.told if seconds(self.clock) - one["created"] < 30 * 86_400]
        else:
            rows = list(self.rows.get(kind, {}).values())
        rows = [one for one in rows if _fits(one, said)]
        rows.sort(key=lambda one: (one["created"], one["_n"]), reverse=True)
        after = said.get("starting_after")
        if after:
            rows = rows[[one["id"] for one in rows].index(after) + 1 :]
        size = int(said.get("limit", 10))
        shown = [_shown(one) for one in rows[:size]]
        return {"object": "list", "data": shown, "has_more": len(rows) > size, "url": f"/v1/{kind}"}

    def _switched(self, hook: Row, said: list[tuple[str, str]]) -> Row:
        hook["enabled_events"] = [value for name, value in said if name == "enabled_events[]"]
        hook["status"] = "disabled" if dict(said)["disabled"] == "true" else "enabled"
        return {name: value for name, value in hook.items() if name != "_n"}

    def _made(
        self, kind: str, said: list[tuple[str, str]], once: str, body: bytes
    ) -> tuple[int, Row]:
        if once and once in self.once:
            before, row = self.once[once]
            if before != body:
                error = {"type": "idempotency_error", "message": "Keys can only be used once"}
                return 400, {"error": error}
            return 200, row
        if kind == "webhook_endpoints":
            events = [value for name, value in said if name == "enabled_events[]"]
            hook = self._row(kind, "we", "webhook_endpoint", **dict(said), status="enabled",
                             enabled_events=events)  # fmt: skip
            self.once[once] = (body, {**hook, "secret": self.secret})
            return 200, {name: value for name, value in self.once[once][1].items() if name != "_n"}
        prefix = {"checkout_sessions": "cs_test", "billing_portal_sessions": "bps"}[kind]
        row = self._row(kind, prefix, kind.replace("_sessions", ".session"), **dict(said))
        row["url"] = f"https://pay.example.org/{row['id']}"
        self.once[once] = (body, row)
        return 200, row

    # --- how it is kept -----------------------------------------------------------------------

    def _id(self, prefix: str) -> str:
        self._next += 1
        return f"{prefix}_{self.mark}{self._next}"

    def _row(self, kind: str, prefix: str, named: str, **said: Any) -> Row:
        row = {"id": self._id(prefix), "object": named, "created": seconds(self.clock), **said}
        row["_n"] = self._next
        self.rows.setdefault(kind, {})[row["id"]] = row
        return row

    def _charge_of(self, invoice_id: str) -> Row:
        payment = next(
            one for one in self.rows["invoice_payments"].values() if one["invoice"] == invoice_id
        )
        intent = payment["payment"]["payment_intent"]
        return next(one for one in self.rows["charges"].values() if one["payment_intent"] == intent)

    def _both(self, sub_id: str) -> tuple[Row, Row]:
        sub = self.rows["subscriptions"][sub_id]
        return sub, sub["items"]["data"][0]

    def _invoice(self, sub: Row, reason: str, amount: int) -> Row:
        item = sub["items"]["data"][0]
        line = {
            "id": self._id("il"), "object": "line_item", "amount": amount,
            "period": {
                "start": item["current_period_start"], "end": item["current_period_end"]
            },
            "pricing": {
                "type": "price_details", "price_details": {"price": item["price"]["id"]}
            },
            "parent": {"subscription_item_details": {"proration": False}},
        }  # fmt: skip
        details = {"subscription_details": {"subscription": sub["id"]}}
        return self._row(
            "invoices", "in", "invoice", status="open", billing_reason=reason, amount_due=amount,
            amount_paid=0, attempt_count=0, subscription=sub["id"], currency="eur",
            parent={"type": "subscription_details", **details},
            lines={"object": "list", "data": [line]}, status_transitions={"paid_at": None},
        )  # fmt: skip

    def _settled(self, invoice: Row) -> str:
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        invoice["attempt_count"] += 1
        invoice["status_transitions"] = {"paid_at": seconds(self.clock)}
        intent = self._id("pi")
        self._row(
            "charges", "ch", "charge", payment_intent=intent, amount=invoice["amount_paid"],
            amount_refunded=0, disputed=False,
            customer=self.rows["subscriptions"][invoice["subscription"]]["customer"],
        )  # fmt: skip
        payment = {"type": "payment_intent", "payment_intent": intent}
        self._row(
            "invoice_payments", "inpay", "invoice_payment", invoice=invoice["id"], payment=payment
        )
        self._event("invoice.paid", invoice)
        return str(invoice["id"])

    def _unpaid(self, sub: Row, invoice: Row) -> str:
        invoice["attempt_count"] += 1
        sub["status"] = "past_due"
        self._event("invoice.payment_failed", invoice)
        self._event("customer.subscription.updated", sub)
        return str(invoice["id"])

    def _event(self, type_: str, one: Row) -> None:
        self.clock += timedelta(seconds=1)
        told = {name: deepcopy(one[name]) for name in one if name != "_n"}
        row = {
            "id": self._id("evt"), "object": "event", "api_version": VERSION,
            "created": seconds(self.clock), "type": type_, "data": {"object": told},
            "livemode": False, "pending_webhooks": 1,
        }  # fmt: skip
        row["_n"] = self._next
        self.told.append(row)


def _shown(one: Row) -> Row:
    """As it is answered: of the lines of an invoice ten at most."""
    found = {name: deepcopy(one[name]) for name in one if name != "_n"}
    if one.get("object") == "invoice":
        lines = found["lines"]["data"]
        found["lines"] = {"object": "list", "data": lines[:10], "has_more": len(lines) > 10}
    return found


def _fits(one: Row, said: dict[str, str]) -> bool:
    """Whether a row is of what is asked for."""
    for name, wanted in said.items():
        if name == "created[gte]" and one["created"] < int(wanted):
            return False
        if name == "created[lt]" and one["created"] >= int(wanted):
            return False
        if name in ("subscription", "charge", "customer") and one[name] != wanted:
            return False
        if name == "payment[payment_intent]" and one["payment"]["payment_intent"] != wanted:
            return False
    return True
