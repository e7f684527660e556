"""What an account is asked for, and what its answers tell: no door, no worker, no database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.surfaces.connect.stripe.account import YEAR, Account, seconds

from regulars.records.inlets.catching.types import CatchUp, further
from regulars.surfaces.connect.catching.asking import InPart, Shop, Since
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.stripe.catching_up import StripeEvents
from regulars.surfaces.connect.stripe.events import WITH_BACKS
from regulars.surfaces.connect.stripe.looking import looked_up_there
from regulars.surfaces.connect.stripe.telling import seen

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_once_the_list_is_through_events_are_read_from_where_it_began() -> None:
    account, told = Account(AT), list[str]()
    account.subscribes("a@x.org")
    account.waits(days=2)
    account.gives_back(first(account), 4900)
    account.waits(days=2)
    account.subscribes("b@x.org")
    account.waits(hours=1)
    one = CatchUp(UUID(int=1), "", b"", AT, AT, 1, 0, None, AT, None, None, 0, "", 1)
    steps = list[tuple[datetime, bool]]()
    while one.met_at is None or one.next_at <= account.clock:
        since = Since(one.read_to, one.page_asked, one.met_at is None)
        page = asyncio.run(StripeEvents().page(account.answers, _shop(account), since))
        told += [event.type for event in page.events]
        one = further(one, page.answered, account.clock)
        steps.append((one.read_to, one.met_at == account.clock))
    assert steps[0] == (AT, False)  # a list alone leaves something
    assert steps[1][1]
    assert len(steps) == 2
    assert told[:2] == ["subscription.listed"] * 2
    assert told.count("charge.refunded") == 1


def test_a_listed_subscription_tells_what_went_back_before_any_event_that_is_kept() -> None:
    account = Account(AT)
    sub, other = account.subscribes("a@x.org"), account.subscribes("b@x.org")
    invoice, others = list(account.rows["invoices"])
    account.gives_back(invoice, 900)
    account.gives_back(others, 4900)
    account.decides(account.disputes(invoice), "lost")
    account.waits(days=90)
    backs = [fact for fact in told_of(account, sub + WITH_BACKS)["facts"] if fact["what"] != "paid"]
    assert [(one["what"], one["amount"], one["payment"]) for one in backs] == [
        ("refunded", 900, invoice),
        ("refunded", 4000, invoice),  # of 49.00 no more is left
    ]
    before = len(account.asked)
    assert [fact["what"] for fact in told_of(account, other)["facts"]] == ["paid"]
    assert [path for _, path, _ in account.asked[before:]] == [
        f"/v1/subscriptions/{other}", "/v1/invoices",
    ]  # fmt: skip


def test_a_lost_dispute_takes_of_its_own_payment_whatever_went_back_of_another() -> None:
    account = Account(AT)
    sub = account.subscribes("a@x.org")
    begun, last = first(account), account.renews(sub)
    settled = account.switches(sub, "price_club")
    account.gives_back(begun, 4900)
    disputes = [account.disputes(invoice) for invoice in (last, last, settled)]
    opened = account.clock
    account.waits(days=400)
    for dispute in disputes:
        account.decides(dispute, "lost")
    told = told_of(account, sub + WITH_BACKS)
    backs = [one for one in told["facts"] if one["what"] == "refunded"]
    assert {one["id"]: (one["amount"], one["payment"]) for one in backs[-2:]} == {
        disputes[0]: (4900, last),  # and nothing is left for the second
        disputes[2]: (4950, ""),
    }
    assert {one["id"]: one["at"] for one in backs[-2:]} == {
        disputes[0]: told["asked_at"],
        disputes[2]: seconds(opened) - 1,  # the term that runs when it is lost was not paid by it
    }


def test_a_dispute_takes_once_it_is_lost_and_nobody_is_asked_for_one_that_is_not() -> None:
    account = Account(AT)
    account.subscribes("a@x.org")
    charge = next(iter(account.rows["charges"]))
    assert told_of(account, charge)["facts"][1:] == []
    assert not any(path.endswith("/disputes") for _, path, _ in account.asked)
    dispute = account.disputes(first(account))
    account.forbids = ("disputes",)
    account.gives_back(first(account), 900)
    parts = []
    for _ in range(2):
        with pytest.raises(InPart, match="may not read disputes") as part:
            told_of(account, charge)
        parts.append(part.value.told)
        account.waits(hours=1)
    assert parts[0].key == parts[1].key  # nothing of it changed
    facts = seen(msgspec.json.decode(parts[0].body))["facts"]
    assert [fact["what"] for fact in facts] == ["paid", "refunded"]  # and all else is told
    account.forbids = ()
    assert b"evidence" not in body_of(account, charge)
    for status, words in (
        ("under_review", []), ("warning_closed", []), ("lost", ["refunded"]), ("won", ["restored"]),
    ):  # fmt: skip
        account.decides(dispute, status)
        facts = [one for one in told_of(account, charge)["facts"][1:] if one["amount"] != 900]
        assert [fact["what"] for fact in facts] == words
        assert {fact["id"] for fact in facts} <= {dispute}


def test_an_end_far_ahead_is_the_end_of_the_last_term_and_not_of_this_one() -> None:
    account = Account(AT)
    sub = account.subscribes("a@x.org")
    account.ends_at(sub, AT + 2 * YEAR)
    assert told_of(account, sub)["stands"] == "runs"
    account.renews(sub)
    told = told_of(account, sub)
    assert (told["stands"], told["since"]) == ("ends", seconds(AT + YEAR))  # not when it was said
    account.goes_on(sub)
    account.rows["subscriptions"][sub]["cancel_at"] = None
    assert told_of(account, sub)["stands"] == "runs"


def test_the_line_of_the_term_counts_wherever_it_stands() -> None:
    account = Account(AT)
    sub = account.subscribes("a@x.org")
    account.rows["subscriptions"][sub]["items"]["data"][0]["price"]["id"] = "price_club"
    lines = account.rows["invoices"][account.renews(sub)]["lines"]["data"]
    part = {"amount": 0, "pricing": None, "period": lines[0]["period"]}
    lines[:0] = [part | {"id": f"il_{number}"} for number in range(12)]
    (fact,) = told_of(account, sub)["facts"][1:]
    assert (fact["price"], fact["begins"]) == ("price_club", seconds(AT + YEAR))


def told_of(account: Account, about: str) -> dict[str, Any]:
    """What is worked out of the answer to this."""
    return seen(msgspec.json.decode(body_of(account, about)))


def body_of(account: Account, about: str) -> bytes:
    """The answer to this, as it is kept."""
    now = account.clock + timedelta(seconds=1)
    sent = asyncio.run(looked_up_there(account.answers, _shop(account), about, now))
    assert sent is not None
    return sent.body


def first(account: Account) -> str:
    """The number of its first invoice."""
    return next(iter(account.rows["invoices"]))


def _shop(account: Account) -> Shop:
    return Shop("https://api.stripe.com", ShopKeys(account.key, ""))
