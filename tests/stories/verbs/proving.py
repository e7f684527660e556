"""How members prove at a counter that they are the one: by their card, or by digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from tests.stories.verbs.known import Deed, Known, member

from regulars.base.keyed import key_from
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskToSpend, ask_to_spend
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_codes import ProveByCode, prove_by_codes
from regulars.records.access.cards.spelling import step_of
from regulars.records.access.members.spelling import code_of
from regulars.records.members.types import ShownCode

KEYED = key_from(b"a secret of the installation", "card")
TILL = "the till"
_MEMBER = """
select member_id from identifier where program_id = $1 and kind = 'external' and value = $2
"""


async def _sends(tx: Tx, terms: Terms, batch: Sequence[AskToSpend]) -> Sequence[Any]:
    return await ask_to_spend(tx, terms, KEYED, batch)


async def _proves(tx: Tx, _: Terms, batch: Sequence[ProveByCode]) -> Sequence[Any]:
    return await prove_by_codes(tx, KEYED, batch)


class Proving(Known):
    """Verbs of a story: who is there, and how that is known."""

    sent: UUID
    """The code that was sent last."""
    proven: CardShown
    """What was said last at the till, and was right."""

    def card_of(self, who: str) -> ShownCode:
        """What somebody's card shows at this moment."""
        ((id_,),) = self.shop.rows(_MEMBER, who.lower())
        return ShownCode(UUID(str(id_)), step_of(self.shop.now), TILL)

    def digits_said(self) -> ShownCode:
        """What the digits are that somebody said."""
        return ShownCode(self.proven.member_id, self.proven.step, TILL)

    def _is_sent(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`is sent a code for shredder`: by e-mail."""
        whom = member(who)
        assert whom is not None, who
        self.sent = uuid4()
        reward = rest.removeprefix("a code for ")
        return _sends, AskToSpend(self.sent, whom, reward, ("email",), TILL)

    def _says(self, _: str, rest: str, __: dict[str, str]) -> Deed:
        """`says the code`, or digits that are others: `says 000000`."""
        digits = code_of(KEYED, self.sent)
        return _proves, ProveByCode(self.sent, digits if rest == "the code" else rest, TILL)
