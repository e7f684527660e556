import asyncio
import os

from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.machine import LedgerOnce
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import play

from regulars.records.program.templates import load_template


def test_it(database, capsys):
    shop = Shop.open(database, load_template("coffee-shop"))
    m = type("L", (LedgerOnce,), {"names": tuple(os.environ.get("NAMES", "sharing").split())})
    try:
        t = play(
            m,
            lambda s, n: OnPostgreSQL(shop, s, n),
            steps=int(os.environ.get("N", "300")),
            start=int(os.environ.get("SEED", "1")),
            shops=15,
        )
        with capsys.disabled():
            print(t)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
    finally:
        shop.close()
