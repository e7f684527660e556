"""Bugs about notices of expiry, planted like those of bugs.py."""

from tests.planted.bug import Bug

_STORY = "story told-before-it-lapses"
NOTICES = (
    Bug(
        "points lapse although nobody was told",
        "engine/deciding/notice.py",
        "if rule is None or changes.history is not None:",
        "if rule is None or changes.history is not None or not state.notices.get(lot.lot_id):",
        _STORY,
    ),
    Bug(
        "a notice that lies in the inbox counts as shown",
        "engine/deciding/notice.py",
        "    to_at = day_starts_at(zone, local(zone, shown_at or now).day + days + 1)\n",
        "    to_at = day_starts_at(zone, local(zone, shown_at or now).day + days + 1)\n"
        "    to_at = lot.expires_at if lot.lot_id in state.notices else to_at\n",
        _STORY,
    ),
    Bug(
        "the day on which it was shown counts as a whole one",
        "engine/deciding/notice.py",
        "shown_at or now).day + days + 1)",
        "shown_at or now).day + days)",
        _STORY,
    ),
    Bug(
        "the end moves and the lot keeps the old one",
        "records/ledger/write.py",
        "        if o.waited or o.moved\n",
        "        if o.waited\n",
        _STORY,
    ),
    Bug(
        "a redemption does not know the promise",
        "flows/batch/first_lots.py",
        "    await load_notices(tx, terms, states, members)\n",
        "",
        _STORY,
    ),
    Bug(
        "the notice lies ready only when it is nearly too late",
        "engine/deciding/notice.py",
        "+ 2 * days)",
        "+ days)",
        _STORY,
    ),
    Bug(
        "the notice lies ready a day too early",
        "engine/deciding/notice.py",
        "+ 2 * days)",
        "+ 2 * days + 1)",
        _STORY,
    ),
    Bug(
        "a notice of an end that a courtesy moved still counts",
        "records/outbox/read.py",
        "c.from_at >= m.lapses_at",
        "c.from_at < m.lapses_at",
        "checks.told_again_after_a_courtesy",
    ),
    Bug(
        "points of the erased wait for ever to be told",
        "flows/batch/load.py",
        'if state.state != "erased":',
        "if True:",
        "checks.nobody_waits_for_the_erased",
    ),
    Bug(
        "that points live on is not told",
        "engine/deciding/notice.py",
        "    changes.events.append(Event(state.member_id, state.version + 1, "
        '"points.postponed", payload))\n',
        "",
        _STORY,
    ),
)
