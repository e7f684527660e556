"""What a subscription tells: what was paid, given back and changed, and how it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from regulars.surfaces.connect.stripe.events import WHOLE
from regulars.surfaces.connect.stripe.shapes import (
    Dispute,
    Invoice,
    Line,
    Subscribed,
    Whole,
    whole_of,
)

MEMBER: Final = "regulars_member"
"""Under which name of its metadata a subscription says whose it is."""
A_DAY: Final = 86_400
BEFORE_S: Final = 7_200
"""A payment that came in time is told so much before its term begins: Stripe draws up an invoice an
hour after the term before is over, and its months are those of UTC."""
FIRST: Final = ("subscription_create", "subscription")
TERMS: Final = (*FIRST, "subscription_cycle")
CHANGES: Final = "subscription_update"
GIVEN_BACK: Final = "succeeded"
"""What is pending may fail; an event tells it once it did not."""
NEVER_ARRIVED: Final = ("failed", "canceled")
"""Of a refund, also of one that had succeeded before."""
LOST: Final = "lost"
WON: Final = "won"
LIVES: Final = ("active", "trialing", "past_due")


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the subscription as it came, and what is worked out of it.

    `type`, `prices`, `member`; `facts` with what happened, oldest first; `stands` and `since`.
    Raises: Wrong with the place that does not fit.
    Example: of an event, which only hints at a subscription, nothing is worked out.
    """
    if root.get("object") != WHOLE or "asked_at" not in root:
        return root
    one = whole_of(root)
    sub = one.subscription
    customer = sub.customer if isinstance(sub.customer, dict) else {"id": sub.customer}
    return {
        **root["subscription"],
        "type": WHOLE,
        "customer": customer,
        "prices": [item.price.id for item in sub.items.rows],
        "member": sub.metadata.get(MEMBER, ""),
        "currency": sub.currency.upper(),
        "in_trial": sub.trial_start is not None,
        "card": _card(sub),
        "asked_at": one.asked_at,
        "facts": sorted(_facts(one), key=lambda fact: (fact["at"], fact["id"])),
        **_stands(one),
    }


def _card(sub: Subscribed) -> str:
    method = sub.default_payment_method
    if method is None or isinstance(method, str) or method.card is None:
        return ""
    return method.card.fingerprint or ""


def _stands(one: Whole) -> dict[str, Any]:
    sub, now = one.subscription, one.asked_at
    if not one.stands or sub.pause_collection:
        return {"stands": "", "since": now}
    if sub.status == "canceled":
        return {"stands": "over", "since": sub.ended_at or sub.canceled_at or now}
    if sub.status not in LIVES:
        return {"stands": "", "since": now}
    if _ends_with_its_term(sub):
        return {"stands": "ends", "since": _ends_since(sub) or now}
    return {"stands": "runs", "since": now}


def _ends_with_its_term(sub: Subscribed) -> bool:
    """Whether no term follows the one that runs; until a day years ahead many do."""
    if sub.cancel_at_period_end:
        return True
    ends = max((item.current_period_end for item in sub.items.rows), default=0)
    return sub.cancel_at is not None and (not ends or sub.cancel_at <= ends)


def _ends_since(sub: Subscribed) -> int | None:
    """Since when it ends with this term: since that was said, or its last term began, as an end
    further ahead ended nothing before."""
    if sub.cancel_at_period_end or sub.canceled_at is None:
        return sub.canceled_at
    begins = max((item.current_period_start for item in sub.items.rows), default=0)
    return max(sub.canceled_at, begins)


def _facts(one: Whole) -> Iterator[dict[str, Any]]:
    paid = set()
    for invoice in one.invoices:
        fact = _paid(one, invoice) or _changed(invoice) or _failed(one, invoice)
        if fact is not None:
            yield fact
        if fact is not None and fact["what"] == "paid":
            paid.add(invoice.id)
    for back in one.refunds:
        if back.status == GIVEN_BACK:
            yield {
                "what": "refunded",
                "id": back.id,
                "at": back.created,
                "amount": back.amount,
                "payment": back.invoice if back.invoice in paid else "",
            }
        if back.status in NEVER_ARRIVED:
            told = {"id": back.id, "at": one.asked_at, "amount": back.amount}
            yield {"what": "restored", **told}
    yield from _disputed(one, paid)


