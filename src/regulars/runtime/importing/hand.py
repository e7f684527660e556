"""Programs that read and book for one import, or read pages of shops: the first loads everything,
each hand is forked off it, so that Regulars is started once and not once for each of them and each
of its parts.

Each hand has a line to whoever asks: an order comes, what came of it goes back, and the next order
may come. A line that ends is the end of its hand.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import BinaryIO, Final, cast

import msgspec
import uvloop

from regulars.runtime.importing.messages import DONE, received, send
from regulars.runtime.importing.pages import read_page
from regulars.runtime.importing.reader import ReadingOrder, read_share
from regulars.runtime.importing.worker import Order, book
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.supervising.lifeline import die_with_parent
from regulars.surfaces.connect.catching.apart import PageOrder

_order: Final = msgspec.msgpack.Decoder(ReadingOrder | Order | PageOrder).decode


def serve(line: int) -> None:
    """Do what comes on this line, one order after the other, until it ends."""
    with socket.socket(fileno=line) as asked, asked.makefile("rwb") as both:
        stream = cast("BinaryIO", both)
        while (told := received(stream)) is not None:
            order = cast("ReadingOrder | Order | PageOrder", _order(told))
            if isinstance(order, ReadingOrder):
                read_share(order, stream)
            elif isinstance(order, PageOrder):
                read_page(order, stream)
                continue  # pages are small and many: garbage is looked for when there is some
            else:
                uvloop.run(book(order))
                send(stream, DONE)
            gc.collect()


def fork_hands(lines: list[int]) -> list[int]:
    """A hand per line; their numbers. In a hand itself this never comes back."""
    first, hands = os.getpid(), []
    for line in lines:
        hand = os.fork()
        if hand == 0:
            _hand(first, line, [other for other in lines if other != line])
        hands.append(hand)
    for line in lines:
        os.close(line)
    return hands


def _hand(first: int, line: int, others: list[int]) -> None:
    """What a hand does with its life; what fails is on its standard error, and told by its end."""
    wrong = 1
    try:
        die_with_parent(first)
        for other in others:  # else nobody's line would end while another hand lives
            os.close(other)
        serve(line)
        wrong = 0
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(wrong)  # nothing of what the first one would do at its end


def main() -> None:
    """Load everything, fork a hand for each line, and wait for all; none outlives this one."""
    parent, *lines = map(int, sys.argv[1:])
    die_with_parent(parent)
    settle_memory()
    gc.disable()
    hands = fork_hands(lines)

    def end(*_: object) -> None:
        for hand in hands:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.kill(hand, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    for hand in list(hands):
        os.waitpid(hand, 0)
        hands.remove(hand)
