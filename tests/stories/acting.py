"""What people in stories do, as commands of the flows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.makers import Shop, asked
from tests.stories.reading import Unreadable

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Confirm, RecordActivity, Redeem, Settle
from regulars.flows.confirm_activities import confirm_activities
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, MergeMembers, UnmergeMember
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.commands import Transfer, WriteOff
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import hold_rewards, settle_redemptions
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine, SaleRef
from regulars.records.members.types import Identifier, JoinMember, MemberRef

Deed = tuple[Any, Any]
"""A flow and one command for it; joining has no flow here."""

_WITH = re.compile(r"with (phone|email|card) (\S+(?: \d+)*)")
_TAIL = re.compile(r" (as|key|at|by|on) (\S+(?: \d\d:\d\d(?::\d\d)?)?)$")
_ITEM = re.compile(r"(?:(\d+) )?(?:([a-z][a-z-]*) )?(\d+(?:\.\d+)?)$")
_PAID = re.compile(r" paying (\d+(?:\.\d+)?) with (\S+)$")
_BACK = re.compile(r"(?:(\d+) ([a-z][a-z-]*) of )?(\S+)$")
_UNREAD = """
select m.message_id from message m join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'external' and i.value = $2 and m.delivered_at is null
 order by m.message_id limit 1
