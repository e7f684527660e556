"""Lists brought as a file: whom each line names, and what becomes of lines that name nobody."""

from __future__ import annotations

from typing import Any

import pytest
from tests.flows.terms.segments.test_following import BUYERS, WHO, ids, keep
from tests.makers import Shop

from regulars.base.faults import Invalid, NotFound
from regulars.engine.segments.listing import WrongLine, named_in
from regulars.flows.membership.office.segments.bring_lists import bring_lists
from regulars.flows.membership.office.segments.commands import BringList, Brought

_ON = "select count(*) from segment_listed where program_id = $1"


def brings(shop: Shop, text: str, **more: Any) -> Any:
    named = named_in(text.encode())
    assert not named.no
    command = BringList("friends", tuple(named.lines), WHO, tuple(named.wrong), **more)
    return shop.ask(bring_lists, command)[0]


def test_whoever_a_file_names_is_on_the_list_and_again_changes_nothing(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cy")
    keep(cafe, "friends", None, kind="list")
    (number,) = cafe.rows(
        "select m.number from member m join identifier i using (member_id) "
        "where i.program_id = $1 and i.value = 'bo'"
    )[0]
    (cy,) = ids(cafe, "cy")
    text = f"member_id;Number;external\n;;ada\n\n;{number};ada\nmem_{cy.hex};;\n;;ada\n"
    assert brings(cafe, text) == Brought(3, 3)
    assert brings(cafe, text) == Brought(0, 3)
    assert brings(cafe, "external\nada\n", adds=False) == Brought(1, 2)


def test_a_line_that_names_nobody_is_told_and_nothing_is_changed(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "friends", None, kind="list")
    text = '\ufeffphone,external\n,"ada\n1"\n,ada\n12,\n\n,zoe\n'
    wrong = (
        WrongLine(2, "ada\n1", "misspelt"),
        WrongLine(5, "12", "misspelt"),
        WrongLine(7, "zoe", "unknown"),
    )
    assert brings(cafe, text) == Brought(0, 0, wrong, done=False)
    assert cafe.rows(_ON) == [(0,)]
    assert brings(cafe, text, partly=True) == Brought(1, 1, wrong)
    assert cafe.rows(_ON) == [(1,)]


@pytest.mark.parametrize(
    ("body", "no"),
    [
        (b"name\nAda\n", "columns"),
        (b"", "columns"),
        (b"external\n", "nothing"),
        ("external\nadä".encode("latin-1"), "text"),
        (b"external\na\0b", "text"),
        (b"PK\x03\x04\xff", "text"),
    ],
)
def test_what_is_no_such_file_is_said_to_be_none(body: bytes, no: str) -> None:
    assert named_in(body).no == no


def test_what_a_spreadsheet_was_kept_from_working_out_is_read_as_it_was_meant() -> None:
    (line,) = named_in(b"phone\n'+493012345\n").lines
    assert line.ref.phone == "+493012345"


def test_only_a_list_can_be_brought(cafe: Shop) -> None:
    assert isinstance(brings(cafe, "external\nada\n"), NotFound)
    keep(cafe, "friends", BUYERS)
    assert isinstance(brings(cafe, "external\nada\n"), Invalid)
    assert cafe.rows(_ON) == [(0,)]
