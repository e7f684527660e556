"""What people and staff did since an import is seen when it is taken back, whatever it was."""

from __future__ import annotations

from typing import Any

import pytest
from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import ADA, BOB, CYD, acts, brought, undone, weighed

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.telling.said.keep_devices import KeepDevice, keep_devices
from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey, InviteMember, KeepSurvey
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.staff.types import By
from regulars.records.imports.undoing import read
from regulars.records.members import read as members
from regulars.records.members.consents.texts import write
from regulars.records.members.consents.texts.types import Text
from regulars.records.members.types import (
    Changed,
    ChangeMember,
    Identifier,
    LinkIdentifiers,
    MemberRef,
)

_BOB = MemberRef(external="bob")


def _renamed(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        return await change_members(tx, "DE", batch)

    assert isinstance(acts(house, flow, ChangeMember(_BOB, given_name="Robert")), Changed)


def _blocked(house: House) -> None:
    said = acts(house, block_members, BlockMember(_BOB, True, "many returns", "staff"))
    assert said.state == "blocked"


def _linked(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        return await link_identifiers(tx, "DE", batch)

    said = acts(house, flow, LinkIdentifiers(_BOB, (Identifier("phone", "+4915112345678"),)))
    assert isinstance(said, Changed), said


def _answered(house: House) -> None:
    texts = {"en": "Would you?"}
    by = By(words="mia")
    acts(house, keep_surveys, KeepSurvey("ask", "Ask", "csat", texts, (), texts, by))
    there = acts(house, invite_members, InviteMember("ask", _BOB, by))
    said = acts(house, answer_surveys, AnswerSurvey(there.invitation_id, 2, {}, "en"))
    assert said.score == 2, said


def _wrote_a_text(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        (who,) = await members.whom(tx, "DE", [_BOB])
        text = Text(tx.new_id(), b"phone", who, "other", "Are you open?", False, tx.now)
        await tx.write(write.keep(tx, [text]))
        return [text]

    assert acts(house, flow, None).member_id is not None


def _gave_leave(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        (who,) = await members.whom(tx, "DE", [_BOB])
        address = "https://push.example.org/a"
        leave = KeepDevice(who, address, b"\4" + bytes(64), bytes(16), "Android", "the card")
        return await keep_devices(tx, terms, [leave])

    assert acts(house, flow, None).name == "Android"


_KEPT = {_answered: "survey_answer", _wrote_a_text: "text_heard", _gave_leave: "push_device"}


@pytest.mark.in_turns(3)
@pytest.mark.parametrize(
    "does", [_renamed, _blocked, _linked, _answered, _wrote_a_text, _gave_leave]
)
@pytest.mark.parametrize("whole", [True, False], ids=["whole import", "half an import"])
def test_who_was_changed_since_keeps_everything(house: House, does: Any, whole: bool) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    does(house)
    if not whole:
        house.rows("update import set done_at = null")
    # An answer is something a member did, whatever else it changed.
    kept = {"bought" if does is _answered else "changed": 1}
    assert weighed(house, import_id).kept == kept
    assert undone(house, import_id).kept == kept
    if does in _KEPT:
        assert house.rows(f"select count(*) from {_KEPT[does]}")[0][0] == 1
    assert house.wrong_books() == {}


def test_activities_are_asked_for_by_member_and_not_all_of_them(house: House) -> None:
    """A hundred members of a hundred thousand took as long as all: eight times the whole hour."""
    brought(house, ADA, BOB, CYD)
    house.rows(
        """insert into activity
           select (a).* from (select jsonb_populate_record(a, jsonb_build_object(
                      'activity_id', gen_random_uuid(), 'member_id', gen_random_uuid())) as a
                    from activity a, generate_series(1, 1000) where a.kind = 'purchase') as many"""
    )
    house.rows("analyze activity")
    for asked in (read._SOME, read._DONE):
        plan = house.rows(f"explain (format json) {_plain(house, asked)}")[0][0]
        assert "activity_of_member" in plan
        assert "activity_pkey" not in plan


def _plain(house: House, asked: str) -> str:
    """A statement with what it is asked for, so that it can be explained."""
    ids = house.rows("select array_agg(member_id)::text from member")[0][0]
    one = house.rows("select import_id::text from import")[0][0]
    asked = asked.replace("$1::int", str(house.program_id)).replace(
        "$2::uuid[]", f"'{ids}'::uuid[]"
    )
    asked = asked.replace("$2::uuid", f"'{one}'::uuid").replace("$3::int", "100")
    return asked.replace("$3::text[]", "'{purchase,visit}'::text[]")
