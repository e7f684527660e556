"""Bugs about terms that change."""

from __future__ import annotations

from tests.planted.bug import Bug

TERMS = (
    Bug(
        "whoever has done nothing yet stands on no club",
        "flows/terms/comes/touched.py",
        "            here[steps[0]] = everybody - sum(",
        "            here[steps[0]] = 1 + 0 * sum(",
        "checks.who_stands_on_a_club_is_counted",
    ),
    Bug(
        "what was granted once is counted for ever",
        "records/benefits/read.py",
        "   and coalesce(g.until_at > $2::timestamptz, true)\n",
        "",
        "checks.grants_are_counted_while_they_last",
    ),
    Bug(
        "nobody comes over until the walk is there",
        "engine/deciding/tiering.py",
        "    moved = move_over(changes, state, version, now)\n",
        "    moved = False\n",
        "checks.the_next_purchase_answers_anew",
    ),
    Bug(
        "a changeover that lets nobody fall lets them fall",
        "engine/ladder/cutover.py",
        "    return max(running, step_of(cut.after, tier))\n",
        "    return running\n",
        "checks.nobody_falls",
    ),
    Bug(
        "the old ladder stops counting at once",
        "engine/ladder/credit.py",
        "for one in version.beside if day < _over_on(version, state, one))",
        "for one in version.beside if day < 0)",
        "checks.both_ladders_count",
    ),
    Bug(
        "the old ladder counts for ever",
        "engine/ladder/credit.py",
        "for one in version.beside if day < _over_on(version, state, one))",
        "for one in version.beside)",
        "checks.both_ladders_count",
    ),
    Bug(
        "what was promised for longer is cut to the day named",
        "engine/ladder/cutover.py",
        "return named if until is None else max(until, named)",
        "return named",
        "checks.kept_at_least_until",
    ),
    Bug(
        "a return is judged by a ladder that was not there",
        "engine/restating/late.py",
        "tiering.revoke(changes, state, version, at, cause, promised)",
        "tiering.revoke(changes, state, terms.at(at), at, cause)",
        "checks.a_return_keeps_faith",
    ),
    Bug(
        "a tier may be removed without a word",
        "engine/changing/objections.py",
        "if step.id not in ladder and step.id not in said:",
        "if False:",
        "checks.no_tier_goes_silently",
    ),
    Bug(
        "a changeover may look at credit nobody collected",
        "engine/changing/objections.py",
        "if moves and _counts(change.before) != _counts(tiers):",
        "if False:",
        "checks.nothing_is_judged_by_nothing",
    ),
    Bug(
        "a version that is taken back still moves people",
        "flows/terms/withdraw_version.py",
        "        await tx.write(write.publish(tx, number, one.effective_from, before.source, "
        "wish.by))\n",
        "        pass\n",
        "checks.taken_back_never_rules",
    ),
    Bug(
        "a version is taken back though something was decided by it",
        "flows/terms/withdraw_version.py",
        "    if any(counts.values()):\n",
        "    if False:\n",
        "checks.what_was_decided_stays",
    ),
    Bug(
        "a version is taken back though a till decides by it at that moment",
        "flows/terms/withdraw_version.py",
        "            _nothing(one, await decided_since(tx, one, place))\n",
        "            pass\n",
        "checks.decided_meanwhile_stays",
    ),
    Bug(
        "whoever writes a draft last wins",
        "flows/terms/keep_drafts.py",
        "    if there is not None and there.revision != revision:\n",
        "    if False:\n",
        "checks.no_draft_is_overwritten",
    ),
    Bug(
        "a warning with a name is published by itself",
        "flows/terms/publish_program.py",
        "if one.code and one.code not in accept]",
        "if False]",
        "checks.a_warning_is_asked_for",
    ),
    Bug(
        "a plan counts by the window before alone",
        "engine/changing/crowd.py",
        "stands_on(cut, place.tier, (running, before))",
        "stands_on(cut, place.tier, (0, before))",
        "checks.the_plan_counts_whom_it_moves",
    ),
    Bug(
        "a word is kept as often as it is told",
        "flows/terms/say_words.py",
        "        word = known.get(key)\n",
        "        word = None\n",
        "checks.a_word_is_kept_once",
    ),
)
