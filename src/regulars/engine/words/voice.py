"""In which language sentences are said, and how numbers, money and days are written there.

The engine knows English and plain decimals. Whoever talks to people hands in another voice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from regulars.engine.words.english import ENGLISH


def _plain_money(amount: str, currency: str) -> str:
    return f"{amount} {currency}"


def _one_or_other(text: str) -> str:
    return "one" if text == "1" else "other"


def _closed(said: str) -> str:
    return " ".join(part for part in said.split(" ") if part)


class Voice(Struct, frozen=True):
    """A language as sentences need it: phrases by their key, and how to write what goes in.

    Shape: `number` takes decimal text (`1234.5`), `money` decimal text and a currency, `day` an
    ISO day; each gives what people read.
    """

    language: str
    phrases: Mapping[str, str]
    number: Callable[[str], str] = str
    money: Callable[[str, str], str] = _plain_money
    day: Callable[[str], str] = str
    plural: Callable[[str], str] = _one_or_other
    """Of decimal text the category of Unicode: zero, one, two, few, many or other."""

    def say(self, key: str, **words: object) -> str:
        """The phrase of this key with its places filled."""
        said = self.phrases[key].format(**words)
        # A number that its noun says itself leaves no gap behind.
        return _closed(said) if "" in words.values() else said

    def say_count(self, key: str, count: int | str, /, **words: object) -> str:
        """The phrase of this key in the form that a count takes here; the count comes in by name.

        Example: in English `say_count("tier.visits", 1, n="1")` is "1 visit".
        """
        form = f"{key}|{self.plural(str(count))}"
        return self.say(form if form in self.phrases else key, **words)

    def span(self, count: int | str, unit: str) -> str:
        """So many days, weeks, months or years: "3 days"."""
        return self.say_count(f"game.span_{unit}", count, n=self.number(str(count)))

    def word(self, key: str, otherwise: str) -> str:
        """A single word there may be a phrase for; else as it is written in the program."""
        return self.phrases.get(key, otherwise)

    def any_of(self, names: Sequence[str]) -> str:
        """These names as a choice: "a, b or c"."""
        return self._listed("join.or", names)

    def all_of(self, parts: Sequence[str]) -> str:
        """These parts as what holds together: "a, b and c"."""
        return self._listed("join.and", parts)

    def _listed(self, key: str, parts: Sequence[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return self.say(key, first=", ".join(parts[:-1]), last=parts[-1])


PLAIN: Final = Voice("en", ENGLISH)
"""English, with numbers and days as a program file writes them."""
