"""What points are spent on, and corrected by hand."""

from __future__ import annotations

import re
from uuid import UUID

from msgspec.structs import replace
from tests.makers import asked
from tests.stories.reading import Unreadable
from tests.stories.verbs.known import Deed, member
from tests.stories.verbs.proving import Proving
from tests.stories.verbs.selling import Selling

from regulars.engine.rewarding.paying import Basket
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.points.codes.commands import UseCode
from regulars.flows.points.codes.use_codes import use_codes
from regulars.flows.points.commands import (
    ExtendLot,
    RedeemTogether,
    ReinstatePoints,
    Transfer,
    WriteOff,
)
from regulars.flows.points.payouts.commands import ReturnPayout, RunPayouts, SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.activity.types import ReturnedLine

_PAYOUT = """
select p.redemption_id from payout p join identifier i using (program_id, member_id)
 where program_id = $1 and i.value = $2 order by 1 desc limit 1
"""
_LOT = """
select l.lot_id from lot l join activity a on a.program_id = l.program_id
   and a.member_id = l.member_id and a.activity_id = l.cause_id
 where l.program_id = $1 and a.external_id = $2 and a.kind = 'purchase' order by l.lot_id
"""
_NEWEST = """
select c.code from reward_code c join identifier i using (program_id, member_id)
 where program_id = $1 and c.reward = $2 and i.value = $3 and c.state = 'issued'
 order by c.code_id desc limit 1
"""
_PIECES = re.compile(r"(\d+(?:\.\d+)?) ([a-z][a-z-]*)$")


class Spending(Selling, Proving):
    """Verbs of a story: what points are spent on, and corrected by hand."""

    def _takes(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._wish(who, rest, tails, capture=True)

    def _reserves(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._wish(who, rest, tails, capture=False)

    def _wish(self, who: str, reward: str, tails: dict[str, str], *, capture: bool) -> Deed:
        """`takes tenth of 2 coffee 7.80, cake 4.00`: pieces of this basket are free; `takes
        voucher in USD`; `takes shredder showing the card of Ada`, `takes shredder by the code`: it
        is proven."""
        reward, _, currency = reward.partition(" in ")
        whom = member(who)
        assert whom is not None, who
        key = asked(tails.get("key", ""))
        reward, shows, whose = reward.partition(" showing the card of ")
        reward, says, _ = reward.partition(" by the code")
        if shows or says:
            key = replace(key, shown=self.card_of(whose) if shows else self.digits_said())
        reward, _, basket = reward.partition(" of ")
        wish = Redeem(whom, reward, store=tails.get("at", ""), capture=capture, asked=key)
        wish = replace(wish, currency=currency)
        if basket:
            basket, _, named = basket.partition(" naming ")
            wish = replace(
                wish,
                lines=tuple(self.line(item) for item in basket.split(", ")),
                named=(ReturnedLine(int(named) - 1, 1),) if named else (),
            )
        return redeem_rewards, wish

    def _spends(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`spends 12.00 of 30.00 from gift as G`: stored value pays a part of a basket; points do
        in `spends 12.00 of 30.00 in USD as P`."""
        amount, _, rest = rest.partition(" of ")
        rest, _, currency = rest.partition(" in ")
        basket, _, wallet = rest.partition(" from ")
        whom = member(who)
        assert whom is not None, who
        if wallet:
            self.stored.add(tails.get("as", ""))
        want = None if amount == "all" else self.money(amount, currency)
        pay = Basket(self.money(basket, currency), 0, want, wallet)
        return redeem_rewards, Redeem(whom, pay=pay, capture=True, currency=currency)

    def _spends_together(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`spends together 12.00 of 30.00 from Acme as P`: points of all of a household pay a part
        of a basket, each with their own; the story calls these `P` of each: `P-Ada`."""
        amount, _, rest = rest.partition(" of ")
        basket, _, household = rest.partition(" from ")
        whom = member(who)
        assert whom is not None, who
        want = None if amount == "all" else self.money(amount)
        pay = Basket(self.money(basket), 0, want)
        return redeem_together, RedeemTogether(self.households[household], whom, pay=pay)

    def _collects(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        *amounts, name = rest.split(" of ")
        part = None
        if amounts:
            pieces = [_PIECES.match(one) for one in amounts[0].split(", ")]
            part = {one[2]: self.points(one[2], one[1]) for one in pieces if one is not None}
        return redeem_rewards, Settle(self.redemptions[name], "captured", part)

    def _shows(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """The code of a redemption that the story named; `voucher`, the newest they have of it."""
        code = self.codes.get(rest) or self.shop.rows(_NEWEST, rest, who.lower())[0][0]
        return use_codes, UseCode(code, tails.get("at", ""))

    def _lets_go(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return redeem_rewards, Settle(self.redemptions[rest], "voided")

    def _draws(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`draws seat from Acme`: a reward for what all of a household have together."""
        reward, _, household = rest.partition(" from ")
        whom = member(who)
        assert whom is not None, who
        key = asked(tails.get("key", ""))
        return redeem_together, RedeemTogether(self.households[household], whom, reward, asked=key)

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

    def _keeps(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`keeps R1 until 2026-05-01`: what is left of its points lives until then, as a favour."""
        receipt, _, day = rest.partition(" until ")
        whom = member(who)
        assert whom is not None, who
        until = self.shop.local(f"{day} 00:00")
        return extend_lots, ExtendLot(whom, self._lot(receipt), until, "a favour", "Olga")

    def _has_again(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`has again 20 of R1`: so many of its points that lapsed live again, as a favour."""
        number, _, receipt = rest.partition(" of ")
        whom = member(who)
        assert whom is not None, who
        lot_id = self._lot(receipt)
        return reinstate_points, ReinstatePoints(whom, lot_id, "a favour", "Olga", int(number))

    def _lot(self, receipt: str) -> UUID:
        ((lot_id,), *_) = self.shop.rows(_LOT, receipt)  # what lives again is of it, too
        assert isinstance(lot_id, UUID), receipt
        return lot_id

    def _is_forgiven(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return write_off_debts, WriteOff(whom, rest, "moved away", "Olga")

    def _banks(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`banks GB82WEST12345698765432`: that is where their money goes."""
        whom = member(who)
        assert whom is not None, who
        return set_accounts, SetAccount(whom, who, rest)

    def _pays_out(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`pays out as march`: everybody who is due something gets it."""
        name, iban = "The shop", "DE89370400440532013000"
        return run_payouts, RunPayouts(name, iban, reference=tails.get("as", ""), actor=who)

    def _sent_back(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`is sent back AC04`: the bank sends their last pay-out back."""
        ((redemption,),) = self.shop.rows(_PAYOUT, who.lower())
        return return_payouts, ReturnPayout(redemption, f"{who} {rest}", rest, actor="Mia")
