import os

from tests.model.in_memory import InMemory
from tests.model.machine import Ledger
from tests.model.playing import play


def test_it(capsys):
    m = type("L", (Ledger,), {"names": tuple(os.environ.get("NAMES", "sharing").split())})
    t = play(
        m,
        InMemory,
        steps=int(os.environ.get("N", "3000")),
        start=int(os.environ.get("SEED", "1")),
        shops=60,
    )
    with capsys.disabled():
        print(t)
