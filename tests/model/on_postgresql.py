"""The real flows in real transactions on PostgreSQL, with a clock that moves when told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from tests.makers import Shop
from tests.model.beside.between.on_postgresql import BETWEEN
from tests.model.beside.by_hand.on_postgresql import HANDED, Names
from tests.model.beside.looked_after.on_postgresql import CARE
from tests.model.commands import answer, command, member
from tests.model.events import (
    Adjusts,
    Answer,
    Blocks,
    Chooses,
    Confirms,
    Ends,
    Event,
    Extends,
    Forgives,
    Gives,
    Happens,
    Joins,
    Merges,
    Night,
    Pays,
    Picture,
    Pools,
    Publishes,
    Reserves,
    Returns,
    Revives,
    Shares,
    Shows,
    Spares,
    Unmerges,
)  # fmt: skip
from tests.model.money.afterwards.on_postgresql import AFTERWARDS
from tests.model.money.on_postgresql import APART
from tests.model.money.promised.on_postgresql import PROMISED
from tests.model.money.trusted.on_postgresql import TRUSTED
from tests.model.pictures import counters, in_order
from tests.model.programs import written

from regulars.flows.commands import Redeemed
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    EnterHousehold,
    FoundHousehold,
    LeaveHousehold,
    Merged,
    UnmergeMember,
)
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.commands import ExtendLot, RedeemTogether, ReinstatePoints
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.members.types import MemberRef
from regulars.records.program.reading import read_program

_numbers = count(1)
_MEMBERS = """
select i.value, s.tier, s.tier_until,
  (select coalesce(json_agg(json_build_array(c.name, b.available, b.pending, b.held, b.debt,
                                             b.earned) order by c.name), '[]')
     from balance b join program_code c
       on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
    where b.program_id = $1 and b.member_id = i.member_id)::text,
  array(select row(c.name, l.amount, l.remaining, l.pinned, l.expires_at, l.state = 'pending',
                   l.activates_at, l.cancels_at)
     from lot l join program_code c
       on c.program_id = l.program_id and c.kind = 'wallet' and c.code = l.wallet
    where l.program_id = $1 and l.member_id = i.member_id and l.remaining > 0),
  (select coalesce(json_agg(json_build_array(c.name, n.period, n.value)), '[]')
     from counter n join program_code c
       on c.program_id = n.program_id and c.kind = 'counter' and c.code = n.counter
    where n.program_id = $1 and n.member_id = i.member_id)::text,
  i.member_id
  from identifier i join standing s on s.program_id = i.program_id and s.member_id = i.member_id
 where i.program_id = $1 and i.kind in ('external', 'card')
"""
_LOTS = """
select l.lot_id, l.expires_at from lot l join program_code c
    on c.program_id = l.program_id and c.kind = 'wallet' and c.code = l.wallet
 where l.program_id = $1 and c.name = $3 and l.member_id = (
       select member_id from identifier
        where program_id = $1 and kind in ('external', 'card') and value = $2)
"""
_OPEN = f"{_LOTS} and l.remaining > 0 order by l.expires_at, l.earned_at, l.lot_id"
_GONE = f"""{_LOTS} and exists (
       select from entry e where e.program_id = $1 and e.member_id = l.member_id
                             and e.kind = 'expire' and e.cause_id = l.lot_id)
 order by (select min(entry_id::text) from entry e where e.program_id = $1
              and e.member_id = l.member_id and e.kind = 'expire' and e.cause_id = l.lot_id)
"""
_UNREAD = """
select message_id from message
 where program_id = $1 and delivered_at is null and member_id = (
       select member_id from identifier
        where program_id = $1 and kind in ('external', 'card') and value = $2)
 order by message_id
