"""Bugs of systems that are told of members and tell of cases, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TELLS = "flows/inlets/outlets/tell_members.py"
_PICTURES = "flows/inlets/outlets/pictures.py"
_ROUNDS = "surfaces/connect/outlets/rounds.py"
_FORCE = "surfaces/connect/outlets/salesforce"
CRMS = (
    Bug(
        "what stands again as it once stood is answered from memory",
        "surfaces/connect/outlets/crm/members.py",
        "once = digest(*(part for pair in versions for part in pair), body)",
        "once = digest(body)",
        "checks.what_stands_again_as_it_did_before_is_told_again",
    ),
    Bug(
        "who moves while they are told is not told again",
        "records/outbox/hooks/outlets/write.py",
        "set changed = outlet_member.changed + 1, anew =",
        "set changed = outlet_member.changed, anew =",
        "checks.who_moves_while_they_are_told_is_told_once_more",
    ),
    Bug(
        "whoever asks for a pause is asked after a second",
        "surfaces/connect/outlets/telling.py",
        "return max(1, min(int(said[:9]), LONGEST_PAUSE_S))",
        "return 1",
        "checks.who_asks_for_a_pause_has_it_to_the_second",
    ),
    Bug(
        "an outage gives everybody up",
        _TELLS,
        "if tries >= MOST_TRIES and outlet.failures == 0:",
        "if tries >= MOST_TRIES:",
        "checks.where_everything_fails_nobody_is_given_up",
    ),
    Bug(
        "one whom a CRM does not take takes the others along",
        _ROUNDS,
        "if why.fell or len(one.records) > 1:",
        "if why.fell:",
        "checks.one_member_whom_it_does_not_take_holds_up_no_other",
    ),
    Bug(
        "a CRM is told to forget whom it never knew",
        _ROUNDS,
        "if due.told is None and (seen.gone or seen.silent):",
        "if due.told is None and seen.silent:",
        "checks.whoever_is_erased_is_to_be_forgotten_there",
    ),
    Bug(
        "whom it was sent without an answer stays there once they are erased",
        _TELLS,
        "await tx.write(write.sent(tx, outlet.inlet_id, told_of))",
        "await tx.write(write.sent(tx, outlet.inlet_id, told_of[:0]))",
        "checks.who_is_erased_before_it_says_that_it_knows_them_is_to_be_forgotten_there",
    ),
    Bug(
        "who is erased is told of as somebody",
        _PICTURES,
        'kept[id_].state in ("active", "blocked")]',
        'kept[id_].state in ("active", "blocked", "erased")]',
        "checks.whoever_is_erased_is_to_be_forgotten_there",
    ),
    Bug(
        "a night tells a CRM of everybody",
        _TELLS,
        "wanted = await read.known_of(tx, reach.inlet_id, found)",
        "wanted = found",
        "checks.a_night_tells_of_nobody_it_was_not_to_be_told_of",
    ),
    Bug(
        "what members answer is told to no CRM",
        _TELLS,
        "write.want(tx, reach.inlet_id, said))",
        "write.want(tx, reach.inlet_id, said[:0]))",
        "checks.scores_and_what_was_reckoned_come_with_their_day",
    ),
    Bug(
        "churn is told the other way round",
        _PICTURES,
        "_units(1_000 - value.chance, 1)",
        "_units(value.chance, 1)",
        "checks.scores_and_what_was_reckoned_come_with_their_day",
    ),
    Bug(
        "by another mapping nobody is told anew",
        "flows/inlets/keep_inlets.py",
        "*outlets.otherwise(tx, after.inlet_id)]",
        "]",
        "checks.it_may_say_which_field_it_does_not_take_and_is_told_by_a_mended_mapping",
    ),
    Bug(
        "a key goes wherever somebody says",
        "flows/inlets/outlets/keep_outlets.py",
        "if elsewhere and not wish.keys:",
        "if elsewhere and wish.keys:",
        "checks.keys_are_kept_encrypted_and_sent_to_no_other_system",
    ),
    Bug(
        "what a sandbox knows is known to what comes after it",
        "surfaces/connect/outlets/records.py",
        "return digest(*place, *_written_by(by), encoded(record.fields))",
        "return digest(encoded(record.fields))",
        "checks.another_system_is_told_of_all_whom_the_old_one_knew",
    ),
    Bug(
        "a back-fill tells of whoever there is",
        _TELLS,
        "moved = await told.moved_since(tx, found, reach.walk_since)",
        "moved = found",
        "checks.a_back_fill_tells_whoever_moved_from_a_day_on_and_says_how_far_it_is",
    ),
    Bug(
        "any signature of a CRM will do",
        "surfaces/connect/outlets/crm/kind.py",
        "return self._as.check(secrets, headers, bodies, now)",
        'return headers.get(b"webhook-id", b"").decode()',
        "checks.what_is_not_signed_by_the_secret_is_not_let_in",
    ),
    Bug(
        "a token that is over is used on",
        f"{_FORCE}/asking.py",
        "self._tokens.drop(self._shop)",
        "self._tokens.get(self._shop)",
        "checks.a_token_that_is_over_is_renewed_once",
    ),
    Bug(
        "a 200 of Salesforce is a yes for every record",
        f"{_FORCE}/members.py",
        'if isinstance(one, Mapping) and one.get("success") is True:',
        "if isinstance(one, Mapping):",
        "checks.a_200_in_which_a_record_failed_is_no_yes_for_it",
    ),
    Bug(
        "Salesforce is sent more than two hundred at once",
        f"{_FORCE}/members.py",
        "MOST: Final = 200",
        "MOST: Final = 500",
        "checks.no_request_has_more_than_two_hundred",
    ),
    Bug(
        "a row that somebody holds is given up",
        f"{_FORCE}/members.py",
        "passes=said in _PASSES",
        "passes=False",
        "checks.a_row_that_somebody_holds_is_tried_again_in_a_moment",
    ),
    Bug(
        "requests of a day that are used up are a failure",
        f"{_FORCE}/asking.py",
        "raise NotTold(_NO[code], LIMITED_S)",
        "raise NotTold(_NO[code])",
        "checks.requests_of_a_day_that_are_used_up_are_waited_for_and_some_are_left",
    ),
    Bug(
        "all requests of a day are used",
        f"{_FORCE}/asking.py",
        ">= int(most) * MOST_PERCENT else 0",
        ">= int(most) * 100 else 0",
        "checks.requests_of_a_day_that_are_used_up_are_waited_for_and_some_are_left",
    ),
    Bug(
        "a page of cases ends within a second",
        f"{_FORCE}/cases.py",
        ">= since.replace(microsecond=0) + _TWO_S",
        ">= since.replace(microsecond=0)",
        "checks.many_that_changed_in_one_second_are_read_to_the_last",
    ),
    Bug(
        "a mapping asks Salesforce for whatever it says",
        f"{_FORCE}/cases.py",
        "place for place in named if _FIELD.fullmatch(place) and place.split",
        "place for place in named if place.split",
        "checks.a_mapping_cannot_ask_for_something_else_than_fields",
    ),
    Bug(
        "points of a process are given each time it is sent",
        f"{_FORCE}/spoken/processes.py",
        'f"salesforce {field} {wallet} {_named(journal)} {number}"',
        'f"salesforce {field} {number} {id(one)} {call.now}"',
        "checks.a_process_counts_once",
    ),
    Bug(
        "a process that takes points gives them",
        f"{_FORCE}/spoken/processes.py",
        "units=sign * _units(amount, scale, field),",
        "units=_units(amount, scale, field),",
        "checks.a_process_counts_once",
    ),
    Bug(
        "a journal that is sent again counts again",
        f"{_FORCE}/spoken/journals.py",
        "external_id=one.external_transaction_number,",
        'external_id="",',
        "checks.a_journal_counts_once",
    ),
    Bug(
        "a journal is rounded to whole cents",
        f"{_FORCE}/spoken/journals.py",
        "if minor == minor.to_integral_value() and 0 <= minor < 1 << 53:",
        "if 0 <= minor < 1 << 53:",
        "checks.a_journal_has_whole_cents",
    ),
    Bug(
        "a journal for another program is booked here",
        f"{_FORCE}/spoken/journals.py",
        'if call.ids["program"] not in (program.name, terms.slug, "main"):',
        'if call.ids["program"] == "":',
        "checks.a_journal_names_its_program",
    ),
)


@contextmanager
def _desk(shop: Shop, kind: str) -> Iterator[Any]:
    """A system of this kind beside the shop."""
    from tests.surfaces.connect.crm.desk import Told
    from tests.surfaces.connect.salesforce.force import Force
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    if kind == "counter":
        yield counter
        return
    desk = Told(counter) if kind == "told" else Force(counter)
    desk.later(minutes=10)
    if kind == "cases":
        desk.org.clock = shop.now  # type: ignore[union-attr]
        desk.asks(shop.now)  # type: ignore[union-attr]
    else:
        desk.tells()
    yield desk


def _check(place: str, test: str, kind: str) -> Callable[[Shop], None]:
    """The test of this name, played in a shop of its own."""

    def check(shop: Shop) -> None:
        found = getattr(import_module(f"tests.surfaces.connect.{place}"), test)
        with _desk(shop, kind) as desk:
            found(desk)

    return check


_TESTS = (
    ("crm.test_telling", "test_what_stands_again_as_it_did_before_is_told_again", "told"),
    ("crm.test_away", "test_who_moves_while_they_are_told_is_told_once_more", "told"),
    ("crm.test_away", "test_who_asks_for_a_pause_has_it_to_the_second", "told"),
    ("crm.test_away", "test_where_everything_fails_nobody_is_given_up", "told"),
    ("crm.test_away", "test_one_member_whom_it_does_not_take_holds_up_no_other", "told"),
    ("crm.test_telling", "test_whoever_is_erased_is_to_be_forgotten_there", "told"),
    ("crm.test_telling", "test_a_night_tells_of_nobody_it_was_not_to_be_told_of", "counter"),
    ("crm.test_telling", "test_scores_and_what_was_reckoned_come_with_their_day", "told"),
    (
        "crm.test_away",
        "test_it_may_say_which_field_it_does_not_take_and_is_told_by_a_mended_mapping",
        "told",
    ),
    ("crm.test_telling", "test_keys_are_kept_encrypted_and_sent_to_no_other_system", "told"),
    (
        "crm.test_telling",
        "test_who_is_erased_before_it_says_that_it_knows_them_is_to_be_forgotten_there",
        "told",
    ),
    ("crm.test_telling", "test_another_system_is_told_of_all_whom_the_old_one_knew", "told"),
    (
        "crm.test_telling",
        "test_a_back_fill_tells_whoever_moved_from_a_day_on_and_says_how_far_it_is",
        "counter",
    ),
    ("crm.test_cases", "test_what_is_not_signed_by_the_secret_is_not_let_in", "told"),
    ("salesforce.test_members", "test_a_token_that_is_over_is_renewed_once", "force"),
    ("salesforce.test_members", "test_a_200_in_which_a_record_failed_is_no_yes_for_it", "force"),
    ("salesforce.test_members", "test_no_request_has_more_than_two_hundred", "force"),
    (
        "salesforce.test_members",
        "test_a_row_that_somebody_holds_is_tried_again_in_a_moment",
        "force",
    ),
    (
        "salesforce.test_members",
        "test_requests_of_a_day_that_are_used_up_are_waited_for_and_some_are_left",
        "force",
    ),
    ("salesforce.test_cases", "test_many_that_changed_in_one_second_are_read_to_the_last", "cases"),
    ("salesforce.test_cases", "test_a_mapping_cannot_ask_for_something_else_than_fields", "cases"),
)
CRMS_TOLD: dict[str, Callable[[Shop], None]] = {
    test.removeprefix("test_"): _check(place, test, kind) for place, test, kind in _TESTS
}


def _journal(test: str, *more: Any) -> Callable[[Shop], None]:
    """A test of journals, with somebody who joined."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.salesforce import test_spoken

        with _desk(shop, "counter") as counter:
            joined = counter.post("/v1/members", {"given_name": "Ada", "family_name": "Byron"})
            getattr(test_spoken, test)(counter, joined.json()["number"], *more)

    return check


CRMS_TOLD |= {
    "a_journal_counts_once": _journal("test_a_journal_is_a_purchase_once_by_its_number"),
    "a_process_counts_once": _journal(
        "test_points_that_somebody_worked_out_are_given_and_taken_once"
    ),
    "a_journal_has_whole_cents": _journal(
        "test_what_is_wrong_with_a_journal_is_said_with_its_field",
        {"TransactionAmount": "12.345"},
        "TransactionAmount",
    ),
    "a_journal_names_its_program": _journal("test_strangers_and_other_programs_get_nothing"),
}
