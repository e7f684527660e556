"""Segments and an offer of the one program that has everything counted; and faults about who is in
them, and who has it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import ELSE, at, planted

from regulars.flows.membership.office.segments.commands import KeepSegment, ListMembers
from regulars.flows.membership.office.segments.follow_segments import follow_segments
from regulars.flows.membership.office.segments.keep_segments import keep_segments, list_members
from regulars.flows.terms.promised.choose_offers import walk_choices
from regulars.flows.terms.promised.commands import GiveOffer, KeepOffer, OpenOffer
from regulars.flows.terms.promised.give_offers import give_offers, walk_offers
from regulars.flows.terms.promised.keep_choices import KeepChoice, MoveChoice, keep_choices
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers.types import Bonus

_BY = By(words="mia")
_MAIL = {"if": "contact", "by": "email"}
_OTHERS = {"if": "not", "that": {"if": "segment", "in": ["friends"]}}


async def spoken_to(shop: Any) -> None:
    """Three segments; somebody comes in, somebody is put on a list and so leaves another."""
    for said in (
        KeepSegment("friends", "Friends", _BY, kind="list"),
        KeepSegment("others", "Others", _BY, _OTHERS),
        KeepSegment("reachable", "Reachable", _BY, _MAIL),
    ):
        await shop.act(keep_segments, said)
    await followed(shop)
    shop.later(hours=1)
    pia = await shop.join("pia@example.org")
    await shop.act(list_members, ListMembers("friends", (pia.id,), _BY))
    await followed(shop)
    shop.later(hours=1)
    lea = await shop.join("lea@example.org")
    await followed(shop)
    shop.later(hours=1)
    await shop.act(list_members, ListMembers("friends", (lea.id,), _BY))
    await followed(shop)


async def followed(shop: Any) -> None:
    """Everybody is in the segments they fit."""
    await shop.counts()
    terms = await shop.programs.terms(shop.program_id)
    going = True
    while going:
        async with shop.database.transaction(shop.program_id) as tx:
            going = await follow_segments(tx, terms)


_INSIDE = "select segment_id from segment where code = '{}'"
_CAME = "entered and segment_id = (" + _INSIDE.format("reachable") + ")"
SPOKEN_TO = {
    "somebody is in a segment and does not fit": planted(
        f"""with more as (insert into segment_member
                select program_id, ({_INSIDE.format("friends")}), member_id, '2020-01-01'
                  from member where member_id in (select member_id from identifier
                       where value = 'leo@example.org') returning program_id, segment_id)
            insert into member_tally (program_id, of_id, change) select *, 1 from more""",
        "asked_anew",
    ),
    "somebody fits and is not in it": planted(
        f"""with gone as (delete from segment_member where segment_id =
                ({_INSIDE.format("reachable")}) and member_id = (select member_id from identifier
                       where value = 'leo@example.org') returning program_id, segment_id)
            insert into member_tally (program_id, of_id, change) select *, -1 from gone""",
        "asked_anew",
    ),
    "somebody came, and nobody wrote it down": planted(
        at("delete from segment_move", "segment_move", _CAME), "moved_exactly"
    ),
    "somebody came at another time": planted(
        at("update segment_member set since = since + interval '1 minute'", "segment_member",
           "since > (select max(filled_at) from segment)"),
        "moved_exactly",
    ),
    "somebody came twice": planted(
        f"""insert into segment_move select program_id, segment_id, member_id,
                   at - interval '1 minute', true, 'told', version
              from segment_move where {_CAME} limit 1""",
        "moved_exactly",
    ),
    "somebody went, and is in it": planted(
        f"""insert into segment_move select program_id, segment_id, member_id,
                   at + interval '1 minute', false, 'time', version
              from segment_move where {_CAME} limit 1""",
        "moved_exactly",
    ),
    "somebody who was erased is on a list": planted(
        """insert into segment_listed select program_id, segment_id, (select member_id from member
                where state = 'erased' and program_id = s.program_id limit 1), made_at
             from (select e.program_id, uuidv7() as segment_id, joined_at as made_at from member e
                    where e.state = 'erased' limit 1) s""",
        "active_alone",
    ),
    "somebody nobody knows is in a segment": planted(
        f"""with more as (insert into segment_member select program_id, segment_id, {ELSE},
                   '2020-01-01' from segment where code = 'friends' returning program_id, segment_id)
            insert into member_tally (program_id, of_id, change) select *, 1 from more""",
        "active_alone",
    ),
    "one more is counted than there are": planted(
        at("update member_tally set change = change + 1", "member_tally"), "active_alone"
    ),
}  # fmt: skip


async def offered(shop: Any) -> None:
    """A bonus for who is in a segment, and one more who is given it by hand."""
    terms = await shop.programs.terms(shop.program_id)
    program = terms.versions[-1].program
    own, wallet = program.locale.partition("-")[0], next(iter(program.wallets))
    wish = KeepOffer("back", "Back", Bonus(wallet, 1), {own: "A point"}, _BY, "reachable", days=7)
    await shop.act(keep_offers, wish)
    async with shop.database.transaction(shop.program_id) as tx:
        await open_offer(tx, terms, OpenOffer("back", _BY))
    shop.programs.forget(shop.program_id)
    terms = await shop.programs.terms(shop.program_id)
    async with shop.database.transaction(shop.program_id) as tx:
        while await walk_offers(tx, terms):
            pass
    who = MemberRef(email="pia@example.org")
    await shop.act(give_offers, GiveOffer("back", who, _BY))
    await _chosen(shop, KeepOffer("nice", "Nice", Bonus(wallet, 1), {own: "A point"}, _BY, days=7))
    await followed(shop)  # segments are worked out anew by the version it is published with


async def _chosen(shop: Any, wish: KeepOffer) -> None:
    """Nothing or an offer for who is in a segment."""
    await shop.act(keep_offers, wish)
    terms = await shop.programs.terms(shop.program_id)
    async with shop.database.transaction(shop.program_id) as tx:
        await open_offer(tx, terms, OpenOffer(wish.code, _BY))
    shop.programs.forget(shop.program_id)
    terms = await shop.programs.terms(shop.program_id)
    await shop.act(keep_choices, KeepChoice("which", "Which", "reachable", (wish.code,), _BY))
    await shop.act(keep_choices, MoveChoice("which", "open", _BY))
    async with shop.database.transaction(shop.program_id) as tx:
        while await walk_choices(tx, terms):
            pass


OFFERED = {
    "somebody chooses what chance did not": planted(
        "update offer_choice_made set arm = 1 - arm", "choices_by_chance"
    ),
    "a chance is written otherwise than it was": planted(
        at("update offer_choice_made set chance = 99", "offer_choice_made", "true"),
        "choices_by_chance",
    ),
    "of who has an offer nothing is said": planted(
        "update member set derived = nullif(derived - 'offer-back', '{}'::jsonb)"
        " where derived ? 'offer-back'",
        "offers_known",
    ),
    "somebody has what they were not offered": planted(
        at("update offer_member set state = 'offered', held_at = null", "offer_member", "true"),
        "offers_known",
    ),
    "somebody is held out of an offer by hand": planted(
        "update offer_member set state = 'held_out', why = 'here', how = 'segment'",
        "offers_by_chance",
        "offers_known",
    ),
    "more have an offer than were counted": planted(
        "update offer set given = given + 1", "offers_by_chance"
    ),
}
