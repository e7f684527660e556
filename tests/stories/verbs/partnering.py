"""What partners and the shop do about each other."""

from __future__ import annotations

import re
from typing import Any

from tests.stories.reading import Unreadable
from tests.stories.verbs.known import Deed, Known, member

from regulars.flows.points.partners.book_activities import (
    book_activities,
    book_payments,
    take_back,
)
from regulars.flows.points.partners.claim_activities import (
    decide_claims,
    file_claims,
    open_disputes,
)
from regulars.flows.points.partners.commands import (
    BookPayment,
    Decide,
    FileClaim,
    KeepPartner,
    OpenDispute,
    PartnerActivity,
    Settle,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.flows.points.partners.settle_accounts import settle_accounts

_SIGNS = re.compile(r"(sells|buys back) (\S+) ([a-z]+) for (\S+)(?: up to (\S+))?$")
_TELLS = re.compile(r"(\S+) ([a-z]+) (?:of (\w+)|(\w+) spent)$")
_BACK = re.compile(r"(?:(\S+) of )?(spent )?(\S+)$")
_MISSES = re.compile(r"(\S+) ([a-z]+) with (\w+)$")
_LINE = "select entry_id from partner_entry where program_id = $1 and external_id = $2"
_CLAIM = "select claim_id from partner_claim where program_id = $1 and external_id = $2"
_DISPUTE = f"""
select dispute_id from partner_dispute where program_id = $1 and entry_id in ({_LINE})
"""


class Partnering(Known):
    """Verbs of a story: partners agree, tell, pay and quarrel."""

    def _becomes(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`becomes a partner`."""
        return keep_partners, KeepPartner(who.lower(), who, "Mia")

    def _signs(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`agrees that the shop sells 1000 miles for 8.33 up to 50.00`: without an end to it packs
        are paid beforehand; or that it `buys back` what members spend there."""
        found = _SIGNS.match(rest)
        if found is None:
            raise Unreadable(f"{rest!r}: `sells 1000 miles for 8.33`, perhaps `up to 50.00`")
        way, per, wallet, price, limit = found.groups()
        return sign_contracts, SignContract(
            who.lower(),
            "accrual" if way == "sells" else "redemption",
            wallet,
            self.money(price),
            self.points(wallet, per),
            self._currency(),
            "Mia",
            limit_minor=None if limit is None else self.money(limit),
            claim_from_days=3,
        )

    def _pays(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`pays 10.00 as pack-1`."""
        number = tails.get("as", "")
        return book_payments, BookPayment(
            who.lower(), self.money(rest), self._currency(), number, "Mia"
        )

    def _tells(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`tells of 250 miles of Ada as r-1`, `tells of 500 miles Ada spent as s-1`."""
        found = _TELLS.match(rest)
        whom = None if found is None else member(found[3] or found[4])
        if found is None or whom is None:
            raise Unreadable(f"{rest!r}: `250 miles of Ada`, or `250 miles Ada spent`")
        kind: Any = "accrual" if found[3] else "redemption"
        units, number = self.points(found[2], found[1]), tails.get("as", "")
        return book_activities, PartnerActivity(
            who.lower(), kind, whom, found[2], units, number, self.when(tails.get("on")), actor=who
        )

    def _takes_back(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`takes back r-1 as b-1`, `takes back 100 of r-1 as b-1`, `takes back spent s-1 as b`."""
        found = _BACK.match(rest)
        assert found is not None, rest
        kind: Any = "redemption" if found[2] else "accrual"
        units = None if found[1] is None else int(found[1])
        return take_back, TakeBack(
            who.lower(), kind, found[3], tails.get("as", ""), units, actor=who
        )

    def _misses(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`misses 120 miles with Cars as t-1 on 2027-03-01 10:00`."""
        found, whom, at = _MISSES.match(rest), member(who), self.when(tails.get("on"))
        if found is None or whom is None or at is None:
            raise Unreadable(f"{rest!r}: `120 miles with Cars as t-1 on 2027-03-01 10:00`")
        units, number = self.points(found[2], found[1]), tails.get("as", "")
        return file_claims, FileClaim(found[3].lower(), whom, found[2], units, number, at, who)

    def _settles(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`settles Sky`: everything that was booked before today."""
        return settle_accounts, Settle(rest.lower(), who)

    def _disputes(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`disputes r-1`."""
        ((line,),) = self.shop.rows(_LINE, rest)
        return open_disputes, OpenDispute(line, who, "not our customer")

    def _grants(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`grants claim t-1`, `grants dispute r-1`."""
        return self._decides(who, rest, "granted")

    def _rejects(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`rejects claim t-1`, `rejects dispute r-1`."""
        return self._decides(who, rest, "rejected")

    def _decides(self, who: str, rest: str, decision: Any) -> Deed:
        about, _, number = rest.partition(" ")
        ((id_,),) = self.shop.rows(_CLAIM if about == "claim" else _DISPUTE, number)
        kind: Any = about
        return decide_claims, Decide(kind, id_, decision, who, "looked at the papers")

    def _currency(self) -> str:
        return self.shop.terms.versions[-1].program.currency
