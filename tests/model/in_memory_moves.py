"""The engine's folds for points that move by hand, driven as the flows do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace
from tests.model.beside.by_hand import in_memory as handed
from tests.model.beside.games.in_memory import Played
from tests.model.events import (
    Answer,
    Blocks,
    Chooses,
    Extends,
    Forgives,
    Gives,
    Merges,
    Pools,
    Revives,
    Shares,
    Shows,
    Spares,
    TakesDue,
    Unmerges,
)  # fmt: skip
from tests.model.in_memory_spent import Debts, spent_of
from tests.model.money.paying import Bank
from tests.model.money.plans_in_memory import Paying

from regulars.base.faults import Refused
from regulars.engine.deciding.booking import soonest
from regulars.engine.deciding.conclude import Ending
from regulars.engine.moving import courtesy, merge, unmerge
from regulars.engine.moving.pool import Pool, spend_together
from regulars.engine.moving.transfer import Gift, transfer
from regulars.engine.moving.write_off import is_due, write_off
from regulars.engine.replaying import nights
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.automatic import ACTOR, give_back, take
from regulars.engine.rewarding.choosing import Say, choose
from regulars.engine.rewarding.having import Wish
from regulars.engine.rewarding.including.options import period_on, words
from regulars.engine.state import MemberState
from regulars.flows.recording.milestones import causes_of
from regulars.records.ledger.types import Account, Courtesy, Lot
from regulars.records.members.unions.types import Merge
from regulars.records.rewards.choices.types import Choice
from regulars.records.rewards.types import Redemption
from regulars.records.trail.types import Trail

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory


class Unions:
    """Who was merged, who lives together, what lapsed and who owes since when."""

    def __init__(self) -> None:
        self.merges: dict[str, tuple[str, Merge]] = {}
        self.ever: dict[UUID, set[UUID]] = {}
        self.homes: list[str] = []
        self.gone: dict[UUID, Lot] = {}
        self.lapsed: dict[UUID, int] = {}
        self.again: dict[UUID, int] = {}
        self.lives: list[tuple[UUID, UUID | None, bool]] = []
        self.debts = Debts()
        self.cancelled: dict[UUID, Lot] = {}
        self.takes: dict[UUID, int] = {}
        self.returns: list[UUID] = []
        self.choices: list[tuple[str, Choice]] = []
        self.by_itself: list[Redemption] = []
        self.made = 0
        self.before: dict[str, str] = {}
        self.acts: list[tuple[UUID, int, datetime]] = []
        self.owes: nights.Debts = {}
        self.owed: dict[str, nights.Owed] = {}
        self.played = Played()
        self.paying = Paying()
        self.banks: dict[str, Bank] = {}
        self.paid_to: dict[str, int] = {}
        self.bounced: set[str] = set()

    def notice(self, memory: InMemory) -> None:
        """What the books keep beside the states: takes, what lapsed, since when is owed."""
        kinds = {entry.entry_id: entry.kind for entry in memory.changes.entries}
        for move in memory.changes.moves:
            kind = kinds[move.entry_id]
            if kind == "expire":
                lot = next(s.lots[move.lot_id] for s in memory.states.values()
                           if move.lot_id in s.lots)  # fmt: skip
                self.gone.setdefault(move.lot_id, lot)
                self.lapsed[move.lot_id] = self.lapsed.get(move.lot_id, 0) - move.delta
            elif kind not in ("unmerge", "cancel") and move.delta < 0:
                self.takes[move.member_id] = self.takes.get(move.member_id, 0) + 1
        for trail in memory.changes.restated:
            self._earned_anew(memory, trail)
        for state in memory.states.values():
            over = [lot for lot in state.lots.values() if lot.state == "cancelled"]
            self.cancelled |= {lot.lot_id: lot for lot in over}
        for hold in memory.changes.holds_opened.values():
            self.takes[hold.member_id] = self.takes.get(hold.member_id, 0) + 1
        for made in memory.changes.courtesies:
            if made.kind == "reinstate":
                self.again[made.lot_id] = self.again.get(made.lot_id, 0) + made.points
                self._came_again(memory, made)
        self.debts.hear(memory.changes.entries)
        for state in memory.states.values():
            for code, balance in state.balances.items():
                key = (state.member_id, code)
                if balance.debt and key not in self.owes:
                    self.owes[key] = memory.now
                elif not balance.debt:
                    self.owes.pop(key, None)

    def _came_again(self, memory: InMemory, made: Courtesy) -> None:
        booked = next(e for e in memory.changes.entries if e.entry_id == made.entry_id)
        paid = any(one.account == Account.DEBT for one in booked.postings)
        opened = memory.changes.opened.values()
        lots = [lot.lot_id for lot in opened if lot.entry_id == made.entry_id]
        self.lives.append((made.lot_id, lots[0] if lots else None, paid))

    def again_of(self, lot_ids: Iterable[UUID]) -> tuple[list[UUID], int]:
        """Which lots live again of these, and how often that paid a debt."""
        known, found, paid = set(lot_ids), [], 0
        for lot_id, lives, pays in self.lives:
            if lot_id in known:
                paid += pays
                if lives is not None:
                    known.add(lives)
                    found.append(lives)
        return found, paid

    def act(
        self, memory: InMemory, state: MemberState, done: tuple[str, set[int]], at: datetime
    ) -> None:
        """Keep what counts as activity, as the books do."""
        kind, wallets = done
        version = memory.terms.at(memory.now if kind == "redeeming" else at)
        for code, rule in version.idle.items():
            what = {kind} if kind == "redeeming" else {kind, "activity", "earning"}
            counts = {one for one in what if one in ("purchase", "activity") or code in wallets}
            if counts & rule.resets:
                self.acts.append((state.member_id, code, at))

    def _earned_anew(self, memory: InMemory, trail: Trail) -> None:
        """What is decided again counts where it earns now."""
        rules = memory.terms.numbered(trail.steps.version).idle
        for entry in memory.changes.entries:
            if entry.kind == "restate" and entry.cause_id == trail.sale_id:
                for posting in entry.postings:
                    code = posting.wallet
                    issued = posting.account == Account.ISSUED and posting.amount < 0
                    if issued and code in rules and "earning" in rules[code].resets:
                        self.acts.append((entry.member_id, code, entry.occurred_at))

    def take(self, memory: InMemory, state: MemberState, redemption: Redemption) -> None:
        """Taking a reward is activity in the wallets that pay for it."""
        price = redemption.promised.price
        wallets = {memory.codes["wallet", name] for name, units in price.items() if units}
        self.act(memory, state, ("redeeming", wallets), memory.now)

    def last(self, memory: InMemory, member_id: UUID, but: UUID) -> dict[int, datetime]:
        """When a member was last active, and whoever stays merged into them."""
        found: dict[int, datetime] = {}
        for who, code, at in self.acts:
            if who == member_id:
                found[code] = max(at, found.get(code, at))
        for name, (into, _) in self.merges.items():
            gone, stays = memory.states[name], memory.states[into]
            if stays.member_id == member_id and gone.member_id != but:
                for code, balance in gone.balances.items():
                    if balance.active_at is not None:
                        found[code] = max(balance.active_at, found.get(code, balance.active_at))
        return found

    def count(self, stays: UUID, family: tuple[UUID, ...]) -> int:
        return self.takes.get(stays, 0) + sum(id_ in family for id_ in self.returns)


def recall_taken(memory: InMemory, state: MemberState) -> None:
    """When a member last took each reward: what they have or still reserve, as the books say."""
    state.taken = {}
    for redemption, _ in memory.redemptions.values():
        held = redemption.state == "held" and memory.now < redemption.lapses_at
        if memory.owner(redemption.member_id) is state and (held or redemption.state == "captured"):
            last = state.taken.get(redemption.reward, redemption.opened_at)
            state.taken[redemption.reward] = max(last, redemption.opened_at)


def lapsed_elsewhere(memory: InMemory, sale: Sale, state: MemberState) -> dict[int, int]:
    """What lapsed of a sale with its member, or with whom they stood under, before now."""
    owner, sale_id = sale.activity.member_id, sale.activity.activity_id
    others = ({owner} | memory.unions.ever.get(owner, set())) - {state.member_id}
    found: dict[int, int] = {}
    for each in memory.states.values():
        for (cause_id, code), points in each.lapsed.items():
            if each.member_id in others and cause_id == sale_id:
                found[code] = found.get(code, 0) + points
    return found


def recall_chosen(memory: InMemory, state: MemberState) -> None:
    """What a member chose, or who is one with them by now, the first choice first."""
    state.chosen = {}
    for name, one in memory.unions.choices:
        if memory.state(name) is state:
            before = state.chosen.get((one.word, one.period), ())
            state.chosen[one.word, one.period] = (*before, one.chosen)


def chooses(memory: InMemory, event: Chooses) -> Answer:
    state, version = memory.state(event.who), memory.terms.at(memory.now)
    recall_chosen(memory, state)
    if event.word in words(version):
        period = period_on(version, event.word, memory.now)
        if state.chosen.get((event.word, period), ())[:1] == (event.option,):
            return Answer("chosen")
    say = Say(event.word, event.option, memory.now, memory.new_id(), "till")
    choice = choose(memory.changes, state, version, say)
    if isinstance(choice, Refused):
        return Answer(choice.code)
    memory.unions.choices.append((event.who, choice))
    return Answer("chosen")


def takes_due(memory: InMemory, _: TakesDue) -> Answer:
    for state in [one for one in memory.states.values() if one.state != "merged"]:
        memory.let_go(state)
        recall_taken(memory, state)
        _take_due(memory, state)
    return Answer("taken")


def _take_due(memory: InMemory, state: MemberState) -> None:
    known, version = memory.unions, memory.terms.at(memory.now)
    mine = [
        one
        for one in reversed(known.by_itself)
        if memory.owner(one.member_id) is state and one.state == "captured" and one.paid_for is None
    ]
    if any(balance.debt for balance in state.balances.values()):
        spent = spent_of(memory, [one.redemption_id for one in mine], state)
        codes: Any = [
            (SimpleNamespace(of=one), paid) for one, paid in zip(mine, spent, strict=True)
        ]
        for code in give_back(memory.changes, state, version, codes, memory.now):
            known.by_itself.remove(code.of)  # type: ignore[attr-defined]
    for redemption in take(memory.changes, state, version, memory.now).redemptions:
        known.made += 1
        name = f"by-itself-{known.made}"
        memory.keep_redemption(name, redemption)
        known.take(memory, state, redemption)
        known.by_itself.append(redemption)
        memory.end(name, Ending("captured", memory.now, ACTOR))


def know_above(memory: InMemory, sale: Sale, state: MemberState) -> None:
    """As whom the buyer stands by now, and what lapsed with anybody but who stands there."""
    name = next(n for n, s in memory.states.items() if s.member_id == sale.activity.member_id)
    names = []
    while name in memory.unions.merges:
        name = memory.unions.merges[name][0]
        names.append(name)
    sale.under = [memory.states[each].member_id for each in names]
    found: dict[UUID, dict[int, int]] = {}
    for cause, owner in causes_of(memory.terms, sale).items():
        mine = {owner} | memory.unions.ever.get(owner, set())
        others = [one for one in memory.states.values() if one.member_id in mine]
        lapsed = [
            (code, points)
            for each in others
            for (cause_id, code), points in each.lapsed.items()
            if each is not state and cause_id == cause
        ]
        for code, points in lapsed:
            told = found.setdefault(cause, {})
            told[code] = told.get(code, 0) + points
    sale.lapsed_of_milestones = found


def gives(memory: InMemory, event: Gives) -> Answer:
    giver, taker = memory.state(event.who), memory.state(event.to)
    if giver is taker:
        return Answer("invalid")
    for state in (giver, taker):
        memory.let_go(state)
    gift = Gift(event.wallet, event.units, memory.now, "Olga", "")
    done = transfer(memory.changes, giver, taker, memory.terms.at(memory.now), gift)
    return _answer(memory, done, "given", giver)


def _reserved(memory: InMemory, state: MemberState) -> bool:
    """Whether something is still reserved, whose time is not over."""
    return any(
        one.member_id == state.member_id and one.state == "held" and holds
        for one, holds in memory.redemptions.values()
        if one.lapses_at > memory.now
    )


def merges(memory: InMemory, event: Merges) -> Answer:
    names = [memory.stands_as(name) for name in (event.who, event.into)]
    gone, stays = (memory.states[name] for name in names)
    if gone is stays:
        return Answer("same_member")
    no = merge.refusal(gone, stays, names[0] in memory.unions.homes)
    if no is not None and (no.code != "holds_open" or _reserved(memory, gone)):
        return Answer(no.code)
    for state in (gone, stays):
        memory.let_go(state)
    known = memory.unions
    ids = (gone.member_id, stays.member_id)
    under = {one.from_id for _, one in known.merges.values()}
    family = (*ids, *sorted(id_ for id_ in under if memory.owner(id_).member_id in ids))
    takes = known.count(stays.member_id, family)
    union = merge.Union("merge", memory.new_id(), memory.now, "Olga", "one")
    version = memory.terms.at(memory.now)
    facts = ((), family, nights.owes(known.owes, gone.member_id))
    brought = merge.merge(memory.changes, gone, stays, version, union, facts)
    known.owed[names[0]] = nights.owed_together(known.owes, ids, brought, memory.now)
    done = Merge(union.merge_id, *ids, brought, takes, memory.now)
    known.merges[names[0]] = (names[1], done)
    known.debts.stood.append((*ids, union.merge_id, None))
    known.played.look_at(memory, stays.member_id)
    known.ever.setdefault(gone.member_id, set()).add(stays.member_id)
    return _answer(memory, union.merge_id, "merged", stays)


def unmerges(memory: InMemory, event: Unmerges) -> Answer:
    into, done = memory.unions.merges[event.who]
    gone, stays = memory.states[event.who], memory.states[into]
    takes = memory.unions.count(stays.member_id, done.brought.family)
    takes += unmerge.due(memory.changes, stays, memory.now)
    stays.lots |= {id_: lot for id_, lot in memory.unions.cancelled.items()
                   if id_ in done.brought.lots}  # fmt: skip
    again, paid = memory.unions.again_of(done.brought.lots)
    takes += paid
    let_go = memory.unions.debts.forgiven(done) if done.brought.debt else {}
    done = replace(done, brought=unmerge.without_forgiven(done.brought, let_go))
    takes += unmerge.paid_in_part(done.brought, let_go)
    no = unmerge.refusal(stays, done, takes)
    if no is not None:
        return Answer(no.code)
    union = merge.Union("unmerge", done.merge_id, memory.now, "Olga", "two")
    version = memory.terms.at(memory.now)
    active = memory.unions.last(memory, stays.member_id, gone.member_id)
    under = {one.from_id for _, one in memory.unions.merges.values()}
    below = [id_ for id_ in under if _above(memory, id_, event.who)]
    apart = unmerge.Apart(active, below, again)
    unmerge.unmerge(memory.changes, (gone, stays), version, done, union, apart)
    who, owed = (gone.member_id, stays.member_id), memory.unions.owed.pop(event.who)
    nights.owed_apart(memory.unions.owes, who, done, owed)
    del memory.unions.merges[event.who]
    memory.unions.debts.parted(done.merge_id, memory.new_id())
    memory.unions.played.look_at(memory, gone.member_id, stays.member_id)
    return _answer(memory, union.merge_id, gone.state, stays)


def _above(memory: InMemory, id_: UUID, who: str) -> bool:
    """Whether this one stands under that one, through whomever."""
    name = next(n for n, s in memory.states.items() if s.member_id == id_)
    while name in memory.unions.merges and name != who:
        name = memory.unions.merges[name][0]
        if name == who:
            return True
    return False


def blocks(memory: InMemory, event: Blocks) -> Answer:
    name = memory.stands_as(event.who)
    state = memory.states[name]
    if event.blocked and state.state != "blocked":
        memory.unions.before[name], state.state = state.state, "blocked"
        if not memory.terms.at(memory.now).program.blocked.may_redeem:
            handed.comes_no_more(memory, state)
    elif not event.blocked and state.state == "blocked":
        state.state = memory.unions.before[name]
    return Answer(state.state)


def extends(memory: InMemory, event: Extends) -> Answer:
    state, code = memory.state(event.who), memory.codes["wallet", event.wallet]
    lots = soonest(lot for lot in state.lots.values() if lot.wallet == code and lot.remaining)
    lot = lots[event.place % len(lots)]
    until = lot.expires_at if lot.expires_at.year > 9000 else lot.expires_at + event.by
    favour = courtesy.Favour(lot.lot_id, until, memory.now, "Olga", "kind", 0)
    return _answer(memory, courtesy.extend(memory.changes, state, favour), "extended", state)


def revives(memory: InMemory, event: Revives) -> Answer:
    state, code = memory.state(event.who), memory.codes["wallet", event.wallet]
    known = memory.unions
    lot = next(one for one in known.gone.values()
               if one.wallet == code and one.member_id == state.member_id)  # fmt: skip
    due = state.lots.get(lot.lot_id)
    late = due.free if due is not None and due.expires_at <= memory.now else 0
    most = known.lapsed[lot.lot_id] + late - known.again.get(lot.lot_id, 0)
    favour = courtesy.Favour(lot.lot_id, None, memory.now, "Olga", "kind", 0)
    version = memory.terms.at(memory.now)
    gone = (lot, most, event.units or None)
    return _answer(
        memory, courtesy.reinstate(memory.changes, state, version, gone, favour), "revived", state
    )


def forgives(memory: InMemory, event: Forgives) -> Answer:
    state, code = memory.state(event.who), memory.codes["wallet", event.wallet]
    done = write_off(memory.changes, state, code, (memory.now, "Olga", "kind"))
    return _answer(memory, done, "forgiven", state)


def forgive_old(memory: InMemory, state: MemberState) -> None:
    version = memory.terms.at(memory.now)
    for name in version.program.wallets:
        code = memory.codes["wallet", name]
        since = memory.unions.owes.get((state.member_id, code))
        if since is not None and is_due(version, name, since, memory.now):
            write_off(memory.changes, state, code, (memory.now, "midnight", "old"))


def shares(memory: InMemory, event: Shares) -> Answer:
    memory.unions.homes = ["m0", "m1"] if event.together else []
    return Answer("together" if event.together else "apart")


def pools(memory: InMemory, event: Pools) -> Answer:
    version, homes = memory.terms.at(memory.now), memory.unions.homes
    if version.program.household is None:
        return Answer("no_households")
    taker = memory.state(event.who)
    others = [memory.states[name] for name in homes if memory.states[name] is not taker]
    for state in (taker, *others):
        memory.let_go(state)
    wish = Wish(event.reward, memory.new_id(), memory.now, event.store, "", "till")
    pool = Pool(taker, others, UUID(int=1))
    recall_taken(memory, taker)
    recall_chosen(memory, taker)
    redemption = spend_together(memory.changes, pool, version, wish)
    if isinstance(redemption, Refused):
        return Answer(redemption.code)
    memory.keep_redemption(event.name, redemption)
    memory.unions.take(memory, taker, redemption)
    return memory.end(event.name, Ending("captured", memory.now, "till"))


def shows(memory: InMemory, event: Shows) -> Answer:
    for told in memory.state(event.who).idle_told.values():
        told[:] = [one if one.shown_at else one._replace(shown_at=memory.now) for one in told]
    return Answer("shown")


def spares(memory: InMemory, event: Spares) -> Answer:
    state, code = memory.state(event.who), memory.codes["wallet", event.wallet]
    lots = soonest(lot for lot in state.lots.values() if lot.wallet == code and lot.remaining)
    lot = lots[event.place % len(lots)]
    favour = courtesy.Favour(lot.lot_id, event.until, memory.now, "Olga", "kind", 0)
    return _answer(memory, courtesy.extend(memory.changes, state, favour), "extended", state)


def _answer(memory: InMemory, done: Any, what: str, state: MemberState) -> Answer:
    if isinstance(done, Refused):
        return Answer(done.code)
    return Answer(what, balances=memory.balances(state))


MOVES: dict[type, Callable[[Any, Any], Answer]] = {
    Gives: gives, Merges: merges, Unmerges: unmerges, Blocks: blocks, Extends: extends,
    Revives: revives, Forgives: forgives, Shares: shares, Pools: pools,
    Shows: shows, Spares: spares, Chooses: chooses, TakesDue: takes_due,
}  # fmt: skip
