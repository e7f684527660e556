"""What a case about surveys says, so that these operations say yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regulars.base.ids import id_of
from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey

Said = dict[str, Any]
_TEXTS = {"en": "Would you recommend us?"}
SURVEY: dict[str, Any] = {"name": "Recommend", "kind": "nps", "asks": _TEXTS, "thanks": _TEXTS}


def answered(house: Any, member: str) -> str:
    """An invitation that this member answered, unhappily."""
    house.ask("PUT", "/v1/surveys/asks", **SURVEY)
    there = house.post("/v1/surveys/asks/invitations", member={"id": member})["invitation_id"]
    said = AnswerSurvey(id_of(bytes.fromhex(there[4:])), 3, {}, "en")
    house.counter.shop.forget_terms()  # a case before may have published
    house.counter.shop.ask(answer_surveys, said)
    return str(there)


def _kept(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/surveys/asks", **SURVEY)
    while True:
        yield {"path": {"survey": "asks"}}


def _keeping(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"survey": f"asks-{house.fresh() % 50}"}, "body": SURVEY}


def _asking(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/surveys/asks", **SURVEY)
    while True:
        yield {"path": {"survey": "asks"}, "body": {"member": {"id": house.member()}}}


def _looked(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"invitation_id": answered(house, house.member())}}


SURVEYS = {
    "GET /v1/surveys/{survey}": _kept,
    "PUT /v1/surveys/{survey}": _keeping,
    "GET /v1/surveys/{survey}/answers": _kept,
    "POST /v1/surveys/{survey}/invitations": _asking,
    "POST /v1/survey-answers/{invitation_id}/look-after": _looked,
}
