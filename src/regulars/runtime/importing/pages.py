"""A hand reads a page of a shop: what it asks is sent by whoever gave it the order."""

from __future__ import annotations

from typing import BinaryIO

import uvloop

from regulars.runtime.importing.messages import received, send
from regulars.surfaces.connect.catching import apart
from regulars.surfaces.connect.catching.apart import Asks, Broke, NotRead, PageOrder, PageRead
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed


class _HungUp(BaseException):
    """Whoever asked is gone; no mistake of the order, so nothing that reads pages handles it."""


def read_page(order: PageOrder, line: BinaryIO) -> None:
    """Read one page, and say what came of it.

    Keeps: a hand opens no connection; what a page needs goes over its line, request by request.
    """

    async def ask(sending: Sending) -> Answer:
        send(line, apart.pack(Asks(sending)))
        told = received(line)
        if told is None:
            raise _HungUp
        came = apart.heard(told)
        if isinstance(came, apart.Heard):
            return came.answer
        raise NotAllowed(came.why) if came.refused else NoAnswer(came.why)

    found: PageRead | NotRead | Broke
    try:
        found = uvloop.run(apart.read_apart(order, ask))
    except _HungUp:
        return
    except Exception as why:  # whoever asked tries by itself; what it reads stands in no log
        found = Broke(type(why).__name__)
    send(line, apart.pack(found))
