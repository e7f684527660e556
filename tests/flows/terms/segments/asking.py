"""What is asked of members and what they say, for the tests that let every statement fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tests.crash.terms_operations import joined
from tests.isolation.scenes import Ask
from tests.makers import Shop

from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import (
    AnswerSurvey,
    InviteMember,
    KeepSurvey,
    LookAfter,
)
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.flows.telling.surveys.look_after import look_after
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef

_MIA = By(words="mia")


def keeps(n: int, _: Any) -> Ask:
    """A survey is written."""
    return keep_surveys, [_survey(f"asks-{n}")]


def to_ask(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A survey, and a member for each."""
    shop.ask(keep_surveys, _survey("asks-all"))
    return joined(shop, ns)


def invites(_: int, member_id: Any) -> Ask:
    """Somebody is asked."""
    return invite_members, [InviteMember("asks-all", MemberRef(id=_known(member_id)), _MIA)]


def asked(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """An invitation for each."""
    members = to_ask(shop, ns)
    found = shop.ask(invite_members, *(
        InviteMember("asks-all", MemberRef(id=one), _MIA) for one in members
    ))  # fmt: skip
    return [one.invitation_id for one in found]


def answers(_: int, invitation_id: Any) -> Ask:
    """Somebody answers."""
    return answer_surveys, [AnswerSurvey(_known(invitation_id), 3, {}, "en")]


def unhappy(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """An unhappy answer for each."""
    found = asked(shop, ns)
    shop.ask(answer_surveys, *(AnswerSurvey(one, 3, {}, "en") for one in found))
    return found


def looks(_: int, invitation_id: Any) -> Ask:
    """Somebody looks after them."""
    return look_after, [LookAfter(_known(invitation_id), _MIA, "solved", "Called")]


def _known(id_: Any) -> UUID:
    return id_ if isinstance(id_, UUID) else UUID(int=1)


def _survey(code: str) -> KeepSurvey:
    return KeepSurvey(code, "Asks", "nps", {"en": "Would you?"}, (), {"en": "Thanks"}, _MIA)
