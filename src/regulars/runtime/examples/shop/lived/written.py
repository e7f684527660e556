"""What guests who agreed to it are written: a welcome on their way in, and a campaign.

Nothing leaves the machine: each letter is taken as sent, and some come back, as they do, later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.telling.campaigns.commands import KeepCampaign, MoveCampaign
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.ready import ready
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.flows.telling.keep_bounces import NoteBounce, note_bounces
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns.types import Said
from regulars.records.outbox.delivery.types import Channel
from regulars.runtime.examples.shop.guests import Guest
from regulars.runtime.examples.shop.lived.letters import BOUNCES
from regulars.runtime.examples.shop.lived.week import House, Week, done
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.letters.campaigns import Campaigner
from regulars.runtime.working.letters.journeys import Journeys
from regulars.runtime.working.reckoning.segments import Segments
from regulars.surfaces.senders.types import SENT, Letter
from regulars.surfaces.senders.types import Said as Answer

SINCE_WEEKS: Final = 16
"""So many weeks ago somebody began the welcome."""
ONCE: Final = 3
"""So many weeks ago everybody heard of the new beans."""
_BY: Final = By(words="regulars demo")
_NO: Final = "550 no such mailbox here"
_BEANS: Final = {
    "en": Said(
        "Hi {{ member.given_name }},\n\nthe first bag of our winter beans is open: dark chocolate, "
        "dried plum. Your next cup of it is waiting.\n\n{{ shop.name }}",
        "The winter beans are here",
    ),
    "de": Said(
        "Hallo {{ member.given_name }},\n\ndie erste Tüte unserer Winterbohnen ist offen: dunkle "
        "Schokolade, Dörrpflaume. Die nächste Tasse wartet auf dich.\n\n{{ shop.name }}",
        "Die Winterbohnen sind da",
    ),
}


class _Drawn:
    """Carries letters nowhere, and keeps what mailboxes would send back."""

    name = "the demo"
    channel: Channel = "email"

    def __init__(self) -> None:
        self.back: list[NoteBounce] = []

    async def send(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        nobody = [one for one in letters if one.to.partition("@")[0].endswith(BOUNCES)]
        self.back += [NoteBounce(UUID(hex=one.mark), _NO) for one in nobody]
        return [SENT] * len(letters)


class Written:
    """A journey and a campaign of a small shop, by the duties of its worker."""

    async def go(self, house: House, week: Week) -> None:
        """Newcomers say whether they want letters; then whoever is due is written to."""
        await _agree(house, week.newcomers)
        if week.left > SINCE_WEEKS:
            return
        if week.left == SINCE_WEEKS:
            await _begin(house)
        programs = Programs(house.database)
        program_id = house.terms.program_id
        if week.left == ONCE:
            await _choose(house)
            await Segments(house.database, programs).go(program_id, week.ends)
            await _tell(house)
        await Journeys(house.database, programs).go(program_id, week.ends)
        drawn = _Drawn()
        await Campaigner(
            house.database, programs, [drawn], house.keyed, "https://coffee.example"
        ).go(program_id)
        async with house.database.transaction(program_id) as tx:
            done(await note_bounces(tx, drawn.back))


async def _agree(house: House, newcomers: Sequence[Guest]) -> None:
    """Two of three who have an address want letters."""
    some = [one for one in newcomers if one.email and one.number % 3]
    async with house.database.transaction(house.terms.program_id) as tx:
        refs = [MemberRef(external=one.external) for one in some]
        country = _country(house.terms)
        ids = [
            one for one in await members.whom(tx, country, refs) if not isinstance(one, Exception)
        ]
        done(await say_consents(tx, [SayConsent(one, "email", "given", "demo") for one in ids]))


def _country(terms: Terms) -> str | None:
    return terms.versions[-1].program.country


async def _begin(house: House) -> None:
    one = ready("welcome", house.terms.versions[-1].program)
    assert one is not None
    async with house.database.transaction(house.terms.program_id) as tx:
        keep = KeepJourney("welcome", one.name["en"], one.plan, _BY)
        done(await keep_journeys(tx, house.terms, [keep, MoveJourney("welcome", "publish", _BY)]))


async def _choose(house: House) -> None:
    often = KeepSegment("often", "Came five times or more", _BY, {"if": "orders", "at_least": 5})
    async with house.database.transaction(house.terms.program_id) as tx:
        done(await keep_segments(tx, house.terms, [often]))


async def _tell(house: House) -> None:
    keep = KeepCampaign("winter-beans", "Winter beans", "often", "email", _BEANS, _BY)
    steps = [MoveCampaign("winter-beans", step, _BY) for step in ("check", "approve")]
    async with house.database.transaction(house.terms.program_id) as tx:
        done(await keep_campaigns(tx, house.terms, [keep, *steps]))
