"""Members who are written to by senders that repeat all they know; and what the logs then hold."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.leaving.planting import Person, buy, is_told
from tests.makers import Shop

from regulars.base.ids import id_of
from regulars.base.keyed import key_from
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskForCode, ask_for_codes
from regulars.flows.access.keep_passes import RegisterPass, keep_passes
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.records.members.types import MemberRef
from regulars.records.outbox.delivery.types import CHANNELS, Channel, Ways
from regulars.runtime import logs
from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.surfaces.senders.types import SENT, Letter, Said

KEYED = key_from(b"k" * 32, "test")
OF_MEMBERS = (
    "delivery", "bounced_address", "message_choice", "sign_in_code", "pass_device", "message",
)  # fmt: skip
"""Where members stand who were written to."""


class Repeats:
    """A sender whose other side knows members by all their names, and says them in its answers."""

    name = "repeating"

    def __init__(self, channel: Channel, people: Sequence[Person], chance: random.Random) -> None:
        self.channel: Channel = channel
        self._known = {one.email: one for one in people} | {one.phone: one for one in people}
        # In turns, so that a few letters meet every answer.
        self._turns = cycle(chance.sample(range(6), 6))

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        return [self._said(letter) for letter in letters]

    def _said(self, letter: Letter) -> Said:
        one = self._known[letter.to]
        words = f"{one.given} {one.family} <{letter.to}> 0{one.phone[3:]}: {letter.text}"
        answers = (
            SENT, Said("later", f"451 4.7.1 {words}"), Said("later", words),
            Said("never", f"400 21211 {words}"), Said("never", f"550 5.1.1 {words}", back="hard"),
            Said("never", f"it cannot be written as a letter: {words}"),
        )  # fmt: skip
        return answers[next(self._turns)]


class Broken(Repeats):
    """Falls itself, with the letter in its mouth."""

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        raise KeyError(*(f"{one.to}: {one.text}" for one in letters))


def reach(shop: Shop, chance: random.Random, people: Sequence[Person]) -> None:
    """Write to these people in every way there is: some letters arrive, some wait, some bounce."""
    _tell(shop, Repeats("email", people, chance))  # the first look only notes where to begin
    shop.ask(choose_messages, ChooseMessages("earned", "any", None))
    for place, one in enumerate(people):
        mark = one.words[0]
        way: Ways = "sms" if place % 2 else "email"
        shop.ask(choose_messages, ChooseMessages("earned", way, MemberRef(id=one.id)))
        phone = RegisterPass(f"telephone of {mark}", one.id, f"token {mark}")
        shop.do(partial(_keeps, phone))
        asked = AskForCode(id_of(chance.randbytes(16)), "phone", one.phone, f"browser {mark}")
        shop.do(partial(_asks, asked))
        buy(shop, chance, one, mark, 90)
    is_told(shop, chance, people[0], people[0].words[0], 91)
    _tell(shop, *(Broken(channel, people, chance) for channel in CHANNELS))
    shop.now += timedelta(seconds=20)
    _tell(shop, *(Repeats(channel, people, chance) for channel in CHANNELS))


async def _keeps(phone: RegisterPass, tx: Tx, _: Terms) -> None:
    await keep_passes(tx, [phone])


async def _asks(asked: AskForCode, tx: Tx, terms: Terms) -> None:
    await ask_for_codes(tx, terms, KEYED, [asked])


def _tell(shop: Shop, *carriers: Any) -> None:
    teller = Teller(shop.database, Programs(shop.database), carriers, KEYED, "https://club.test")
    shop.run(teller.tell(shop.program_id))


def written_of(shop: Shop, people: Sequence[Person]) -> dict[str, int]:
    """How many rows of these people each table has that members stand in who are written to."""
    sql = "select count(*) from {} where program_id = $1 and member_id = any($2)"
    ids = [one.id for one in people]
    return {table: shop.rows(sql.format(table), ids)[0][0] for table in OF_MEMBERS}


class Logs:
    """All that the house said of itself since this began: our lines, and the database's own."""

    def __init__(self, said: io.StringIO, cluster: Cluster) -> None:
        self._said, self._cluster = said, cluster
        self._before = {one: one.stat().st_size for one in self._files()}

    def text(self) -> str:
        """Every line, in small letters."""
        ours = self._said.getvalue()
        return "\n".join((ours, *(self._since(one) for one in self._files()))).lower()

    def _files(self) -> list[Path]:
        return sorted((self._cluster.place.cluster / "log").glob("*.log"))

    def _since(self, path: Path) -> str:
        return path.read_bytes()[self._before.get(path, 0) :].decode("utf-8", "replace")


@contextmanager
def logged(settings: Settings, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logs]:
    """The logs of a running house, as it writes them for machines."""
    said = io.StringIO()
    with monkeypatch.context() as stands_in:
        stands_in.setattr(sys, "stderr", said)
        logs.set_up_logs(settings, "test")
        # Whoever logs while this lasts must not go on into a log that nobody reads.
        structlog.configure(cache_logger_on_first_use=False)
    try:
        yield Logs(said, cluster)
    finally:
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