def _disputed(one: Whole, paid: set[str]) -> Iterator[dict[str, Any]]:
    """What the bank took for good, which is as if it were given back; or gave again after that.

    Keeps: no more than is left of the payment, as a bank may say another sum. Stripe does not say
    when it was decided, so it counts from when it was asked; where no term was paid by it, from
    when it was opened, as it takes from the term that runs then.
    """
    taken = Counter[str]()
    for dispute in sorted(one.disputes, key=lambda it: (it.created, it.id)):
        told = {"id": dispute.id, "at": one.asked_at, "amount": dispute.amount}
        if dispute.status == WON:
            yield {"what": "restored", **told}
        if dispute.status != LOST:
            continue
        amount = min(dispute.amount, _left(one, dispute) - taken[dispute.invoice])
        if amount <= 0:
            continue
        taken[dispute.invoice] += amount
        told["amount"] = amount
        if dispute.invoice in paid:
            yield {"what": "refunded", **told, "payment": dispute.invoice}
        else:
            at = dispute.created or one.asked_at
            yield {"what": "refunded", **told, "at": at, "payment": ""}


def _left(one: Whole, dispute: Dispute) -> int:
    """What of the payment was not given back by the shop."""
    mine = dispute.invoice
    whole = sum(invoice.amount_paid for invoice in one.invoices if invoice.id == mine)
    backs = (it for it in one.refunds if it.status == GIVEN_BACK and it.invoice == mine)
    return whole - sum(it.amount for it in backs)


def _paid(one: Whole, invoice: Invoice) -> dict[str, Any] | None:
    if invoice.status != "paid" or invoice.billing_reason not in TERMS:
        return None
    first = invoice.billing_reason in FIRST
    if first and not invoice.amount_paid and one.subscription.trial_start is not None:
        return None  # it says that the trial is free
    line = _line(invoice)
    due = invoice.created if line is None else line.period.start
    paid_at = invoice.status_transitions.paid_at or invoice.created
    in_time = due if first else due - BEFORE_S
    return {
        "what": "paid",
        "id": invoice.id,
        "at": in_time if due <= paid_at <= due + A_DAY else paid_at,
        "begins": due,
        "amount": invoice.amount_paid,
        "price": "" if line is None else line.price,
    }


def _line(invoice: Invoice) -> Line | None:
    """The line of the term itself; what settles parts of terms stands beside it."""
    whole = [line for line in invoice.lines.rows if line.price and not line.is_part]
    return max(whole, key=lambda line: (line.amount, line.period.start), default=None)


def _changed(invoice: Invoice) -> dict[str, Any] | None:
    """Another price in the middle of a term, settled at once."""
    if invoice.billing_reason != CHANGES or invoice.status not in ("paid", "open"):
        return None
    lines = [line for line in invoice.lines.rows if line.price and line.amount > 0]
    if not lines:
        return None
    line = max(lines, key=lambda line: (line.period.start, line.amount))
    told = {"amount": invoice.amount_paid, "price": line.price}
    return {"what": "changed", "id": invoice.id, "at": invoice.created, **told}


def _failed(one: Whole, invoice: Invoice) -> dict[str, Any] | None:
    if invoice.status not in ("open", "uncollectible") or not invoice.attempt_count:
        return None
    since = (it for it in one.invoices if it.status == "paid" and it.created > invoice.created)
    if invoice.status == "uncollectible" and any(since):
        return None  # it was given up, and went on all the same
    number = f"{invoice.id}:{invoice.attempt_count}"
    return {"what": "failed", "id": number, "at": one.asked_at}
