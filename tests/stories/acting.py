"""What people in stories do, as commands of the flows."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories.reading import Unreadable
from tests.stories.verbs.belonging import Belonging
from tests.stories.verbs.known import Deed, tails_of
from tests.stories.verbs.partnering import Partnering
from tests.stories.verbs.spending import Spending


class Stage(Spending, Belonging, Partnering):
    """Everything that people in stories can do."""

    def deed(self, who: str, what: str) -> Deed:
        """The command behind the words of a row."""
        what, tails = tails_of(what)
        verbs: dict[str, Callable[..., Deed]] = {
            "takes back": self._takes_back, "becomes": self._becomes,
            "agrees that the shop": self._signs, "tells of": self._tells,
            "misses": self._misses, "disputes": self._disputes, "settles": self._settles,
            "grants": self._grants, "rejects": self._rejects,
            "joins": self._joins, "buys": self._buys, "gives back": self._gives_back,
            "does": self._does, "takes": self._takes, "reserves": self._reserves,
            "collects": self._collects, "lets go": self._lets_go, "gets": self._gets,
            "reads": self._reads,
            "loses": self._loses, "gives": self._gives, "merges into": self._merges,
            "has taken back": self._has_taken_back, "has again": self._has_again, "keeps": self._keeps,
            "has confirmed": self._confirms, "has cancelled": self._cancels,
            "parts again": self._parts, "is blocked": self._is_blocked,
            "shows code of": self._shows, "is let go": self._is_let_go, "is forgiven": self._is_forgiven,
            "is put on": self._is_given_tier, "is matched": self._is_matched,
            "is invited to": self._is_invited, "accepts": self._accepts,
            "starts": self._starts, "tries": self._tries, "has": self._has_plan_turned,
            "ends": self._ends,
            "uses": self._uses, "undoes": self._undoes,
            "rebooks": self._rebooks, "stays away from": self._stays_away,
            "is granted": self._is_granted,
            "founds": self._founds, "enters": self._enters, "leaves": self._leaves,
            "draws": self._draws, "names": self._names, "plays": self._plays, "teams": self._teams, "chooses": self._chooses,
            "spends together": self._spends_together, "spends": self._spends,
            "banks": self._banks, "pays out": self._pays_out, "is sent back": self._sent_back,
            "is sent": self._is_sent, "says": self._says,
            "pays": self._pays,
        }  # fmt: skip
        for verb, act in verbs.items():
            if what == verb or what.startswith(verb + " "):
                return act(who, what[len(verb) :].strip(), tails)
        raise Unreadable(f"nobody can {what!r}; there are: {', '.join(verbs)}")
