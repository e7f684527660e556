"""Bugs about the forms of a draft; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

FORMS = (
    Bug(
        "a form is put over what another tab kept meanwhile",
        "surfaces/console/terms/editor/form.py",
        "KeepDraft(kept.name, source, revision, here.staff.principal)",
        "KeepDraft(kept.name, source, kept.revision, here.staff.principal)",
        "checks.forms_two_forms_of_one_part_keep_what_both_people_typed",
    ),
    Bug(
        "a file is changed though nobody looked what it says afterwards",
        "records/program/parsing/editing.py",
        "if after.problems or not _alike(after.value, expected):",
        "if after.problems:",
        "checks.forms_file_what_cannot_be_changed_surely_is_left_to_its_author",
    ),
    Bug(
        "a row that is taken out leaves its comment with its neighbour",
        "records/program/parsing/editing.py",
        "return gone if at == len(value) else []",
        "return []",
        "checks.forms_file_a_row_takes_its_own_comments",
    ),
    Bug(
        "conditions of which none is to hold are kept as those of which all are",
        "surfaces/console/terms/editor/slots.py",
        '{"Not.that": "any"}',
        "{}",
        "checks.forms_file_a_group_becomes_another_kind",
    ),
)


def _of_the_file(_: Any) -> None:
    from tests.records.program.test_editing import kept_breaks, refused

    refused(kept_breaks)


def _of_a_row(_: Any) -> None:
    from tests.records.program.test_editing import (
        test_a_row_that_is_taken_out_takes_its_own_comments_and_no_others as takes_its_own,
    )

    takes_its_own((0,))


def _of_a_group(_: Any) -> None:
    from tests.surfaces.console.terms.test_forms import (
        test_a_group_of_conditions_is_begun_filled_and_becomes_another_kind as becomes_another,
    )

    becomes_another()


def _by_form(shop: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.surfaces.console.terms.test_editor import (
        signed_in,
        test_two_forms_of_one_part_keep_what_both_people_typed,
    )
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"forms-{os.getpid()}")
    counter = Counter(shop)
    test_two_forms_of_one_part_keep_what_both_people_typed(counter, signed_in(counter))
    shop.run(counter.client.aclose())


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "forms_file_a_group_becomes_another_kind": _of_a_group,
    "forms_file_a_row_takes_its_own_comments": _of_a_row,
    "forms_file_what_cannot_be_changed_surely_is_left_to_its_author": _of_the_file,
    "forms_two_forms_of_one_part_keep_what_both_people_typed": _by_form,
}
