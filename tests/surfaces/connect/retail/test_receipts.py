"""Lines become baskets, returns and parked lines under keys that never change."""

from datetime import UTC, datetime

from tests.surfaces.connect.retail.shop_makers import line

from regulars.records.activity.types import ReturnedLine, SaleRef
from regulars.records.members.types import Identifier, MemberRef
from regulars.surfaces.connect.retail.matching import Why
from regulars.surfaces.connect.retail.receipts import What, joins, told


def test_a_basket_is_one_member_in_one_minute_and_keeps_duplicate_lines():
    lines = [line(7, "CUP", 2), line(8, "CUP", 1), line(7, "CUP", 2), line(7, "CUP", 1, minute=1)]
    sales = list(told(lines))
    assert [one.command.external_id for one in sales] == [
        "7/2010-12-01T09:00",
        "8/2010-12-01T09:00",
        "7/2010-12-01T09:01",
    ]
    assert [len(one.command.body.lines) for one in sales] == [2, 1, 1]
    first = sales[0].command
    assert first.member == MemberRef(external="7")
    assert first.occurred_at == datetime(2010, 12, 1, 9, 0, tzinfo=UTC)
    assert [(x.sku, x.quantity, x.amount_minor) for x in first.body.lines] == [("CUP", 2, 250)] * 2


def test_a_return_names_its_sale_and_the_pieces_of_each_line():
    lines = [
        line(7, "CUP ", 6),
        line(7, "HEART", 3),
        line(7, "HEART", -1, minute=5),
        line(7, "CUP ", -2, minute=5),
        line(7, "CUP ", -1, minute=5),
    ]
    _, back = told(lines)
    assert (back.what, back.lines, back.amount_minor) == (What.RETURN, 3, 500)
    assert back.command.kind == "return"
    assert back.command.sale == SaleRef(None, "online-retail", "7/2010-12-01T09:00")
    assert back.command.body.returned == (ReturnedLine(1, 1), ReturnedLine(0, 3))


def test_what_comes_back_from_two_sales_is_two_returns():
    lines = [
        line(7, "CUP", 1),
        line(7, "HEART", 1, minute=1),
        line(7, "CUP", -1, minute=2),
        line(7, "HEART", -1, minute=2),
    ]
    backs = [one.command for one in told(lines) if one.what is What.RETURN]
    assert [back.external_id for back in backs] == [
        "7/2010-12-01T09:02/return/1",
        "7/2010-12-01T09:02/return/2",
    ]


def test_a_return_without_a_sale_waits_for_a_receipt_that_never_comes():
    (parked,) = told([line(7, "CUP", -2)])
    assert (parked.what, parked.why) == (What.PARKED, Why.NEVER_BOUGHT)
    assert parked.command.sale == SaleRef(
        None, "online-retail", "7/2010-12-01T09:00/parked/1/no-sale"
    )
    assert parked.command.body.details == {
        "description": "CUP",
        "quantity": -2,
        "price": "1.25",
        "why": "never_bought",
    }


def test_corrections_of_the_books_are_nobodys_purchase():
    lines = [
        line(None, "Adjust bad debt", 1, price="11062.06"),
        line(None, "Adjust bad debt", 1, price="-11062.06"),
        line(7, "CUP", 0),
    ]
    kept = list(told(lines))
    assert [one.what for one in kept] == [What.CORRECTION] * 3
    assert {one.command.kind for one in kept} == {"correction"}
    assert {one.command.member for one in kept} == {None}
    assert not any(one.command.body.lines for one in kept)


def test_a_basket_of_more_lines_than_a_receipt_holds_has_two_receipts():
    sales = list(told([line(None, "CUP", 1)] * 1_114))
    assert [len(one.command.body.lines) for one in sales] == [1_000, 114]
    assert [one.command.external_id for one in sales] == [
        "nobody/2010-12-01T09:00",
        "nobody/2010-12-01T09:00/2",
    ]


def test_a_line_on_a_second_receipt_is_found_there():
    lines = [line(7, "CUP", 1)] * 1_000 + [line(7, "HEART", 2), line(7, "HEART", -1, minute=3)]
    (back,) = (one.command for one in told(lines) if one.what is What.RETURN)
    assert back.sale is not None
    assert back.sale.external_id == "7/2010-12-01T09:00/2"
    assert back.body.returned == (ReturnedLine(0, 1),)


def test_the_beginning_of_a_file_tells_the_same_as_the_whole():
    lines = [line(n % 3 or None, f"CUP {n % 5}", 1 + n % 4, minute=n // 2) for n in range(60)]
    lines += [line(1, "CUP 1", -1, minute=40), line(2, "CUP 4", -9, minute=41)]
    whole = [one.command for one in told(lines)]
    part = [one.command for one in told(lines[:30])]
    assert part == whole[: len(part)]


def test_everybody_with_a_number_joins_once_with_their_first_line():
    lines = [line(8, "CUP", -1), line(None, "CUP", 1), line(7, "CUP", 1, minute=2)]
    first, second = joins([*lines, line(8, "CUP", 1, minute=3)])
    assert first.identifiers == (Identifier("external", "8"),)
    assert first.joined_at == datetime(2010, 12, 1, 9, 0, tzinfo=UTC)
    assert second.attributes == {"country": "United Kingdom"}
