"""Somebody of the shop looks after members; and faults about it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.chapters.office import HOUSE, hired
from tests.insight.verify.planting import ELSE, at, planted

from regulars.base.ids import id_of
from regulars.base.keyed import key_from
from regulars.flows.membership.benefits.commands import AssignAssociate, EndAssociate
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_associates import keep_associates
from regulars.flows.membership.benefits.lines.commands import HearWord
from regulars.flows.membership.benefits.lines.write_words import write_words
from regulars.flows.membership.commands import GrantBenefit


async def looked_after(shop: Any) -> None:
    """One is given somebody, who changes; one had somebody until it was ended."""
    one, other = await shop.join("kept@example.org"), await shop.join("left@example.org")
    staff = await hired(shop, b"s" * 32), await hired(shop, b"t" * 32)
    wishes = [GrantBenefit(who, "host", "kind", "mia") for who in (one, other)]
    await shop.act(grant_benefits, *wishes)
    shop.later(hours=1)
    for who in staff:
        (kept,) = await shop.act(keep_associates, AssignAssociate(one, "host", HOUSE, who))
        assert kept.staff_id == who, kept
        shop.later(hours=1)
    word = HearWord(id_of(b"w" * 16), one.id, "inbox", "Hello")
    (said,) = await shop.act(_hears, word)
    assert said.member_id == one.id, said
    shop.later(hours=1)
    (ended,) = await shop.act(keep_associates, EndAssociate(other, "host", HOUSE))
    assert ended.changed, ended


async def _hears(tx: Any, terms: Any, batch: Any) -> Any:
    return await write_words(tx, terms, key_from(b"k" * 32, "test"), batch)


LOOKED_AFTER = {
    "a word of somebody who never looked after them": planted(
        at(f"update line_word set staff_id = {ELSE}", "line_word"), "lines_fit"
    ),
    "a word with nobody": planted(
        at(f"update line_word set member_id = {ELSE}", "line_word"), "lines_fit"
    ),
    "an associate nobody knows": planted(
        at(f"update benefit_associate set staff_id = {ELSE}", "benefit_associate"),
        "associates_fit",
    ),
    "two look after one member at a time": planted(
        at(
            "update benefit_associate set begun_at = begun_at - interval '1 minute'",
            "benefit_associate",
            "ended_at is null",
        ),
        "associates_fit",
    ),
    "an associate ended before they began": planted(
        at(
            "update benefit_associate set ended_at = begun_at - interval '1 minute'",
            "benefit_associate",
            "why = 'by_hand'",
        ),
        "associates_fit",
    ),
    "nobody was told who looks after a member": planted(
        at("delete from outbox", "outbox", "type = 'associate.assigned'"), "associates_fit"
    ),
    "an associate was told and forgotten": planted(
        at("delete from benefit_associate", "benefit_associate"), "associates_fit"
    ),
    "an associate outlives the member": planted(
        at(
            """update benefit_associate set member_id = (
                 select member_id from member where state = 'erased' and program_id = 1 limit 1)""",
            "benefit_associate",
            "why = 'by_hand' and program_id = 1",
        ),
        "associates_fit",
    ),
}
