"""In which language somebody reads what games promise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from regulars.engine.words.voice import Voice
from regulars.records.program.translations import game_in_language, in_language
from regulars.records.program.types import Program
from regulars.surfaces.api.call import Call
from regulars.surfaces.api.wire.parts import LanguageQuery
from regulars.surfaces.languages.voices import voice_for

WithPromise = TypeVar("WithPromise", bound=Any)


class Spoken(NamedTuple):
    """A program in the language that is asked for, and how things are said in it."""

    program: Program
    language: str
    voice: Voice

    def promises(self, found: Iterable[WithPromise]) -> list[WithPromise]:
        """The same, with what each promises in this language."""
        return [
            replace(one, promise=game_in_language(self.program, one.promise, self.language))
            for one in found
        ]


def spoken(call: Call, program: Program) -> Spoken:
    """As the query asks for it, or as the program file is written."""
    asked = call.query.language if isinstance(call.query, LanguageQuery) else None
    language = asked or program.locale
    return Spoken(in_language(program, language), language, voice_for(language))
