"""What somebody types of a survey: its questions row by row, each in several languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from regulars.flows.telling.surveys.commands import KeepSurvey
from regulars.records.access.staff.types import By
from regulars.records.outbox.surveys.rules import MOST_QUESTIONS, asked_of, words_in
from regulars.records.outbox.surveys.types import SCALES, Question, Survey
from regulars.surfaces.console.form import Form

EMPTY: Final = Question("", {})


class Preview(NamedTuple):
    """What a member reads in one language, who gave this score; each question with its choices."""

    language: str
    asks: str
    scale: Sequence[int]
    score: int | None
    questions: list[tuple[str, list[str]]]
    thanks: str


def typed_survey(form: Form, there: Survey, by: By) -> KeepSurvey:
    """The survey with what was typed; a row that says nothing in any language asks nothing.

    Keeps: the short names of questions and choices there are, so that answers stay beside them.
    """
    before = {one.id: one for one in there.questions}
    questions: list[Question] = []
    taken = set(before)
    for row in range(MOST_QUESTIONS):
        one = _question(form, row, before, taken)
        if one is not None:
            questions.append(one)
            taken.add(one.id)
    return KeepSurvey(
        there.code, form.get("name"), there.kind, _texts(form, "asks"), tuple(questions),
        _texts(form, "thanks"), by, there.state, form.get("review_url").strip(),
        form.get("review_site").strip(),
    )  # fmt: skip


def field_of(place: str, own: str) -> str:
    """Which field of the page is meant by a place of a survey: rows are shown as they are kept.

    Example: `/questions/1/asks/de` is `q1-asks-de`, and `/asks` the line in the program's language.
    """
    name, *rest = place.strip("/").split("/")
    if name != "questions" or len(rest) < 2:
        return f"{name}-{rest[0] if rest else own}" if name in ("asks", "thanks") else name
    row, what, *deeper = rest
    if what == "asks":
        return f"q{row}-asks-{deeper[0] if deeper else own}"
    if what == "choices":
        return f"q{row}-choices-{deeper[1] if len(deeper) > 1 else own}"
    return f"q{row}-from" if what == "from_score" else f"q{row}-{what}"


def rows_of(one: Survey | KeepSurvey) -> list[Question]:
    """The questions to be typed, and an empty one for who wants another."""
    return [*one.questions, EMPTY][:MOST_QUESTIONS]


def preview(one: Survey, language: str, score: str, own: str) -> Preview:
    """What a member reads who reads this language and gave this score."""
    language = language if language in one.asks else own
    scale = SCALES[one.kind]
    scores = range(scale[0], scale[1] + 1) if scale else range(0)
    given = int(score) if score.isascii() and score.isdigit() and len(score) < 3 else None
    given = given if given in scores else None
    asked = [] if scale and given is None else asked_of(one, given)
    questions = [
        (
            words_in(each.asks, language, own),
            [words_in(texts, language, own) for texts in each.choices.values()],
        )
        for each in asked
    ]
    asks, thanks = (words_in(texts, language, own) for texts in (one.asks, one.thanks))
    return Preview(language, asks, scores, given, questions, thanks)


def _texts(form: Form, name: str) -> dict[str, str]:
    said = {one: form.get(f"{name}-{one}").strip() for one in form.languages(f"{name}-")}
    return {language: text for language, text in said.items() if text}


def _question(
    form: Form, row: int, before: Mapping[str, Question], taken: set[str]
) -> Question | None:
    asks = _texts(form, f"q{row}-asks")
    choices = _choices(form, row, before.get(form.get(f"q{row}-id"), EMPTY))
    if not asks and not choices:
        return None
    id_ = form.get(f"q{row}-id")
    if id_ not in before:
        id_ = next(name for at in range(1, 99) if (name := f"q{at}") not in taken)
    bounds = (_score(form.get(f"q{row}-{name}")) for name in ("from", "to"))
    return Question(id_, asks, "choice" if choices else "text", choices, *bounds)


def _choices(form: Form, row: int, before: Question) -> dict[str, dict[str, str]]:
    """One for each line, the same line in each language; the first ones keep their short names."""
    lines = {
        language: [line.strip() for line in form.get(f"q{row}-choices-{language}").splitlines()]
        for language in form.languages(f"q{row}-choices-")
    }
    names = list(before.choices)
    found: dict[str, dict[str, str]] = {}
    for at in range(max(map(len, lines.values()), default=0)):
        texts = {
            language: some[at] for language, some in lines.items() if at < len(some) and some[at]
        }
        name = names[at] if at < len(names) else _free(at, {*names, *found})
        if texts:
            found[name] = texts
    return found


def _free(at: int, taken: set[str]) -> str:
    """A short name that nothing has yet."""
    return next(name for n in range(at + 1, 10_000) if (name := f"c{n}") not in taken)


def _score(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 99
