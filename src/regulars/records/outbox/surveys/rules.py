"""Whether a survey is well written, what it asks of whom, and whether an answer fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from regulars.base.languages import written_in
from regulars.records.outbox.surveys.types import (
    LONGEST_ANSWER,
    LOOKED_AFTER,
    SCALES,
    UNHAPPY,
    Kind,
    Question,
    Survey,
)

MOST_QUESTIONS: Final = 8
MOST_CHOICES: Final = 12
LONGEST_TEXT: Final = 300
_HTTPS: Final = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][!-~]*)?")
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Wrong(NamedTuple):
    """What is wrong, and where."""

    place: str
    says: str


def ill_written(
    kind: Kind,
    asks: Mapping[str, str],
    questions: Sequence[Question],
    thanks: Mapping[str, str],
    own: str,
) -> Wrong | None:
    """What is wrong with a survey that is to be kept, at its place; nothing where it is well.

    Order: head, questions as they stand, thanks. `own` is the language of the program, in which
    everything is written: whoever reads another one that is missing reads that.
    """
    wrong = _texts(asks, "/asks", own)
    if wrong is None and len(questions) > MOST_QUESTIONS:
        wrong = Wrong("/questions", f"Nobody answers more than {MOST_QUESTIONS} questions")
    if wrong is None and kind == "feedback" and not questions:
        wrong = Wrong("/questions", "A short feedback asks at least one question")
    if wrong is None and len({one.id for one in questions}) < len(questions):
        wrong = Wrong("/questions", "Each question has a short name of its own")
    for at, one in enumerate(questions):
        wrong = wrong or _question(kind, one, f"/questions/{at}", own)
    return wrong or _texts(thanks, "/thanks", own)


def ill_review(url: str, site: str) -> Wrong | None:
    """What is wrong with where a review is written; nothing where there is none, or it is well."""
    if not url and not site:
        return None
    if not url:
        return Wrong("/review_url", "Say where, or leave both empty")
    if not (_HTTPS.fullmatch(url) and len(url) <= 500):
        return Wrong("/review_url", "This is no address that begins with https://")
    if not (0 < len(site) <= 80 and site.isprintable()):
        return Wrong("/review_site", "Say in up to 80 letters what the site is called")
    return None


def asked_of(survey: Survey, score: int | None) -> list[Question]:
    """What is asked of whoever gave this score, in order.

    Example: a question from 0 to 6 is asked of whoever gave 6, and not of whoever gave 7.
    """
    return [one for one in survey.questions if _fits(one, score)]


def ill_answered(survey: Survey, score: int | None, says: Mapping[str, str]) -> Wrong | None:
    """What is wrong with an answer; texts may be left out."""
    scale = SCALES[survey.kind]
    if scale is None and score is not None:
        return Wrong("/score", "This survey asks for no score")
    if scale is not None and (score is None or not scale[0] <= score <= scale[1]):
        return Wrong("/score", f"Choose from {scale[0]} to {scale[1]}")
    asked = {one.id: one for one in asked_of(survey, score)}
    for name, text in says.items():
        place = f"/says/{name}"
        if name not in asked:
            return Wrong("/says", "This is not asked of whoever gave that score")
        if len(text) > LONGEST_ANSWER or "\0" in text:
            return Wrong(place, f"Write up to {LONGEST_ANSWER} letters")
        if asked[name].answer == "choice" and text not in asked[name].choices:
            return Wrong(place, "Choose one of what is offered")
    return None if score is not None or says else Wrong("/says", "Answer at least one question")


def due_for(kind: Kind, score: int | None, now: datetime) -> datetime | None:
    """Until when somebody should look after whoever gave this score; nothing for the content."""
    low = UNHAPPY.get(kind)
    return None if low is None or score is None or score > low else now + LOOKED_AFTER


def words_in(texts: Mapping[str, str], language: str, own: str) -> str:
    """A text in this language; where it is not written in that, in the program's."""
    return texts.get(language.partition("-")[0], texts.get(own, ""))


def _fits(one: Question, score: int | None) -> bool:
    if one.from_score is None and one.to_score is None:
        return True
    low = 0 if one.from_score is None else one.from_score
    high = 10 if one.to_score is None else one.to_score
    return score is not None and low <= score <= high


def _question(kind: Kind, one: Question, place: str, own: str) -> Wrong | None:
    if _ID.fullmatch(one.id) is None:
        return Wrong(f"{place}/id", "Small letters, digits and low lines, up to 32")
    scale = SCALES[kind]
    bounds = [bound for bound in (one.from_score, one.to_score) if bound is not None]
    if bounds and scale is None:
        return Wrong(f"{place}/from_score", "Without a score there is nothing to branch by")
    if scale is not None and (
        bounds != sorted(bounds) or any(not scale[0] <= bound <= scale[1] for bound in bounds)
    ):
        says = f"From a score to one that is not lower, between {scale[0]} and {scale[1]}"
        return Wrong(f"{place}/from_score", says)
    if (one.answer == "choice") != bool(one.choices) or len(one.choices) > MOST_CHOICES:
        return Wrong(f"{place}/choices", f"A choice offers up to {MOST_CHOICES}, a text none")
    wrong = _texts(one.asks, f"{place}/asks", own)
    for name, texts in one.choices.items():
        if wrong is None and _ID.fullmatch(name) is None:
            wrong = Wrong(f"{place}/choices", "Small letters, digits and low lines, up to 32")
        wrong = wrong or _texts(texts, f"{place}/choices/{name}", own)
    return wrong


def _texts(texts: Mapping[str, str], place: str, own: str) -> Wrong | None:
    if own not in texts:
        return Wrong(place, f"The language of the program is missing: {own}")
    for language, text in texts.items():
        if language not in written_in(own):
            return Wrong(place, f"Surveys are written in {', '.join(written_in(own))}")
        if not (0 < len(text.strip()) <= LONGEST_TEXT and text.isprintable()):
            return Wrong(f"{place}/{language}", f"One line of up to {LONGEST_TEXT} letters")
    return None
