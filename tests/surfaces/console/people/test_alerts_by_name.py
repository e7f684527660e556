"""Alerts at the counter, as the console tells them: by the names people know."""

from __future__ import annotations

import re
from uuid import UUID

from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.people.test_members import joined
from tests.surfaces.counter import Counter

from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores

RAISE = """
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
values ($1::int, gen_random_uuid(), $2, $3, $4, $5, 4, $6, $5) returning alert_id
"""


def test_alerts_and_their_notes_name_people_and_stores(counter: Counter) -> None:
    """They said `staff_` and 32 digits, "all · all", a store's code and "The member"."""
    shop, member = counter.shop, joined(counter, "Vera", ("card", "99001"))
    owner, cashier = somebody(counter), somebody(counter, "cashier")
    shop.ask(keep_stores, KeepStore("alert-store", "somebody", name="Harbour Street"))
    told = [("velocity", str(UUID(member[4:])), "alert-store", 4), ("joins", "all", "all", 4),
            ("share", f"{cashier.principal} till 3", "alert-store", 9),
            ("lookups", "Bar till", "gone-store", 4)]  # fmt: skip
    ids = [
        shop.rows(RAISE, kind, subject, place, shop.now, out_of)[0][0]
        for kind, subject, place, out_of in told
    ]
    browser = Browser(counter)
    browser.sign_in(owner.email)
    assert browser.post(f"/console/alerts/{ids[0].hex}", {"note": "Her <birthday>"}).is_redirect
    page = browser.get("/console/alerts").text
    seen = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in re.findall(
        r"<section class=\"sheet.*?</section>", page, re.DOTALL)]  # fmt: skip
    says = {kind: next(one for one in seen if words in one) for kind, words in (
        ("velocity", "again and again"), ("joins", "Many joined"), ("share", "nobody registered"),
        ("lookups", "looked for many"))}  # fmt: skip
    assert "Vera Becker · Harbour Street · 4 times · " in says["velocity"]
    assert f"Her &lt;birthday&gt;{owner.name} · " in says["velocity"]
    assert f"{cashier.name} · Harbour Street · 4 of 9" in says["share"]
    assert "Bar till · gone-store · 4 times · " in says["lookups"]
    assert "4 of 4" not in page, "that many of as many says nothing"
    assert "all · " not in says["joins"]
    assert "staff_" not in "".join(says.values())
