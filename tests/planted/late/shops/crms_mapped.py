"""Bugs of CRMs that are written to and asked as a mapping says, and what notices them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_FORCE = "surfaces/connect/outlets/salesforce"
_CRM = "surfaces/connect/outlets/crm"
_SIGNS = f"{_CRM}/signing_in.py"
CRMS_MAPPED = (
    Bug(
        "each request fetches a token of its own",
        _SIGNS,
        "if found is not None and at < found.until:",
        "if found is not None and at > found.until:",
        "checks.many_at_once_fetch_one_token",
    ),
    Bug(
        "whoever wants a token while one is fetched fetches one, too",
        _SIGNS,
        "return self._locks.setdefault((place, id(loop)), asyncio.Lock())",
        "return asyncio.Lock()",
        "checks.many_at_once_fetch_one_token",
    ),
    Bug(
        "a token that is refused is fetched again and again",
        _SIGNS,
        "self._failed[place] = (at + REST, why)",
        "self._failed[place] = (at, why)",
        "checks.many_at_once_fetch_one_token",
    ),
    Bug(
        "an error that comes with 200 is a token",
        _SIGNS,
        "or (said is None and error is not None):",
        "or False:",
        "checks.no_token_says_why",
    ),
    Bug(
        "a second source of one app keeps a refresh token that is over",
        "surfaces/connect/outlets/crm/signing_in.py",
        "and _signs_as(mine) == _signs_as(was):",
        "and mine is was:",
        "checks.two_sources_share_a_refresh_token",
    ),
    Bug(
        "a refresh token that is given anew is not kept",
        _SIGNS,
        "if self._shop.keeps is not None:",
        "if self._shop.keeps is None:",
        "checks.a_refresh_token_is_kept",
    ),
    Bug(
        "one token lets every organization of an app in",
        _SIGNS,
        "whose = tokens.root(keys.refresh).hex",
        'whose = ""',
        "checks.each_organization_by_its_own_token",
    ),
    Bug(
        "keys that are renewed twice while they are asked with are kept once",
        _SIGNS,
        "while before in _KEPT:",
        "while False:",
        "checks.keys_renewed_twice_are_kept",
    ),
    Bug(
        "how far it was read puts old keys in place of new ones",
        "flows/inlets/keep_catch_ups.py",
        "moved = replace(one, keys=before.keys)",
        "moved = replace(one, keys=one.keys)",
        "checks.a_refresh_token_is_kept",
    ),
    Bug(
        "tokens are fetched wherever somebody says",
        _SIGNS,
        "parts = receivers.check_url(one.token_address)",
        "parts = Guard().check_url('https://example.org/')",
        "checks.keys_of_an_app_go_together",
    ),
    Bug(
        "an error about nobody we know leaves all of them told",
        f"{_CRM}/answers.py",
        "if at != RefusedMap() and not {one.key for one in records} & set(keys):",
        "if at == at and not keys:",
        "checks.what_a_crm_says_of_records_is_found",
    ),
    Bug(
        "whom HubSpot does not take is told",
        f"{_CRM}/answers.py",
        "said |= dict.fromkeys(keys, refusal)",
        "said |= dict.fromkeys(keys[:0], refusal)",
        "checks.one_contact_is_not_taken",
    ),
    Bug(
        "a key follows wherever an answer says it goes on",
        f"{_CRM}/cases.py",
        "elsewhere = said.netloc and (said.scheme, said.netloc) != (base.scheme, base.netloc)",
        "base, elsewhere = said, False",
        "checks.a_key_goes_to_no_other_address",
    ),
    Bug(
        "cases that come the newest first are read as if they were all",
        f"{_CRM}/cases.py",
        "if times != sorted(times):",
        "if times != times:",
        "checks.tickets_are_booked_once",
    ),
    Bug(
        "a page of tickets ends within a second",
        f"{_CRM}/cases.py",
        "if not more or _is_behind(rows, since.at):",
        "if rows:",
        "checks.tickets_are_booked_once",
    ),
    Bug(
        "a mapping of another shape tells nobody anew",
        "surfaces/connect/outlets/records.py",
        "return () if asked == _PLAIN else (encoded(asked),)",
        "return ()",
        "checks.another_shape_is_told_anew",
    ),
    Bug(
        "a journal whose answer was lost is told again",
        f"{_FORCE}/journals.py",
        "if one.tries or one.alone or now - each.event.recorded_at >= LEASE",
        "if one.tries > 99",
        "checks.a_journal_is_told_once",
    ),
    Bug(
        "a journal that was not processed counts as told",
        f"{_FORCE}/journals.py",
        "if str(status).lower() in _TAKEN else NOT_TAKEN",
        "if status != 0 else NOT_TAKEN",
        "checks.a_journal_that_is_not_taken_is_shown",
    ),
    Bug(
        "points that went are given there",
        f"{_FORCE}/processes.py",
        'return by if by.taken is None or facts.get("points", 0) >= 0 else by.taken',
        "return by",
        "checks.points_go_there_by_processes",
    ),
    Bug(
        "captured in part, the whole price is taken there",
        f"{_FORCE}/journals.py",
        "{names[one.wallet]: one.captured for",
        "{names[one.wallet]: one.amount for",
        "checks.points_go_there_by_processes",
    ),
    Bug(
        "a process for which one parameter has nothing is never run",
        f"{_FORCE}/processes.py",
        '        return not facts["points"]',
        "        return len(shown_by(by.parameters, facts)) < len(by.parameters)",
        "checks.points_go_there_by_processes",
    ),
    Bug(
        "what a process ran for is not found by its number",
        f"{_FORCE}/processes.py",
        'return {JOURNAL: {"Status": "Processed", **journal}, **',
        'return {JOURNAL: {**journal, "ExternalTransactionNumber": str(id(by))}, **',
        "checks.points_go_there_by_processes",
    ),
    Bug(
        "what the journals of Salesforce answer is read as its simulations answer",
        f"{_FORCE}/journals.py",
        'done.get("transactionJournalResult")',
        'done.get("transactionJournals")',
        "checks.a_journal_is_told_at_once",
    ),
    Bug(
        "a result without its status is a journal that was told",
        f"{_FORCE}/journals.py",
        "if status is True and is_one:",
        "if is_one:",
        "checks.a_result_has_its_status",
    ),
    Bug(
        "journals may name a wallet that the program does not have",
        f"{_FORCE}/shapes.py",
        "if journal.wallet and journal.wallet not in wallets",
        "if False",
        "checks.journals_name_what_is_wrong",
    ),
    Bug(
        "a source that is connected never hears of what journals are about since",
        "records/outbox/hooks/outlets/journals/write.py",
        "Write(_DUE, (*own, tx.now)), more]",
        "Write(_DUE, (*own, tx.now))]",
        "checks.journals_are_about_more",
    ),
    Bug(
        "a private key is kept for any user",
        f"{_FORCE}/signing_in.py",
        "if signs != bool(client) and key:",
        "if signs != signs and key:",
        "checks.a_private_key_goes_with_its_user",
    ),
    Bug(
        "a private key is sent as if it was a secret",
        f"{_FORCE}/signing_in.py",
        "if not keys.secret.startswith(MARK):",
        "if keys.key:",
        "checks.a_secret_is_replaced_while_much_waits",
    ),
    Bug(
        "deleted cases are asked for where nothing is there of them",
        f"{_FORCE}/cases.py",
        'where = "queryAll" if DELETED in fields else "query"',
        'where = "query"',
        "checks.a_deleted_case_is_told",
    ),
)


def _of_hubspot(test: str, *, has_hub: bool) -> Callable[[Shop], None]:
    """A test of HubSpot, with an account of its own where it needs one."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.crm import test_hubspot
        from tests.surfaces.connect.crm.hubspot import Hub
        from tests.surfaces.counter import Counter

        found = getattr(test_hubspot, test)
        if not has_hub:
            found()
            return
        hub = Hub(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108
        hub.later(minutes=10)
        hub.tells()
        hub.asks(hub.shop.now)
        found(hub)

    return check


CRMS_MAPPED_TOLD: dict[str, Callable[[Shop], None]] = {
    "what_a_crm_says_of_records_is_found": _of_hubspot(
        "test_what_it_says_of_records_is_found_where_the_mapping_says", has_hub=False
    ),
    "one_contact_is_not_taken": _of_hubspot(
        "test_contacts_are_told_by_their_unique_property_and_one_of_them_is_not_taken",
        has_hub=True,
    ),
    "a_key_goes_to_no_other_address": _of_hubspot(
        "test_a_key_goes_to_no_other_address_whatever_an_answer_says", has_hub=False
    ),
    "tickets_are_booked_once": _of_hubspot(
        "test_tickets_are_asked_for_from_a_day_on_and_each_is_booked_once", has_hub=True
    ),
    "another_shape_is_told_anew": _of_hubspot(
        "test_a_mapping_that_says_nothing_new_compares_members_as_it_always_did", has_hub=False
    ),
}


def _of_salesforce(place: str, test: str, *, begins: str = "") -> Callable[[Shop], None]:
    """A test of Salesforce, with an organization of its own."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.salesforce.force import Force
        from tests.surfaces.connect.salesforce.test_journals import Journalled
        from tests.surfaces.counter import Counter

        counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
        force = (Journalled if begins == "journals" else Force)(counter)
        force.later(minutes=10)
        force.org.clock = shop.now
        if begins == "cases":
            force.asks(shop.now)
        else:
            force.tells()
        getattr(import_module(f"tests.surfaces.connect.salesforce.{place}"), test)(force)

    return check


CRMS_MAPPED_TOLD |= {
    "points_go_there_by_processes": _of_salesforce(
        "test_journals",
        "test_points_that_are_worked_out_here_are_given_and_taken_there_by_processes",
        begins="journals",
    ),
    "a_journal_is_told_at_once": _of_salesforce(
        "test_journals",
        "test_a_purchase_is_a_journal_of_its_member_with_what_the_mapping_names",
        begins="journals",
    ),
    "a_journal_is_told_once": _of_salesforce(
        "test_journals",
        "test_what_was_lost_on_its_way_back_is_looked_for_and_not_told_twice",
        begins="journals",
    ),
    "a_journal_that_is_not_taken_is_shown": _of_salesforce(
        "test_journals",
        "test_one_that_is_not_taken_holds_up_no_other_and_none_is_told_once_it_ends",
        begins="journals",
    ),
    "a_private_key_goes_with_its_user": _of_salesforce(
        "test_signing_in", "test_what_is_entered_to_sign_in_by_is_refused_with_its_field"
    ),
    "a_secret_is_replaced_while_much_waits": _of_salesforce(
        "test_signing_in",
        "test_a_secret_that_is_replaced_by_a_private_key_while_much_waits_loses_nothing",
    ),
    "a_deleted_case_is_told": _of_salesforce(
        "test_cases",
        "test_a_case_that_is_deleted_is_told_where_the_mapping_says_so",
        begins="cases",
    ),
}


def _many_at_once(shop: Shop) -> None:
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_many_at_once_fetch_one_and_a_refusal_is_not_asked_for_again_at_once()


def _says_why(shop: Shop) -> None:
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_where_no_token_is_given_it_says_why(tests.OVER, "refresh token is over")


def _each_organization(shop: Shop) -> None:
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_one_client_lets_each_organization_in_by_its_own_refresh_token()


def _renewed_twice(shop: Shop) -> None:
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_keys_that_are_renewed_twice_while_they_are_asked_with_are_kept()


def _is_kept(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _counter
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_a_refresh_token_that_is_given_anew_is_kept(_counter(shop))


def _shared(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _counter
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_two_sources_of_one_app_keep_the_refresh_token_that_either_was_given(_counter(shop))


def _go_together(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _counter
    from tests.surfaces.connect.crm import test_by_tokens as tests

    tests.test_what_is_entered_goes_together_and_to_where_we_may_go(_counter(shop))


def _has_its_status(_: Shop) -> None:
    from tests.surfaces.connect.salesforce import test_journals as tests

    tests.test_a_result_without_its_status_is_no_journal_that_was_told(None)


def _about_more(shop: Shop) -> None:
    from tests.surfaces.connect.salesforce import test_journals as tests

    counter = tests.giving(shop.made)
    force = tests.Journalled(counter)
    force.org.clock = force.shop.now
    tests.test_points_of_two_members_go_from_the_one_to_the_other_there(force)
    counter.close()


def _name_what_is_wrong(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _counter
    from tests.surfaces.connect.salesforce import test_journals as tests

    tests.test_a_mapping_of_journals_names_what_is_wrong(_counter(shop))


CRMS_MAPPED_TOLD |= {
    "a_result_has_its_status": _has_its_status,
    "journals_are_about_more": _about_more,
    "journals_name_what_is_wrong": _name_what_is_wrong,
    "many_at_once_fetch_one_token": _many_at_once,
    "no_token_says_why": _says_why,
    "each_organization_by_its_own_token": _each_organization,
    "keys_renewed_twice_are_kept": _renewed_twice,
    "a_refresh_token_is_kept": _is_kept,
    "two_sources_share_a_refresh_token": _shared,
    "keys_of_an_app_go_together": _go_together,
}
