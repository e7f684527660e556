"""What tests of prepared rows share: a shop, the worker that follows, and the other way to fold."""

from __future__ import annotations

from tests.makers import Shop

from regulars.flows.membership.office.prepare_goods import prepare_goods
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.prepared.books import read_books, read_rows
from regulars.insight.prepared.fold import Rows, fold

SHOP = """
regulars: 1
program: prepared
name: Prepared
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt, expiry: {after: 30 days}}, stars: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: star, on: purchase, wallet: stars, award: {give: per_amount, points: 3, per: "1.00"}}
rewards: [{id: mug, name: A mug, price: {points: 5}}]
"""


def goes_on(shop: Shop, most: int = 100) -> None:
    """The worker goes on until nothing is left."""
    for _ in range(100):
        if not shop.do(lambda tx, terms: prepare_rows(tx, terms, most)) and not shop.do(
            prepare_goods
        ):
            return
    raise AssertionError("it never ends")


def kept(shop: Shop) -> Rows:
    return shop.do(lambda tx, _terms: read_rows(tx))


def follows(shop: Shop, most: int = 100) -> Rows:
    """The worker goes on until nothing is left; the rows are what the books come to."""
    goes_on(shop, most)
    found = kept(shop)
    due = fold(shop.do(lambda tx, _terms: read_books(tx, shop.zone)))
    for table in Rows.__struct_fields__:
        assert getattr(found, table) == getattr(due, table), table
    return found
