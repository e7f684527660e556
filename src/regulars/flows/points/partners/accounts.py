"""What flows about partners share: accounts under lock, members with them, lines to append."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx, Write
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.booking import Cause
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.rewarding.partnering.account import (
    SIDES,
    contract_at,
    name_differs,
    no_room,
    price,
    too_long_before,
)
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import available
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.points.partners.commands import Booked
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import (
    Contract,
    ContractKind,
    Decision,
    EntryKind,
    Partner,
    PartnerEntry,
    Side,
)


class Said(NamedTuple):
    """Whose number a line has, who has it booked and why."""

    external_id: str
    actor: str
    reason: str


class Happened(NamedTuple):
    """An activity of a partner as it is booked."""

    kind: ContractKind
    wallet: str
    units: int
    at: datetime
    said: Said
    name: str | None = None
    """Nothing where nobody's name is compared: staff looked at the papers."""


Gone = Mapping[UUID, Mapping[int, int]]
"""Points that lapsed, by the entry they came with and the wallet."""


class Work(Struct):
    """Accounts of partners and members with them, while a batch is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    contracts: list[Contract]
    last: dict[UUID, PartnerEntry]
    names: dict[UUID, tuple[str, str]]
    there: dict[tuple[UUID, str, str], PartnerEntry]
    """Lines that were told before, or in this batch: by partner, kind and number."""
    lapsed: list[Write] = []
    gone: Gone = {}
    lines: list[PartnerEntry] = []
    decided: list[Decision] = []
    answered: list[Kept] = []

    def balance(self, partner_id: UUID) -> int:
        """What stands on an account now: above nothing it is the partner's."""
        last = self.last.get(partner_id)
        return 0 if last is None else last.balance_minor

    def append(self, line: PartnerEntry) -> PartnerEntry:
        """The next line of an account; it is seen by those that are decided after it."""
        self.last[line.partner_id] = line
        self.lines.append(line)
        self.there[line.partner_id, line.kind, line.external_id] = line
        return line

    def line(
        self, partner_id: UUID, what: tuple[EntryKind, Side, int], said: Said, at: datetime
    ) -> PartnerEntry:
        """A line of so much money and nothing of members."""
        kind, account, amount = what
        last, now = self.last.get(partner_id), self.tx.now
        if last is not None and now < last.booked_at:
            now = last.booked_at  # lines stand in the order in which they were booked
        return PartnerEntry(
            partner_id=partner_id,
            step=1 if last is None else last.step + 1,
            entry_id=self.tx.new_id(),
            kind=kind,
            account=account,
            occurred_at=at,
            booked_at=now,
            member_id=None,
            points_entry=None,
            contract_id=None,
            wallet=0,
            units=0,
            moved=0,
            amount_minor=amount,
            balance_minor=self.balance(partner_id) + amount,
            reverses=None,
            external_id=said.external_id,
            actor=said.actor,
            reason=said.reason,
        )

    def move(
        self, state: MemberState, wallet: str, units: int, said: Said
    ) -> UUID | Refused | Fault:
        """Give a member points, or take them, as a correction in the name of the partner."""
        entry_id = self.tx.new_id()
        cause = Cause("adjust", entry_id, entry_id, self.tx.now, said.actor, said.reason)
        try:
            no = adjust(
                self.changes, state, self.terms.at(self.tx.now), Correction(wallet, units, cause)
            )
        except Fault as fault:  # the balance would be beyond what can be counted
            return fault
        return entry_id if no is None else no

    def writes(self) -> list[Write]:
        return [
            *keep(self.tx, self.answered),
            *self.lapsed,
            *write.book(self.tx, self.lines),
            *write.decide(self.tx, self.decided),
            *writes_of(self.tx, self.terms, self.changes),
        ]


async def begin(
    tx: Tx, terms: Terms, who: tuple[Sequence[UUID], Sequence[UUID]], numbers: Sequence[str] = ()
) -> Work:
    """Lock these members, then these accounts, and read what stands there."""
    members, partner_ids = sorted(set(who[0])), sorted(set(who[1]))
    states = await hold_members(tx, terms, members, with_lots=members) if members else {}
    changes = Changes(tx.new_id)
    lapsed = await lapse_overdue(tx, terms, changes, states)
    await read.hold(tx, partner_ids)
    found = await read.told(tx, partner_ids, sorted(set(numbers)))
    stands = sorted({state.member_id for state in states.values()})
    return Work(
        tx,
        terms,
        states,
        changes,
        await read.contracts(tx, partner_ids),
        await read.last(tx, partner_ids),
        await read.names(tx, stands),
        {(one.partner_id, one.kind, one.external_id): one for one in found},
        lapsed,
    )