"""
_STOCK = "select reward, remaining from reward_stock where program_id = $1"
_decode = msgspec.json.Decoder().decode


class OnPostgreSQL:
    """One shop of a database, served by the flows themselves."""

    once = True
    called = "model"
    at_once = 2
    """So many members the night looks at together."""

    def __init__(self, shop: Shop, source: str, now: datetime) -> None:
        self.shop = shop
        self.slug = f"{self.called}-{next(_numbers)}"
        self.redemptions: dict[str, UUID] = {}
        self.plans: dict[str, UUID] = {}
        self.merged: dict[str, UUID] = {}
        self.ids: dict[str, UUID] = {}
        self.clerks: dict[str, UUID] = {}
        self.home = UUID(int=0)
        self.teams: dict[str, str] = {}
        self.handed = Names()
        self.cards: dict[str, UUID] = {}
        """Whose card is whose, also after a merge."""
        self.imports: dict[str, UUID] = {}
        self.digits: dict[str, UUID] = {}
        self.said: dict[str, tuple[UUID, int]] = {}
        """Which half minute of whose card digits became that were said."""
        try:
            shop.begin(self._own(source), now=now)
        except WarningsOpen as asked:  # a game means whatever it promises
            shop.begin(self._own(source), now=now, accept=tuple(asked.facts["warnings"]))

    def close(self) -> None:
        """The shop stays in the database for `verify` to look at."""

    def do(self, now: datetime, event: Event) -> Answer:
        return self.do_all(now, [event])[0]

    def do_all(self, now: datetime, events: Sequence[Event]) -> list[Answer]:
        """Bring events of one kind about as one batch; what each answers."""
        self.shop.now = now
        first = events[0]
        if isinstance(first, Publishes):
            self._publish_meant(first)
            return [Answer("published")]
        if isinstance(first, Night):
            self.shop.night(most=self.at_once)
            return [Answer("night")]
        if isinstance(first, Shares | Unmerges | Extends | Revives | Pools | Shows | Spares):
            return [self._alone(event) for event in events]
        apart = AFTERWARDS | APART | BETWEEN | CARE | HANDED | PROMISED | TRUSTED
        if type(first) in apart:
            return [apart[type(first)](self, event) for event in events]
        commands = [command(event, self.redemptions) for event in events]
        outcomes = self._flow(first)(*commands)
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(event, Reserves | Pays) and isinstance(outcome, Redeemed):
                self.redemptions.setdefault(event.name, outcome.redemption_id)
            if isinstance(event, Reserves | Ends) and isinstance(outcome, Redeemed):
                self.handed.had(event.name, outcome.code)
            if isinstance(event, Merges) and isinstance(outcome, Merged):
                self.merged[self._name_of(outcome.member_id)] = outcome.member_id
        return [answer(outcome) for outcome in outcomes]

    def _publish_meant(self, event: Publishes) -> None:
        """A game means whatever it draws, as an owner does who read what they are asked."""
        source = self._own(event.source)
        try:
            self.shop.publish(source, effective_from=event.at)
        except WarningsOpen as asked:
            meant = tuple(asked.facts["warnings"])
            self.shop.publish(source, effective_from=event.at, accept=meant)

    def pictures(self) -> dict[str, Picture]:
        rows = self.shop.rows(_MEMBERS)
        for row in rows:
            self.ids.setdefault(row[0], row[-1])
        return {row[0]: _picture(row) for row in rows}

    def stock(self) -> dict[str, int]:
        return dict(self.shop.rows(_STOCK))  # type: ignore[arg-type]

    def _own(self, source: str) -> str:
        """The same program under this shop's own name."""
        return written(msgspec.structs.replace(read_program(source), program=self.slug))

    def _flow(self, event: Event) -> Any:
        shop = self.shop
        flows = {
            Joins: shop.join, Happens: shop.record, Returns: shop.record, Reserves: shop.redeem,
            Pays: shop.redeem,            Ends: shop.settle, Adjusts: shop.adjust, Confirms: shop.confirm,
        }  # fmt: skip
        moving: dict[type, Any] = {
            Gives: transfer_points, Merges: merge_members, Blocks: block_members,
            Forgives: write_off_debts, Chooses: choose_one,
        }  # fmt: skip
        if type(event) in moving:
            return lambda *commands: shop.ask(moving[type(event)], *commands)
        return flows[type(event)]  # type: ignore[index]

    def _alone(self, event: Any) -> Answer:
        """What needs to be looked up before it can be asked for."""
        shop, whom = self.shop, member(getattr(event, "who", ""))
        if isinstance(event, Shares):
            return self._share(event)
        if isinstance(event, Unmerges):
            gone = UnmergeMember(self.merged[event.who], "two", "Olga")
            return answer(shop.ask(unmerge_members, gone)[0])
        assert whom is not None, event
        if isinstance(event, Shows):
            unread = [Deliver(message_id) for (message_id,) in shop.rows(_UNREAD, event.who)]
            shop.ask(deliver_messages, *unread)
            return Answer("shown")
        if isinstance(event, Pools):
            wish = RedeemTogether(self.home, whom, event.reward, event.store)
            (outcome,) = shop.ask(redeem_together, wish)
            if isinstance(outcome, Redeemed):
                self.redemptions[event.name] = outcome.redemption_id
            return answer(outcome)
        sql = _GONE if isinstance(event, Revives) else _OPEN
        lots = shop.rows(sql, event.who, event.wallet)
        if isinstance(event, Revives):
            back = ReinstatePoints(whom, lots[0][0], "kind", "Olga", event.units or None)
            return answer(shop.ask(reinstate_points, back)[0])
        lot_id, ends = lots[event.place % len(lots)]
        until = event.until if isinstance(event, Spares) else ends
        if isinstance(event, Extends) and ends.year <= 9000:
            until = ends + event.by
        longer = ExtendLot(whom, lot_id, until, "kind", "Olga")
        found = answer(shop.ask(extend_lots, longer)[0])
        return found._replace(what="extended") if found.what == "revived" else found

    def _share(self, event: Shares) -> Answer:
        shop, (head, other) = self.shop, (MemberRef(external="m0"), MemberRef(external="m1"))
        if event.together:
            (founded,) = shop.ask(found_households, FoundHousehold(head))
            self.home = founded.household_id
            (entered,) = shop.ask(enter_households, EnterHousehold(self.home, other))
            assert (founded.members, entered.members) == (1, 2), (founded, entered)
            return Answer("together")
        for whom in (other, head):
            (left,) = shop.ask(leave_households, LeaveHousehold(self.home, whom))
            assert left.role is None, left
        return Answer("apart")

    def _name_of(self, member_id: UUID) -> str:
        """By which of our names the merge was asked for: the one they joined under."""
        return next(name for name, id_ in self.ids.items() if id_ == member_id)


def _picture(row: tuple[Any, ...]) -> Picture:
    _, tier, until, balances, lots, kept, _ = row
    return Picture(
        tuple(tuple(each) for each in _decode(balances) if any(each[1:])),
        tuple(sorted([tuple(lot) for lot in lots], key=str)),
        tier,
        until,
        in_order(counters(_decode(kept))),
    )
