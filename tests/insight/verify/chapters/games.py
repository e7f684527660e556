"""The shop's very last days: Yve reaches a challenge, a streak and a milestone; some comes back."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.gaming.close_boards import close_boards
from regulars.flows.points.gaming.commands import AnnounceDraw, CloseDraw, HoldDraw
from regulars.flows.points.gaming.hold_draws import announce_draws, close_draws, hold_draws
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam


async def games(shop: Any, till: Any) -> None:
    """Two prizes are given; the one for the challenge is taken back with the second purchase."""
    yve = await shop.join("yve@example.org")
    await shop.tell(till.bought("y1", yve, till.line(3_000)))
    shop.later(days=1)
    await shop.tell(till.bought("y2", yve, till.line(3_000)))
    await shop.act(_look, None)
    await shop.tell(till.back("ry2", "y2"))
    await shop.act(_look, None)
    shop.later(days=1)
    await shop.tell(till.bought("y3", yve, till.line(6_000)))
    await shop.act(_look, None)
    await kiosk(shop, till)
    await pair(shop, till)


async def pair(shop: Any, till: Any) -> None:
    """Pam and Pit reach a challenge as a team, by what Pit buys last."""
    pam, pit = await shop.join("pam@example.org"), await shop.join("pit@example.org")
    (formed,) = await shop.act(form_teams, FormTeam(pam, "pair"))
    await shop.act(join_teams, JoinTeam(pit, formed.code))
    shop.later(minutes=1)
    for receipt, whom in (("p1", pam), ("p2", pit)):
        bought = till.bought(receipt, whom, till.line(3_000))
        await shop.tell(replace(bought, channel="kiosk"))
    await shop.act(_look, None)


async def kiosk(shop: Any, till: Any) -> None:
    """Kim reaches a milestone twice; once it goes back with a purchase."""
    kim = await shop.join("kim@example.org", "Kim")
    for receipt in ("k1", "k2", "k3", "k4"):
        await shop.tell(replace(till.bought(receipt, kim, till.line(100)), channel="kiosk"))
    await shop.tell(till.back("rk4", "k4"))
    await shop.act(announce_draws, AnnounceDraw("pens"))
    shop.later(hours=23)  # midnight in Berlin
    await shop.act(close_draws, CloseDraw("pens"))
    (told,) = await shop.act(hold_draws, HoldDraw("pens", "4 8 15"))
    assert told.kept.tickets == 3
    await shop.act(_close, None)
    await shop.act(_look, None)


async def _close(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [await close_boards(tx, terms, 100)]


async def _look(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [await settle_prizes(tx, terms, 100)]