def post(
    work: Work, partner: Partner, state: MemberState, what: Happened
) -> PartnerEntry | Refused | Fault:
    """Book an activity on both sides: points for or from the member, its price for the partner.

    Order: see `account.Refusal`; nothing is changed before all of it was asked.
    """
    contract = agreed(work, partner, state, what)
    if not isinstance(contract, Contract):
        return contract
    code, amount = contract.wallet, price(contract, what.units)
    accrual = what.kind == "accrual"
    if accrual and (full := no_room(contract, work.balance(partner.partner_id), amount)):
        return full
    reason = f"{partner.name}: {what.said.external_id}"
    said = Said(what.said.external_id, what.said.actor, reason)
    moved = what.units if accrual else -what.units
    entry_id = work.move(state, what.wallet, moved, said)
    if not isinstance(entry_id, UUID):
        return entry_id
    line = work.line(
        partner.partner_id,
        (what.kind, SIDES[what.kind], -amount if accrual else amount),
        what.said,
        what.at,
    )
    return work.append(
        _with_member(line, (state.member_id, entry_id, contract.contract_id), (code, moved, moved))
    )


def agreed(
    work: Work, partner: Partner, state: MemberState, what: Happened
) -> Contract | Refused | Fault:
    """By which contract it counts, or why it does not."""
    version = work.terms.at(work.tx.now)
    if what.wallet not in version.program.wallets:
        return Invalid(f"there is no wallet {what.wallet} in this program", field="/wallet")
    contracts = [one for one in work.contracts if one.partner_id == partner.partner_id]
    contract = contract_at(contracts, what.kind, wallet_code(version, what.wallet), what.at)
    if isinstance(contract, Refused):
        return contract
    if price(contract, what.units) > LARGEST:
        return Invalid("this comes to more than can be counted", field="/units")
    return _refusal(work, partner, state, (what, contract)) or contract


def _refusal(
    work: Work, partner: Partner, state: MemberState, asked: tuple[Happened, Contract]
) -> Refused | None:
    what, contract = asked
    if state.state == "erased":
        return erased_refused()
    version = work.terms.at(work.tx.now)
    blocked = version.program.blocked
    may = blocked.may_earn if what.kind == "accrual" else blocked.may_redeem
    if state.state == "blocked" and not may:
        return blocked_refused()
    if what.name is not None:
        known = work.names.get(state.member_id, ("", ""))
        if no := name_differs(contract, what.name, known):
            return no
    if no := too_long_before(contract, state.joined_at, what.at, version.zone):
        return no
    if (partner.partner_id, what.kind, what.said.external_id) in work.there:
        return Refused("already_credited", "this activity is in the account already")
    return None


def _with_member(
    line: PartnerEntry, who: tuple[UUID, UUID | None, UUID | None], what: tuple[int, int, int]
) -> PartnerEntry:
    member_id, points_entry, contract_id = who
    wallet, units, moved = what
    return replace(
        line,
        member_id=member_id,
        points_entry=points_entry,
        contract_id=contract_id,
        wallet=wallet,
        units=units,
        moved=moved,
    )


def booked(
    work: Work, line: PartnerEntry, state: MemberState | None, claim_id: UUID | None = None
) -> Booked:
    """The answer about a line."""
    return Booked(
        entry_id=line.entry_id,
        partner_id=line.partner_id,
        kind=line.kind,
        amount_minor=line.amount_minor,
        balance_minor=line.balance_minor,
        currency=work.terms.at(work.tx.now).program.currency,
        units=line.units,
        moved=line.moved,
        member_id=line.member_id,
        balances={} if state is None else _agreed_on(work, line.partner_id, state),
        claim_id=claim_id,
    )


def _agreed_on(work: Work, partner_id: UUID, state: MemberState) -> dict[str, int]:
    """What a member has in the wallets a partner has a contract about; the others are none of its
    business."""
    codes = {one.wallet for one in work.contracts if one.partner_id == partner_id}
    names = {work.terms.wallet_names[code] for code in codes}
    return {name: n for name, n in available(work.terms, state).items() if name in names}


def unknown(known: Mapping[str, Partner], slug: str) -> Fault | None:
    """The fault of a partner nobody knows."""
    if slug in known:
        return None
    return NotFound("there is no such partner here; check its short name", field="/partner")


def ill_counted(command: object) -> Fault | None:
    """Units and numbers that no account can take."""
    units, number = getattr(command, "units", 1), getattr(command, "external_id", "")
    if units is not None and not 0 < units <= LARGEST:
        return Invalid("say how many units, above nothing", field="/units")
    if not number.strip() or len(number) > 200:
        return Invalid("say the number this has with the partner", field="/external_id")
    if number != number.strip():  # or it would be another activity
        return Invalid("leave out what is blank around the number", field="/external_id")
    if not getattr(command, "actor", "").strip():
        return Invalid("say who has this booked", field="/actor")
    return None