"""
_PIECES = re.compile(r"(\d+(?:\.\d+)?) ([a-z][a-z-]*)$")


class Stage:
    """What the story knows by name: sales by receipt, redemptions by what they were called."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sales: dict[str, tuple[str, ...]] = {}
        self.redemptions: dict[str, UUID] = {}
        self.merged: dict[str, UUID] = {}
        """Who was merged, by the name in the story."""

    def deed(self, who: str, what: str) -> Deed:
        """The command behind the words of a row."""
        what, tails = _tails(what)
        verbs: dict[str, Callable[..., Deed]] = {
            "joins": self._joins, "buys": self._buys, "gives back": self._gives_back,
            "does": self._does, "takes": self._takes, "reserves": self._reserves,
            "collects": self._collects, "lets go": self._lets_go, "gets": self._gets,
            "reads": self._reads,
            "loses": self._loses, "gives": self._gives, "merges into": self._merges,
            "has confirmed": self._confirms, "has cancelled": self._cancels,
            "parts again": self._parts, "is blocked": self._is_blocked,
            "is let go": self._is_let_go, "is forgiven": self._is_forgiven,
        }  # fmt: skip
        for verb, act in verbs.items():
            if what == verb or what.startswith(verb + " "):
                return act(who, what[len(verb) :].strip(), tails)
        raise Unreadable(f"nobody can {what!r}; there are: {', '.join(verbs)}")

    def _joins(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        names = [Identifier("external", who.lower())]
        names += [Identifier(kind, value) for kind, value in _WITH.findall(rest)]
        return None, JoinMember(identifiers=tuple(names))

    def _buys(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        lines = []
        rest, payments = self._paid(rest)
        for item in rest.split(", "):
            found = _ITEM.match(item)
            if found is None:
                raise Unreadable(f"what is {item!r}? Write `2 coffee 7.80` or `7.80`")
            quantity, category, amount = found.groups()
            lines.append(Line(self.money(amount), "", category or "", int(quantity or 1)))
        receipt = tails.get("as", "")
        self.sales[receipt] = tuple(line.category for line in lines)
        whole = len(lines) == 1 and not lines[0].category and lines[0].quantity == 1
        return self._activity(
            who,
            "purchase",
            tails,
            amount_minor=lines[0].amount_minor if whole else None,
            body=Body(lines=() if whole else tuple(lines), payments=payments),
        )

    def _paid(self, rest: str) -> tuple[str, tuple[Payment, ...]]:
        """`… paying 5.00 with V`: which redemption paid, and how much of it."""
        found = _PAID.search(rest)
        if found is None:
            return rest, ()
        payment = Payment("points", self.money(found[1]), self.redemptions[found[2]])
        return rest[: found.start()], (payment,)

    def _gives_back(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        returned = []
        receipt = ""
        for part in rest.split(" and "):
            found = _BACK.match(part)
            if found is None:
                raise Unreadable(f"what is {part!r}? Write `1 coffee of R1` or `R1`")
            quantity, category, receipt = found.groups()
            if quantity:
                known = self.sales.get(receipt, (category,))
                returned.append(ReturnedLine(known.index(category), int(quantity)))
        sale = SaleRef(source="till", external_id=receipt)
        return self._activity("", "return", tails, sale=sale, body=Body(returned=tuple(returned)))

    def _does(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._activity(who, rest, tails)

    def _activity(self, who: str, kind: str, tails: dict[str, str], **more: Any) -> Deed:
        return record_activities, RecordActivity(
            kind=kind,
            member=member(who),
            source="till",
            external_id=tails.get("as", ""),
            store=tails.get("at", ""),
            channel=tails.get("by", ""),
            occurred_at=self._when(tails.get("on")),
            asked=asked(tails.get("key", "")),
            **more,
        )

    def _takes(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._wish(who, rest, tails, capture=True)

    def _reserves(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._wish(who, rest, tails, capture=False)

    def _wish(self, who: str, reward: str, tails: dict[str, str], *, capture: bool) -> Deed:
        whom = member(who)
        assert whom is not None, who
        key = asked(tails.get("key", ""))
        return hold_rewards, Redeem(
            whom, reward, store=tails.get("at", ""), capture=capture, asked=key
        )

    def _collects(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        *amounts, name = rest.split(" of ")
        part = None
        if amounts:
            pieces = [_PIECES.match(one) for one in amounts[0].split(", ")]
            part = {one[2]: self.points(one[2], one[1]) for one in pieces if one is not None}
        return settle_redemptions, Settle(self.redemptions[name], "captured", part)

    def _lets_go(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return settle_redemptions, Settle(self.redemptions[rest], "voided")

    def _gets(self, who: str, rest: str, tails: dict[str, str], sign: int = 1) -> Deed:
        amount, _, reason = rest.partition(": ")
        found = _PIECES.match(amount)
        if found is None:
            raise Unreadable(f"what is {rest!r}? Write `50 points: goodwill`")
        wallet, number = found[2], sign * self.points(found[2], found[1])
        whom = member(who)
        assert whom is not None, who
        return adjust_balances, Adjust(whom, wallet, number, reason, "Olga")

    def _loses(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._gets(who, rest, tails, -1)

    def _gives(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        amount, _, to = rest.partition(" to ")
        found = _PIECES.match(amount)
        giver, taker = member(who), member(to)
        if found is None or giver is None or taker is None:
            raise Unreadable(f"what is {rest!r}? Write `gives 20 points to Ben`")
        units_ = self.points(found[2], found[1])
        return transfer_points, Transfer(
            giver, taker, found[2], units_, asked=asked(tails.get("key", ""))
        )

    def _merges(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        gone, stays = member(who), member(rest)
        assert gone is not None, who
        assert stays is not None, rest
        return merge_members, MergeMembers(gone, stays, "one person", "Olga")

    def _parts(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return unmerge_members, UnmergeMember(self.merged[who], "two after all", "Olga")

    def _is_blocked(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return self._block(who, True)

    def _is_let_go(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return self._block(who, False)

    def _block(self, who: str, blocked: bool) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return block_members, BlockMember(whom, blocked, "seen on camera", "Olga")

    def _is_forgiven(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return write_off_debts, WriteOff(whom, rest, "moved away", "Olga")

    def _confirms(self, who: str, rest: str, tails: dict[str, str], how: str = "confirmed") -> Deed:
        sale = SaleRef(source="till", external_id=rest)
        return confirm_activities, Confirm(sale, how, asked=asked(tails.get("key", "")))

    def _cancels(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._confirms(who, rest, tails, "cancelled")

    def _reads(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """The oldest message that was not shown to them yet."""
        return deliver_messages, Deliver(self.shop.rows(_UNREAD, who.lower())[0][0], "card")

    def money(self, text: str) -> int:
        return units(text, decimals(self.shop.terms.versions[-1].program.currency))

    def points(self, wallet: str, text: str) -> int:
        return units(text, self.shop.terms.versions[-1].program.wallets[wallet].scale)

    def _when(self, text: str | None) -> datetime | None:
        return None if text is None else self.shop.local(text)


def member(who: str) -> MemberRef | None:
    """Whom a row names: `Ada`, `card C1`, or somebody nobody knows."""
    if who in ("", "somebody"):
        return None
    if who.startswith("card "):
        return MemberRef(card=who[5:])
    return MemberRef(external=who.lower())


def _tails(what: str) -> tuple[str, dict[str, str]]:
    """What is said at the end: the receipt, key, store, channel and day."""
    tails: dict[str, str] = {}
    while found := _TAIL.search(what):
        tails[found[1]] = found[2]
        what = what[: found.start()]
    return what, tails
