"""What proves that whoever takes something is there: a code of their card, one they were sent, or
being signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.faults import Refused
from regulars.base.tx import Tx, Write
from regulars.engine.rewarding.counter.proving import CARD_NEEDED, asks_for_card
from regulars.engine.terms import Version
from regulars.flows.commands import Redeem
from regulars.flows.points.commands import RedeemTogether
from regulars.records.access.cards import read, write
from regulars.records.access.cards.spelling import step_of
from regulars.records.access.cards.types import SHOWN_GOOD, STEPS_GOOD, UsedCode
from regulars.records.access.members import read as sent
from regulars.records.members.types import ShownCode
from regulars.records.members.unions import read as unions
from regulars.records.rewards.types import Redemption


class Proofs:
    """The codes shown for a batch, as they are used up from one redemption to the next.

    Keeps: one showing is good for one redemption, by whoever was shown it (semantics G5).
    """

    def __init__(self) -> None:
        self._used: dict[tuple[UUID, int], UsedCode] = {}
        self._stands: dict[UUID, UUID] = {}
        self._taken: dict[tuple[UUID, int], UsedCode] = {}
        self._sent_for: dict[UUID, str] = {}

    async def load(self, tx: Tx, wishes: Sequence[Redeem | RedeemTogether]) -> None:
        """Look up what was shown. Assumes: the members are held."""
        shown = [one.asked.shown for one in wishes if one.asked.shown is not None]
        if shown:
            self._used = await read.used(tx, [(one.member_id, one.step) for one in shown])
            asked = [one.asked for one in self._used.values()]
            self._sent_for = {id_: one.about for id_, one in (await sent.codes(tx, asked)).items()}
            self._stands = await unions.aliases(tx, [one.member_id for one in shown])

    def missing(
        self, wish: Redeem | RedeemTogether, member_id: UUID, now: datetime
    ) -> Refused | None:
        """Why it is not proven that this member is there; nothing where it is."""
        if wish.signed_in:
            return None
        shown = wish.asked.shown
        if shown is not None and not shown.step:
            says = "this code is not good any more; show the card again"
            return Refused("card_code_wrong", says)
        if shown is None or self._stands.get(shown.member_id, shown.member_id) != member_id:
            return CARD_NEEDED
        before = self._used.get((shown.member_id, shown.step))
        if before is None:
            return None if shown.step > step_of(now) - STEPS_GOOD else CARD_NEEDED
        return self._before(before, shown, wish.reward, now)

    def _before(
        self, before: UsedCode, shown: ShownCode, reward: str, now: datetime
    ) -> Refused | None:
        """Why what was shown or said at a counter before is not good for this."""
        if before.redemption_id is not None or before.taken_by != shown.by:
            return Refused("card_code_used", "this code was taken already; wait for the next one")
        if self._sent_for.get(before.asked, reward) != reward:
            says = "the code was sent to the member for something else; send another one"
            return Refused("card_code_wrong", says)
        return None if now <= before.used_at + SHOWN_GOOD else CARD_NEEDED

    def take(self, version: Version, shown: ShownCode | None, redemption: Redemption) -> None:
        """From now on this showing is good for nothing else, where it was asked for."""
        if shown is None or not asks_for_card(version, redemption.promised.worth_minor):
            return
        key, id_, at = (shown.member_id, shown.step), redemption.redemption_id, redemption.opened_at
        before = self._used.get(key)
        asked, used_at = (id_, at) if before is None else (before.asked, before.used_at)
        self._used[key] = UsedCode(*key, asked, used_at, shown.by, id_)
        self._taken[key] = self._used[key]

    def writes(self, tx: Tx) -> list[Write]:
        """Keep what each showing was good for."""
        return write.use(tx, [self._taken[key] for key in sorted(self._taken)])
