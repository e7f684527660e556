"""What many write about: words and pairs of words that several members used, counted and no more.

Nothing leaves the house and nothing is guessed: whoever sees a theme can count it after. A word
that fewer than three members used is not shown, so that no name or address of one of them is.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

FEWEST: Final = 3
"""So many members, at least, wrote of a theme."""
MOST: Final = 12
_BESIDE: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]{2,30}")
_BROKEN: Final = re.compile(r"\S*[@\d/]\S*")
"""Addresses, numbers and links are no words of a theme."""
_STOPS: Final = frozenset(
    # English, German, Turkish and Arabic words that are in every text.
    [
        "the",
        "and",
        "for",
        "was",
        "were",
        "with",
        "that",
        "this",
        "have",
        "has",
        "had",
        "not",
        "but",
        "you",
        "your",
        "are",
        "our",
        "they",
        "them",
        "very",
        "too",
        "from",
        "his",
        "her",
        "she",
        "him",
        "its",
        "been",
        "all",
        "any",
        "can",
        "just",
        "will",
        "would",
        "could",
        "there",
        "here",
        "what",
        "when",
        "which",
        "who",
        "how",
        "out",
        "get",
        "got",
        "did",
        "does",
        "an",
        "of",
        "to",
        "in",
        "is",
        "it",
        "on",
        "at",
        "as",
        "be",
        "by",
        "or",
        "so",
        "we",
        "us",
        "me",
        "my",
        "if",
        "no",
        "do",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "war",
        "ich",
        "wir",
        "ihr",
        "sie",
        "er",
        "es",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "nicht",
        "mit",
        "für",
        "auf",
        "von",
        "zu",
        "im",
        "in",
        "am",
        "an",
        "bei",
        "auch",
        "aber",
        "so",
        "sehr",
        "nur",
        "noch",
        "als",
        "wie",
        "was",
        "wenn",
        "dass",
        "hat",
        "habe",
        "haben",
        "sind",
        "wurde",
        "den",
        "dem",
        "des",
        "mir",
        "mich",
        "uns",
        "euch",
        "man",
        "da",
        "zum",
        "zur",
        "oder",
        "kein",
        "keine",
        "ve",
        "bir",
        "bu",
        "şu",
        "da",
        "de",
        "için",
        "çok",
        "ama",
        "ile",
        "gibi",
        "daha",
        "en",
        "ne",
        "mi",
        "mı",
        "mu",
        "mü",
        "ben",
        "sen",
        "biz",
        "siz",
        "onlar",
        "o",
        "var",
        "yok",
        "olan",
        "oldu",
        "değil",
        "her",
        "şey",
        "kadar",
        "sonra",
        "في",
        "من",
        "على",
        "إلى",
        "عن",
        "مع",
        "هذا",
        "هذه",
        "ذلك",
        "كان",
        "كانت",
        "لم",
        "لا",
        "ما",
        "أن",
        "إن",
        "هو",
        "هي",
        "نحن",
        "أنا",
        "كل",
        "قد",
        "ثم",
        "أو",
        "جدا",
        "التي",
        "الذي",
    ]
)


class Theme(Struct, frozen=True):
    """A word or two that `members` used; so many of them were unhappy; what stood beside it."""

    words: str
    members: int
    unhappy: int
    beside: tuple[str, ...]


class Said(Struct, frozen=True):
    """What a member wrote, all of it, and whether they were unhappy."""

    member: str
    text: str
    unhappy: bool = False


def themes(said: Iterable[Said]) -> list[Theme]:
    """What several members wrote of, most of them first; a pair of words in place of its words
    where nearly all who used one used both.

    Example: "long queue" of four members and "queue" of the same four is one theme, not three.
    """
    used: dict[str, set[str]] = defaultdict(set)
    unhappy: set[str] = set()
    for one in said:
        if one.unhappy:
            unhappy.add(one.member)
        for words in _grams(one.text):
            used[words].add(one.member)
    kept = {words: who for words, who in used.items() if len(who) >= FEWEST}
    pairs = [words for words in kept if " " in words]
    for pair in pairs:
        for word in pair.split():
            if word in kept and len(kept[word]) - len(kept[pair]) < FEWEST:
                del kept[word]
    order = sorted(kept, key=lambda words: (-len(kept[words]), words))[:MOST]
    return [
        Theme(words, len(kept[words]), len(kept[words] & unhappy), _beside(words, kept))
        for words in order
    ]


def _beside(words: str, kept: dict[str, set[str]]) -> tuple[str, ...]:
    """What those who wrote of it wrote of as well, three of them at least."""
    own = set(words.split())
    met = Counter({
        other: len(kept[words] & who) for other, who in kept.items()
        if not own & set(other.split()) and len(kept[words] & who) >= FEWEST
    })  # fmt: skip
    return tuple(sorted(met, key=lambda other: (-met[other], other))[:_BESIDE])


def _grams(text: str) -> set[str]:
    found: set[str] = set()
    for part in re.split(r"[.!?,;:\n؟،]", _BROKEN.sub(" . ", text.casefold())):
        words: Sequence[str] = [one for one in _WORD.findall(part) if one not in _STOPS]
        found |= set(words)
        found |= {f"{a} {b}" for a, b in itertools.pairwise(words)}
    return found
