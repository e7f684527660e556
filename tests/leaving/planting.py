"""Members whose every text is a word that occurs nowhere else, and where to look for the words."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from tests.makers import Shop, asked, brings_back, buys

from regulars.flows.commands import Adjust, RecordActivity, Recorded, Redeem, Settle
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.commands import (
    Belonging,
    BlockMember,
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    MergeMembers,
    UseBenefit,
)
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.points.codes.commands import IssueCodes, UseCode, WithdrawCode
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import (
    Asked,
    ChangeMember,
    EraseMember,
    Identifier,
    Joined,
    JoinMember,
    LinkIdentifiers,
    MemberRef,
)

CORNER = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
country: DE
wallets:
  points: {expiry: {after: 30 days, round_up_to: day}}
  stamps: {kind: stamps}
  gifts: {kind: gift, expiry: {after: 8 days}, notice: {days: 5}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1}}
  - id: milk
    on: purchase
    wallet: stamps
    when: {if: member, attribute: milk, in: [oat]}
    award: {give: fixed, points: 1}
tiers:
  window: rolling
  rolling_days: 10
  valid: window_end
  steps: [{id: friend, at: "50.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 20}, hold_for: 1 hour}
  - {id: last, name: The last one, price: {stamps: 1}, stock: 1000}
  - {id: ticket, name: A ticket, price: {points: 1}, gives: {kind: code}}
benefits:
  - {id: guest, name: Bring a guest, needs: [guest], allowance: {times: 5, per: month}}
household: {most_members: 5}
"""


Deed = Callable[[Shop, random.Random, Any, str, int], None]


class Person(Struct):
    """Somebody with the words by which they would be recognised anywhere."""

    id: UUID
    number: str
    phone: str
    email: str
    card: str
    external: str
    given: str
    family: str
    words: list[str]
    """Everything personal that was ever told of them."""
    receipts: list[str] = []


def person(
    shop: Shop, chance: random.Random, place: int, deeds: Sequence[Deed] | None = None
) -> Person:
    """Somebody joins in a random state: purchases, returns, holds, adjustments, changes."""
    mark = f"zq{place:04d}{chance.randrange(16**6):06x}"
    # Each place has numbers of its own, so that no two people share a telephone.
    phone = f"+4930{1_000_000 + (place * 7_919 + chance.randrange(7_919)) % 8_999_999}"
    email, card, external = f"{mark}@example.org", f"card-{mark}", f"ext-{mark}"
    names = tuple(
        Identifier(*one)
        for one in (("phone", phone), ("email", email), ("card", card), ("external", external))
    )
    joins = JoinMember(
        identifiers=names, given_name=f"Given {mark}", family_name=f"Family {mark}",
        attributes={"milk": f"oat {mark}"}, source="web", asked=asked(f"join {mark}"),
    )  # fmt: skip
    (joined,) = shop.join(joins)
    assert isinstance(joined, Joined), joined
    one = Person(
        joined.member_id, joined.number, phone, email, card, external, f"Given {mark}",
        f"Family {mark}", [mark, phone, f"0{phone[3:]}", joined.number],
    )  # fmt: skip
    for step in range(chance.randrange(1, 6)):
        chance.choice(deeds or DEEDS)(shop, chance, one, mark, step)
    return one


