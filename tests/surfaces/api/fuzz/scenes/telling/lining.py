"""What a case about direct lines and devices says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.surfaces.api.fuzz.scenes.counter.appointing import looked_after, staff

from regulars.flows.telling.say_consents import SayConsent, say_consents

Said = dict[str, Any]


def _writing(house: Any) -> Iterator[Said]:
    """To somebody new, who agreed to it, by whoever looks after them."""
    who = staff(house)
    while True:
        member = looked_after(house, who)
        word = SayConsent(UUID(hex=member[4:]), "inbox", "given", "the card")
        house.counter.shop.do(lambda tx, _, word=word: say_consents(tx, [word]))
        yield {"path": {"member_id": member}, "body": {"staff_id": who, "way": "inbox"}}


def _hearing(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        yield {"path": {"member_id": looked_after(house, who)}}


def _forgetting(house: Any) -> Iterator[Said]:
    while True:
        member = str(house.member())
        yield {"path": {"member_id": member, "device_id": house.tells(member)}}


LINES = {
    "POST /v1/members/{member_id}/line": _writing,
    "POST /v1/members/{member_id}/line/heard": _hearing,
    "DELETE /v1/members/{member_id}/devices/{device_id}": _forgetting,
}
