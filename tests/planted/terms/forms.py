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
    Bug(
        "steps of a ladder stand as they were typed",
        "surfaces/console/terms/editor/climbing.py",
        "order = sorted(range(count), key=lambda n: Decimal(takes[n]))",
        "order = list(range(count))",
        "checks.forms_file_steps_stand_in_order",
    ),
    Bug(
        "a new step has the short name of a tier",
        "surfaces/console/terms/editor/climbing.py",
        "taken, found = set(ids_of(program)), []",
        "taken, found = set[str](), []",
        "checks.forms_file_a_step_has_a_name_of_its_own",
    ),
    Bug(
        "choices of a question are called anew whenever it is saved",
        "surfaces/console/terms/surveys/writing.py",
        "name = names[at] if at < len(names) else _free(at, {*names, *found})",
        "name = _free(at, {*names, *found})",
        "checks.forms_questions_keep_their_names",
    ),
    Bug(
        "who reads a survey as a member sees what is asked of others",
        "surfaces/console/terms/surveys/writing.py",
        "else asked_of(one, given)",
        "else one.questions",
        "checks.forms_questions_keep_their_names",
    ),
    Bug(
        "texts of a tier that is gone stay behind",
        "surfaces/console/terms/editor/untold.py",
        """return [f"tiers.{at.rpartition('.')[2]}"]""",
        "return [at]",
        "checks.forms_file_texts_go_along",
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


def _of_steps(_: Any) -> None:
    from tests.surfaces.console.terms import test_ladder_forms as forms

    forms.test_steps_stand_in_order_whatever_they_were_typed_in()


def _of_names(_: Any) -> None:
    from tests.surfaces.console.terms import test_ladder_forms as forms

    forms.test_a_step_has_a_short_name_that_no_other_tier_has()


def _of_texts(_: Any) -> None:
    from tests.surfaces.console.terms import test_ladder_forms as forms

    forms.test_texts_of_a_tier_that_is_gone_go_along()


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


def _of_surveys(shop: Any) -> None:
    from tests.surfaces.console.terms.test_surveys import (
        test_questions_are_written_by_branch_and_language_and_read_as_a_member_does as are_written,
    )
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"asks-{os.getpid()}")
    counter = Counter(shop)
    are_written(counter)
    shop.run(counter.client.aclose())


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "forms_file_a_group_becomes_another_kind": _of_a_group,
    "forms_file_a_row_takes_its_own_comments": _of_a_row,
    "forms_file_a_step_has_a_name_of_its_own": _of_names,
    "forms_file_steps_stand_in_order": _of_steps,
    "forms_file_texts_go_along": _of_texts,
    "forms_file_what_cannot_be_changed_surely_is_left_to_its_author": _of_the_file,
    "forms_questions_keep_their_names": _of_surveys,
    "forms_two_forms_of_one_part_keep_what_both_people_typed": _by_form,
}
