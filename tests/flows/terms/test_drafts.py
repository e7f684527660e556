"""Drafts are kept as they were written, and two who write cannot overwrite each other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.terms.ladders import ladder
from tests.makers import Shop, named

from regulars.base.faults import Invalid, NotFound
from regulars.flows.terms.keep_drafts import DraftChanged, KeepDraft, drop_draft, keep_draft
from regulars.records.program.changes import read

Open = Callable[[str], Shop]


def kept(shop: Shop, source: str, revision: int, by: str = "ann", name: str = "spring") -> Any:
    return shop.do(lambda tx, _t: keep_draft(tx, KeepDraft(name, source, revision, by)))


def test_a_draft_is_kept_word_for_word_though_it_is_wrong(open_shop: Open) -> None:
    shop = open_shop(ladder())
    draft, fresh = kept(shop, "rules: [", 0)
    assert (draft.revision, draft.based_on, draft.author, fresh) == (1, 1, "ann", True)
    draft, _ = kept(shop, "rules: []", 1, by="bob")
    assert (draft.revision, draft.author, draft.changed_by) == (2, "ann", "bob")
    assert shop.do(lambda tx, _t: read.draft(tx, "spring")).source == "rules: []"


def test_who_read_an_older_revision_overwrites_nobody(open_shop: Open) -> None:
    shop = open_shop(ladder())
    kept(shop, "one", 0)
    kept(shop, "two", 1, by="bob")
    for revision in (0, 1, 3):
        with pytest.raises(DraftChanged, match="revision 2, by bob"):
            kept(shop, "three", revision)
    assert shop.do(lambda tx, _t: read.draft(tx, "spring")).source == "two"


def test_of_two_who_write_at_once_one_is_told(open_shop: Open) -> None:
    shop = open_shop(ladder())
    kept(shop, "one", 0)
    done = shop.together(
        *(
            lambda tx, _t, by=by: keep_draft(tx, KeepDraft("spring", f"by {by}", 1, by))
            for by in ("ann", "bob", "eve")
        )
    )
    assert sorted(type(one).__name__ for one in done) == ["DraftChanged", "DraftChanged", "tuple"]


def test_the_same_told_again_does_nothing(open_shop: Open) -> None:
    shop = open_shop(ladder())
    first, _ = kept(shop, "one", 0)
    assert kept(shop, "one", 0) == (first, False)


def test_a_draft_is_deleted_as_it_was_read(open_shop: Open) -> None:
    shop = open_shop(ladder())
    kept(shop, "one", 0)
    kept(shop, "two", 1)
    with pytest.raises(DraftChanged):
        shop.do(lambda tx, _t: drop_draft(tx, "spring", 1))
    shop.do(lambda tx, _t: drop_draft(tx, "spring", 2))
    with pytest.raises(NotFound):
        shop.do(lambda tx, _t: drop_draft(tx, "spring", 2))


@pytest.mark.parametrize(
    ("name", "source"),
    [("Spring", "x"), ("a" * 41, "x"), ("a b", "x"), ("a", "\0"), ("a", "x" * 300_000)],
)
def test_what_cannot_be_a_draft_is_refused(open_shop: Open, name: str, source: str) -> None:
    shop = open_shop(ladder())
    with pytest.raises(Invalid):
        kept(shop, source, 0, name=name)
    with pytest.raises(NotFound):
        kept(shop, "x", 4)


def test_a_draft_is_based_on_the_version_in_force_and_not_on_one_that_is_to_come(
    open_shop: Open,
) -> None:
    shop = open_shop(ladder())
    later = shop.now + timedelta(days=30)
    shop.publish(named(ladder() + "# next month\n", shop.terms.slug), effective_from=later)
    draft, _ = kept(shop, "one", 0)
    assert draft.based_on == 1
    shop.now = later
    draft, _ = kept(shop, "one", 0, name="summer")
    assert draft.based_on == 2
