"""Why points came or went, where the program itself says so: in the language asked for.

The books keep each reason as it was written. What people write stays as it is; what the program
writes always reads alike, so it is known by its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulars.engine.words.ones import ONE
from regulars.engine.words.voice import Voice


def _known(reasons: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(words, re.DOTALL), key) for words, key in reasons.items())


_ANYBODY: Final = _known(
    {
        r"pay-out came back: (?P<said>.*)": "entry.why_sent_back",
        r"return of (?P<said>.*)": "entry.why_partner_back",
        r"points of a paid term": "entry.why_term",
        r"points of a term that was refunded": "entry.why_term_back",
        r"points of a refund that failed": "entry.why_term_again",
        r"topped up: (?P<said>.*)": "entry.why_topped_up",
        r"came back with a return": "entry.why_came_back",
        r"owed when it was spent": "entry.why_owed",
        r"something came back while they were reserved": "entry.why_reserved",
        r"came over with a merge": "entry.why_came_over",
        r"came back after the merge": "entry.why_back_after_merge",
        r"act_[0-9a-f]{32} came late": "entry.why_late",
        r"rates of version (?P<n>[0-9]+)": "entry.why_rates",
    }
)
"""Reasons that are said in the name of whoever asked for it."""
_BY: Final = MappingProxyType(
    {
        "referral": _known(
            {
                r"brought a friend": "entry.why_brought",
                r"was brought": "entry.why_was_brought",
                r"(?P<said>[0-9]+) friends": "entry.why_friends",
                r"fewer friends stayed": "entry.why_fewer_friends",
                r"what the friend bought came back": "entry.why_friend_returned",
                r"the friend turned out to be the same person": "entry.why_friend_oneself",
                r"the friend turned out to have been brought before": "entry.why_friend_before",
            }
        ),
        "game": _known(
            {
                r"(?P<said>.*) is not reached any more": "entry.why_unreached",
                r"(?P<said>.*) reached": "entry.why_reached",
                r"(?P<said>.*): (?P<n>[0-9]+) in a row": "entry.why_in_a_row",
            }
        ),
        "automatic": _known({r"(?P<said>.*) taken back": "entry.why_taken_back"}),
        "draw": _known({r"(?P<said>.*): prize (?P<n>[0-9]+)": "entry.why_won"}),
    }
)
"""Reasons by what gives and takes points by itself."""


def reason_in_words(actor: str, reason: str, voice: Voice) -> str:
    """Why, as it was written; what the program itself writes is said in the language asked for.

    Example: "brought a friend" of the referrals is "jemanden geworben"; of Mia it is her word.
    """
    for words, key in (*_BY.get(actor, ()), *_ANYBODY):
        found = words.fullmatch(reason)
        if found is not None:
            said = {name: text.strip() for name, text in found.groupdict().items()}
            if key in ONE:
                return voice.say_count(key, said["said"], **said)
            return voice.say(key, **said)
    return reason