def buy(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    receipt = f"r-{one.id.hex}-{step}"
    lines = tuple(
        Line(chance.randrange(100, 6_000), sku="latte", category="coffee", name=f"cup for {mark}")
        for _ in range(chance.randrange(1, 4))
    )
    body = Body(lines=lines, details={"note": f"says {mark}", "seat": 4})
    (told,) = shop.record(
        RecordActivity(
            kind="purchase", member=MemberRef(phone=one.phone), source="till",
            external_id=receipt, body=body,
            asked=Asked(chance.choice((one.email, "till", f"{one.given} {one.family}")), receipt),
        )
    )  # fmt: skip
    assert isinstance(told, Recorded), told
    one.receipts.append(receipt)


def bring_back(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """A return of what was bought, or of a sale that has not come."""
    receipt = chance.choice([*one.receipts, f"unseen-{step}-{one.id.hex}"])
    command = brings_back(receipt, receipt=f"back-{step}-{one.id.hex}")
    body = msgspec.structs.replace(command.body, details={"why": f"not for {mark}"})
    member = MemberRef(phone=one.phone.replace("+49", "0"))
    shop.record(msgspec.structs.replace(command, member=member, body=body))


def hold(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    buy(shop, chance, one, mark, step)
    command = Redeem(
        MemberRef(card=one.card), chance.choice(("cup", "last")), asked=Asked(one.email, "")
    )
    (held,) = shop.redeem(command)
    if getattr(held, "redemption_id", None) and chance.random() < 0.3:
        shop.settle(Settle(held.redemption_id, chance.choice(("captured", "voided"))))
    show_code(shop, one, mark, step)


def correct(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    shop.adjust(
        Adjust(
            MemberRef(email=one.email), "points", chance.randrange(1, 90),
            f"{mark} was sorry", f"{one.given} {one.family}", asked(f"adjust {mark} {step}"),
        )
    )  # fmt: skip


def show_code(shop: Shop, one: Person, mark: str, step: int) -> None:
    """A code is taken and used by somebody who says who they are, or withdrawn with a reason; and
    some are issued, with reasons that are theirs: to them alone, and to a guest as well, whose
    reason names them by a part of their given name."""
    why = IssueCodes("ticket", f"{mark} has a birthday", one.email, members=(MemberRef(id=one.id),))
    shop.ask(issue_codes, why)
    (guest,) = shop.joined(f"friend-{step}-{one.id.hex}")
    both = (MemberRef(id=one.id), guest)
    shop.ask(issue_codes, IssueCodes("ticket", f"for {mark}'s friends", "olga", members=both))
    wish = Redeem(MemberRef(card=one.card), "ticket", capture=True, asked=Asked(one.email, ""))
    (done,) = shop.redeem(wish)
    code = getattr(done, "code", "")
    if step % 2:
        shop.ask(withdraw_codes, WithdrawCode(code, f"{mark} lost it", one.email))
    else:
        shop.ask(use_codes, UseCode(code, "main", "till", Asked(one.email, "")))


def rename(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    ref = MemberRef(id=one.id)
    change = ChangeMember(ref, given_name=f"Other {mark}", attributes={"milk": f"soy {mark}"})
    shop.do(lambda tx, _: change_members(tx, "DE", [change]))
    link = LinkIdentifiers(ref, link=(Identifier("card", f"more-{mark}-{step}"),))
    shop.do(lambda tx, _: link_identifiers(tx, "DE", [link]))


def double(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """A second record turns out to be the same person."""
    card = f"twin-{mark}-{step}"
    joins = JoinMember(identifiers=(Identifier("card", card),), family_name=f"Twin {mark}")
    shop.join(joins)
    buys = RecordActivity(
        kind="purchase", member=MemberRef(card=card), body=Body(
            lines=(Line(700, sku="latte", name=f"twin cup {mark}"),), details={"note": mark}
        ),
    )  # fmt: skip
    shop.record(buys)
    said = (f"{mark} has two", f"{one.given} {one.family}")
    wish = MergeMembers(MemberRef(card=card), MemberRef(id=one.id), *said)
    shop.ask(merge_members, wish)


def shut(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """Blocked, and let go again."""
    for blocked in (True, False):
        wish = BlockMember(MemberRef(id=one.id), blocked, f"{mark} shouted", one.email)
        shop.ask(block_members, wish)


def settle_down(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """A household in their name, with somebody else in it."""
    name = f"Family {mark}"
    (made,) = shop.ask(found_households, FoundHousehold(MemberRef(id=one.id), name, one.email))
    if isinstance(made, Belonging):
        (guest,) = shop.joined(f"guest-{one.id.hex}")
        shop.ask(enter_households, EnterHousehold(made.household_id, guest, "member"))


def is_told(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """A gift lapses soon; a message says so, and somebody says who read it."""
    shop.adjust(Adjust(MemberRef(id=one.id), "gifts", 3, f"{mark} is nice", one.email))
    shop.night("post_notices")
    sql = "select message_id from message where program_id = $1 and member_id = $2"
    for (message_id,) in shop.rows(sql, one.id):
        shop.ask(deliver_messages, Deliver(message_id, f"card of {mark}"))


def remember(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """A purchase of a week ago comes late, and what was bought since is decided again."""
    long_ago, large = shop.now - timedelta(days=7), 6_000 + chance.randrange(900)
    named = f"r-{one.id.hex}-{step}"
    shop.record(buys(MemberRef(id=one.id), 900, receipt=f"{named}-now"))
    (told,) = shop.record(
        buys(MemberRef(id=one.id), large, receipt=f"{named}-late", occurred_at=long_ago)
    )
    assert isinstance(told, Recorded), told


def wait(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    shop.now += timedelta(days=chance.randrange(1, 12))
    if chance.random() < 0.5:
        shop.night()


def bring_a_guest(shop: Shop, chance: random.Random, one: Person, mark: str, step: int) -> None:
    """With the name of the guest, and sometimes once more than allowed, by a word of the shop."""
    ref = MemberRef(email=one.email)
    if chance.random() < 0.4:
        why = (f"for {one.given} again", f"{one.given} {one.family}")
        shop.ask(grant_benefits, GrantBenefit(ref, "guest", *why, asked=asked(f"g {mark} {step}")))
    wish = UseBenefit(ref, "guest", store="main", details={"guest": f"friend of {mark}"},
                      asked=Asked(one.email, f"guest {mark} {step}"))  # fmt: skip
    shop.ask(use_benefits, wish)


DEEDS = (buy, buy, buy, bring_back, hold, correct, rename, wait, bring_a_guest)
WITH_OTHERS = (*DEEDS, double, shut, settle_down, is_told, remember)


def erase(shop: Shop, *people: Person, key: str = "") -> list[Any]:
    """Erase these people as one batch."""
    commands = [
        EraseMember(one.id, asked=Asked("owner", key and f"{key} {one.id}")) for one in people
    ]
    return shop.ask(erase_members, *commands)


def tables(shop: Shop) -> list[str]:
    """Every table there is."""
    sql = "select tablename::text from pg_tables where schemaname = 'public' and $1::int > 0"
    return sorted(row[0] for row in shop.rows(sql))


def found(shop: Shop, words: list[str]) -> list[tuple[str, str]]:
    """Where any of these words lies: table and word; in texts, JSON and packed bytes alike."""
    places: list[tuple[str, str]] = []
    texts = [word.lower() for word in words]
    # Packed bytes are shown as hex, so that a word in them can be read.
    hidden = {word.encode().hex(): word for word in texts}
    looked_for = dict.fromkeys(texts) | hidden
    for table in tables(shop):
        # One line of text: no word is so short that two rows could make it together.
        sql = f"select string_agg(lower(t::text), chr(10)) from {table} t where $1::int > 0"
        text = shop.rows(sql)[0][0] or ""
        there = {hidden.get(word, word) for word in words_in(text, looked_for)}
        places += [(table, word) for word in sorted(there)]
    sql = """
        select tablename || '.' || attname, lower(coalesce(most_common_vals::text, '')
               || coalesce(histogram_bounds::text, '') || coalesce(most_common_elems::text, ''))
          from pg_stats where schemaname = 'public' and $1::int > 0"""
    for column, text in shop.rows(sql):
        places += [(column, word) for word in sorted(words_in(text, dict.fromkeys(texts)))]
    return places


def words_in(text: str, words: Collection[str]) -> set[str]:
    """Which of these words lie in a text; as fast for thousands of them as for one.

    Every place of the text is compared with the beginnings of all words at once.
    """
    size = min(map(len, words), default=1)
    begin: dict[str, list[str]] = {}
    for word in words:
        begin.setdefault(word[:size], []).append(word)
    return {
        word
        for place in range(len(text) - size + 1)
        if (head := text[place : place + size]) in begin
        for word in begin[head]
        if text.startswith(word, place)
    }


def sums(shop: Shop) -> list[tuple[Any, ...]]:
    """What lies on every account of every member and of the program."""
    return shop.rows(
        "select member_id, wallet, case when account in (1, 3) then 0 else account end as account, "
        "sum(amount)::bigint from posting where program_id = $1 "
        "group by 1, 2, 3 having sum(amount) <> 0 order by 1, 2, 3"
    )
