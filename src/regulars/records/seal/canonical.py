"""What of each table is sealed, and as which bytes; written as SQL, since PostgreSQL hashes it.

Only functions of PostgreSQL itself are used: one of our own could be replaced behind our back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

PLAIN, SECRET = r"'\x01'::bytea", r"'\x02'::bytea"
NOBODY: Final = "'00000000-0000-0000-0000-000000000000'::uuid"


class Sealed(NamedTuple):
    """One kind of row: where it lies, what it is found by, and what of it is hashed."""

    code: int
    table: str
    subject: str
    """Its id, as SQL over the row `r`."""
    member: str
    since: str
    """The column that says under which transaction it became so."""
    plain: tuple[str, ...]
    """What stays for ever, already as bytes."""
    personal: tuple[str, ...]
    """What an erasure takes: persons and free text."""
    beside: str = ""
    """What is joined to the row; one row at most."""


def number(sql: str) -> str:
    """Eight bytes, the highest first, negative numbers as their complement of two."""
    return f"int8send(({sql})::bigint)"


def text(sql: str) -> str:
    """Its length in bytes of UTF-8 as four bytes, then these; one byte 255 four times for null."""
    raw = f"convert_to({sql}, 'UTF8')"
    return rf"coalesce(int4send(octet_length({raw})) || {raw}, '\xffffffff'::bytea)"


def raw(sql: str) -> str:
    """Its length as four bytes, then the bytes themselves."""
    return rf"coalesce(int4send(octet_length({sql})) || {sql}, '\xffffffff'::bytea)"


def id_(sql: str) -> str:
    """Sixteen bytes after a byte 1, or a byte 0 for none."""
    return rf"coalesce('\x01'::bytea || uuid_send({sql}), '\x00'::bytea)"


def instant(sql: str) -> str:
    """Microseconds since 2000-01-01 UTC as eight bytes after a byte 1, or a byte 0 for none."""
    return rf"coalesce('\x01'::bytea || timestamptz_send({sql}), '\x00'::bytea)"


def each(source: str, order: str, *parts: str) -> str:
    """How many rows belong here as eight bytes, then each of them in this order."""
    joined = " || ".join(parts)
    agg = f"string_agg({joined}, ''::bytea order by {order})"
    return f"(select int8send(count(*)) || coalesce({agg}, ''::bytea) from {source})"  # noqa: S608


def _if_decided(*parts: str) -> str:
    joined = " || ".join(parts)
    return rf"case when t.activity_id is null then '\x00'::bytea else '\x01'::bytea || {joined} end"


def _where_known(sql: str) -> str:
    """Nothing at all of rows that are older than the column: their bytes stay what they were."""
    return f"case when {sql} is null then ''::bytea else {number(sql)} end"


def _only_of_holds(sql: str) -> str:
    return f"case when r.kind = 'hold' then {sql} else ''::bytea end"


def _only_of_courtesies(sql: str) -> str:
    return f"case when r.kind in ('extend', 'reinstate') then {sql} else ''::bytea end"


_OF_ENTRY = "p.program_id = r.program_id and p.entry_id = r.entry_id and p.member_id = r.member_id"
_OF_ACTIVITY = (
    "t.program_id = r.program_id and t.activity_id = r.activity_id and t.member_id = r.member_id"
)

ACTIVITY: Final = Sealed(
    1, "activity", "r.activity_id", "r.member_id", "recorded_tx",
    plain=(
        text("r.kind"), id_("r.sale_id"), instant("r.occurred_at"), instant("r.recorded_at"),
        number("r.amount_minor"),
        _if_decided(id_("t.sale_id"), number("t.version"), number("t.engine"),
                    instant("t.recorded_at")),
    ),
    personal=(
        text("r.source"), text("r.external_id"), text("r.store"), text("r.channel"),
        text("r.body::text"), text("r.actor"),
        _if_decided(raw("t.packed")),
    ),
    beside=f"left join trail t on {_OF_ACTIVITY}",
)  # fmt: skip
ENTRY: Final = Sealed(
    2, "entry", "r.entry_id", "r.member_id", "recorded_tx",
    plain=(
        text("r.kind"), id_("r.cause_id"), id_("r.reverses"), instant("r.occurred_at"),
        instant("r.recorded_at"),
        each(f"posting p where {_OF_ENTRY}", "p.line",
             number("p.line"), number("p.wallet"), number("p.account"), number("p.amount")),
        each(f"lot_move p where {_OF_ENTRY}", "p.lot_id",
             id_("p.lot_id"), number("p.wallet"), number("p.delta")),
        # A hold names its lots; they are written with the entry of the same redemption.
        # No join: `verify --chain` asks this for millions of entries with nested loops off.
        _only_of_holds(each(
            "hold_lot p where p.program_id = r.program_id and p.member_id = r.member_id and "
            "p.hold_id = any (array(select h.hold_id from hold h where "
            "h.program_id = r.program_id and h.member_id = r.member_id and "
            "h.redemption_id = r.cause_id))", "p.hold_id, p.lot_id",
            id_("p.hold_id"), id_("p.lot_id"), number("p.amount"),
        )),
        _only_of_courtesies(each(
            f"courtesy p where {_OF_ENTRY}", "p.entry_id",
            text("p.kind"), id_("p.lot_id"), number("p.wallet"), number("p.points"),
            instant("p.from_at"), instant("p.to_at"), number("p.cost_minor"),
        )),
    ),
    personal=(text("r.actor"), text("r.reason")),
)  # fmt: skip
TIER_MOVE: Final = Sealed(
    3, "tier_move", "r.move_id", "r.member_id", "recorded_tx",
    plain=(
        text("r.from_tier"), text("r.to_tier"), text("r.reason"), id_("r.cause_id"),
        instant("r.until_at"), instant("r.occurred_at"), instant("r.recorded_at"),
        _where_known("r.counted"),
    ),
    personal=(),
)  # fmt: skip
VERSION: Final = Sealed(
    4, "program_version",
    "('00000000-0000-0000-0000-' || lpad(to_hex(r.version), 12, '0'))::uuid", NOBODY,
    "recorded_tx",
    plain=(
        number("r.version"), instant("r.effective_from"), text("r.source"), raw("r.sha256"),
        instant("r.published_at"),
    ),
    personal=(text("r.published_by"),),
)  # fmt: skip
ERASURE: Final = Sealed(
    5, "seal_salt", "r.member_id", "r.member_id", "erased_tx",
    plain=(instant("r.erased_at"),), personal=(),
)  # fmt: skip

KINDS: Final = (ACTIVITY, ENTRY, TIER_MOVE, VERSION, ERASURE)
KIND: Final = {kind.code: kind for kind in KINDS}
PARTS: Final = {
    "trail": (
        "t.activity_id",
        f"trail t where not exists (select from activity r where {_OF_ACTIVITY})",
    ),
    "posting": (
        "p.entry_id",
        f"posting p where not exists (select from entry r where {_OF_ENTRY})",
    ),
    "lot_move": (
        "p.entry_id",
        f"lot_move p where not exists (select from entry r where {_OF_ENTRY})",
    ),
    "courtesy": (
        "p.entry_id",
        f"courtesy p where not exists (select from entry r where {_OF_ENTRY})",
    ),
    "hold_lot": (
        "p.hold_id",
        "hold_lot p where not exists (select from hold h join entry r "
        "on r.program_id = h.program_id and r.member_id = h.member_id "
        "and r.cause_id = h.redemption_id and r.kind = 'hold' "
        "where h.program_id = p.program_id and h.member_id = p.member_id "
        "and h.hold_id = p.hold_id)",
    ),
}
"""Tables sealed with the row they belong to: its id, and how to find what belongs to none."""
LEFT_OUT: Final[dict[str, str]] = {
    "seal_chain": "is the seal itself", "seal_link": "is the seal itself",
    "seal_checkpoint": "is the seal itself",
    "experiment": "is a plan of the shop and no points",
    "offer": "is a plan of the shop; what it gives is an entry, and its rule a version",
    "offer_member": "says who was offered what; what it gave them is an entry in the chain",
    "offer_choice": "is a plan of the shop; what is chosen is an offer",
    "offer_choice_made": "says what was chosen for whom; what it gave is an entry",
    "campaign": "is a plan of the shop and no points",
    "campaign_trial": "is a letter to who wrote it, and moves no points",
    "line_word": "is what somebody wrote, and moves no points",
    "line_task": "is a plan of somebody of the shop and no points",
    "push_device": "is where a member is told, and moves no points",
    "card_letter": "is what was said to a member, and moves no points",
    "campaign_message": "is what was written to a member, and moves no points",
    "journey": "is a plan of the shop and no points",
    "journey_version": "is a plan of the shop and no points",
    "journey_run": "says where a member is on their way, and moves no points",
    "journey_pass": "says which steps are behind a member, and moves no points",
    "journey_reach": "says how far was looked",
    "text_heard": "is what somebody wrote to the shop, and moves no points",
    "club": "is a plan of the shop and no points",
    "club_place": "says who is in a club; that they joined is an activity, which is in the chain",
    "club_invitation": "says whom the shop asked to join, and moves no points",
    "gathering": "is a plan of the shop and no points",
    "lesson": "is something the shop teaches and no points",
    "lesson_try": "says who tried; that they passed is an activity, which is in the chain",
    "member_post": "is what somebody wrote; that it was published is an activity in the chain",
    "post_report": "is what somebody says of what another wrote, and moves no points",
    "service_case": "is what troubles somebody; that it was closed is an activity in the chain",
    "case_note": "is what somebody wrote of a case, and moves no points",
    "reference_member": "says who may be asked, and moves no points",
    "reference_request": "is who asks; that a reference was given is an activity in the chain",
    "reference_ask": "says who was asked, and moves no points",
    "seat": "says who has a seat; that they came is an activity, which is in the chain",
    "survey": "is a question of the shop and no points",
    "survey_invitation": "says who was asked, and moves no points",
    "survey_answer": "is what somebody said; that they did is an activity, which is in the chain",
    "segment": "is a plan of the shop and no points",
    "segment_version": "is a plan of the shop and no points",
    "segment_listed": "is a word of the shop about a member and no points",
    "segment_member": "follows from activities and entries, which are in the chain",
    "segment_move": "follows from activities and entries, which are in the chain",
    "outlet_member": "says what another system knows of a member, and moves no points",
    "segment_touch": "says whom to look at anew, and moves no points",
    "member_tally": "counts members and moves no points",
    "segment_reach": "says how far members of segments follow the books",
    "experiment_look": "is reckoned from activities and entries, which are in the chain",
    "experiment_member": "is chance, and what comes of it are entries",
    "member_value": "is reckoned from activities, which are in the chain",
    "benefit_associate": "says who of the shop looks after whom, and moves no points",
    "erasure_notice": "says who was told of an erasure to come; the erasure is in the chain",
    "retention_day": "says which nights were gone through for whom to forget",
    "member_alert": "says whom the shop should look at, and moves no points",
    "member_alert_day": "says which days were looked at",
    "category_run": "says how it was reckoned what members buy from next",
    "month_page": "repeats what prepared rows said of a month, and moves no points",
    "month_letter": "says to whom of the staff a month went",
    "value_run": "says how values were reckoned",
    "consent": "is a word of a member and no points; its words are kept one after the other",
    "restatement": "says why entries of kind `restate` were made; these are in the chain",
    "notice_lot": "says which lots a message is about, and moves no points",
    "postponement": "repeats the ends that the entry it belongs to moved",
    "arrival_activity": "says by which event an activity came; the activity is in the chain",
    "block": "is a word of the shop about a member and no points; every word is kept",
    "benefit_grant": "is a word of the shop and no points; every word is kept, and each use of it "
    "beside it",
    "code_run": "is a word of the shop and no points; its codes stand beside it",
    "import_made": "says which import made a member, and moves no points",
    "choice": "is a word of a member and no points; what they took is a redemption or a use",
    "tier_grant": "is a word of the shop; the tier it gave is in the chain as a move of tiers",
    "entry_place": "says at which store an entry was told, and moves nothing",
    "bill_reward": "says for which bill a redemption was made; the redemption is in the chain",
    "admission": "is what people told when they joined and no points",
    "tier_notice": "says that a member was told in time, and moves nothing",
    "tier_turn": "is a word about a tier given by hand; the move it made is in the chain",
    "membership_turn": "is about money that somebody else takes; the points that come with it are "
    "entries",
    "payout": "says where money went; that it left the wallet is an entry in the chain",
    "payout_run": "sums up pay-outs, whose entries are in the chain",
    "payout_return": "is a word of a bank; the money that is back is an entry in the chain",
    "partner_contract": "is a word between two businesses and no points",
    "partner_contract_end": "is a word between two businesses and no points",
    "partner_entry": "is money between two businesses; what it gave or took members are entries",
    "partner_claim": "is a word of a member; what is granted is an entry",
    "partner_dispute": "is a word of a partner and no points",
    "partner_decision": "is a word of the shop; what is granted is an entry",
    "partner_claim_match": "says by which other number a partner told of a claim, and no points",
    "partner_settlement": "sums up lines between two businesses",
    "partner_answer": "is a word of a partner and no points",
    "arrival_partner_entry": "says by which event a line of a partner came",
    "household": "is a name for members who spend together and no points; what is handed over "
    "among them are entries",
    "version_withdrawal": "says why a version stands in another one's place; both are in the chain",
    "terms_word": "is a word of a member and no points; every word is kept",
    "board_end": "says who had which place when a period was over; what was paid is an entry",
    "board_place": "says who had which place when a period was over; what was paid is an entry",
    "team": "is a name for members who reach a challenge together; the prize is an entry",
    "used_before": "counts what limits and budgets had used elsewhere, and moves no points; what "
    "was brought over of points are entries",
    "came_along": "says which things were made elsewhere, and moves no points; those are entries",
    "gone_before": "counts pieces that were gone elsewhere, and moves no points",
    "draw_list": "repeats what members had in a draw when its list closed; its digest is public",
    "staff_act": "says what staff did and moves no points; what they booked is in the chain",
    "fence": "is about an installation that was restored, and of no program",
}  # fmt: skip
"""Append-only tables that are not in the chain, and why; a test wants each table to be told."""


def plain(kind: Sealed) -> str:
    """The digest of what stays for ever."""
    return f"sha256({_joined((PLAIN, *kind.plain))})"


def secret(kind: Sealed, salt: str) -> str:
    """The salted digest of what is personal; 32 bytes of nothing where nothing is."""
    if not kind.personal:
        return "decode(repeat('00', 32), 'hex')"
    return f"sha256({_joined((SECRET, salt, f'uuid_send({kind.subject})', *kind.personal))})"


def _joined(parts: Sequence[str]) -> str:
    return "\n || ".join(parts)
