"""The ways to earn, as the program promises them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.base.tx import Tx
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.games import action_in_words, game_in_words, milestone_in_words
from regulars.surfaces.in_words.promised import promised_to
from regulars.surfaces.in_words.rules import rule_in_words


async def look_at_ways(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Rules that run now for this member, games, and what is asked of members besides buying."""
    program, voice = visit.program, visit.voice
    today = tx.now.date().isoformat()
    return {
        "rules": [
            rule_in_words(program, one, voice)
            for one in await promised_to(tx, visit.member.id, program.rules)
            if one.until_on is None or str(one.until_on) > today
        ],
        "games": [game_in_words(program, one, voice) for one in program.challenges]
        + [game_in_words(program, one, voice) for one in program.streaks]
        + [milestone_in_words(program, one, voice) for one in program.milestones],
        "deeds": [action_in_words(one, voice) for one in program.advocacy],
    }
