"""What members answer counts wherever scores do; also of who is united with somebody, or gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.terms.segments.test_following import _IN, follows, keep
from tests.flows.terms.segments.test_surveys import SOURCE, answers, invites, kept
from tests.makers import Made, Shop, by

from regulars.flows.commands import RecordActivity
from regulars.flows.membership.commands import MergeMembers, UnmergeMember
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.insight.metrics.reading import accounts
from regulars.insight.segments.profiles import profiles
from regulars.records.activity.types import Body
from regulars.records.members.types import EraseMember
from regulars.records.outbox.surveys import read

HAPPY = {"if": "answered", "question": "nps", "at_least": 9}


@pytest.fixture
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    made.begin(SOURCE, slug=f"a{os.urandom(4).hex()}")
    for code in ("recommend", "content"):
        made.ask(keep_surveys, kept(code))
    yield made
    made.close()


def told_before(shop: Shop, name: str, score: int) -> None:
    """A score that another system asked for."""
    body = Body(details={"score": score})
    done = shop.record(RecordActivity(kind="nps", member=by(external=name), body=body))
    assert not hasattr(done[0], "code"), done


def scores(shop: Shop) -> list[int]:
    bounds = (shop.now - timedelta(days=30), shop.now + timedelta(days=1))
    found = shop.do(lambda tx, _: accounts.answers(tx, bounds))
    return sorted(one.score for one in found)


def promoters(shop: Shop) -> list[str]:
    follows(shop)
    return [name for (name,) in shop.rows(_IN, "happy")]


def test_an_answer_counts_in_metrics_and_segments_beside_what_was_told_before(shop: Shop) -> None:
    """The last one counts, whichever way it came."""
    shop.joined("ada", "ben", "cem")
    told_before(shop, "ben", 9)
    told_before(shop, "cem", 2)
    keep(shop, "happy", HAPPY)
    assert promoters(shop) == ["ben"]
    shop.now += timedelta(minutes=1)
    for name, score in (("ada", 10), ("ben", 3)):
        answers(shop, invites(shop, name), score)
    assert scores(shop) == [2, 3, 10]
    assert promoters(shop) == ["ada"]
    ids = [id_of(shop, name) for name in ("ada", "ben", "cem")]
    seen = shop.do(lambda tx, terms: profiles(tx, ids, terms.wallet_names, "Europe/Berlin"))
    assert [seen[one].scores["nps"] for one in ids] == [10, 3, 2]


def id_of(shop: Shop, name: str) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, name)[0][0]


def test_of_who_is_united_the_answer_is_theirs(shop: Shop) -> None:
    shop.joined("ada", "zoe")
    one = invites(shop, "zoe")
    answers(shop, one, 10)
    keep(shop, "happy", HAPPY)
    command = MergeMembers(by(external="zoe"), by(external="ada"), "one person", "mia")
    done = shop.do(lambda tx, terms: merge_members(tx, terms, [command]))
    assert not hasattr(done[0], "code"), done
    assert theirs(shop, "ada") == [10]
    assert scores(shop) == [10]
    assert "ada" in promoters(shop)
    apart = UnmergeMember(one.member_id, "two after all", "mia")
    done = shop.do(lambda tx, terms: unmerge_members(tx, terms, [apart]))
    assert not hasattr(done[0], "code"), done
    assert (theirs(shop, "ada"), theirs(shop, "zoe")) == ([], [10])
    assert promoters(shop) == ["zoe"]


def theirs(shop: Shop, name: str) -> list[int | None]:
    who = id_of(shop, name)
    found = shop.do(lambda tx, _: read.answers_of(tx, who, 9))
    return [one.score for one in found]


def test_of_who_is_erased_the_score_stays_and_no_word(shop: Shop) -> None:
    shop.joined("ada")
    one = invites(shop, "ada")
    answers(shop, one, 1, wrong="My name is Ada")
    command = EraseMember(one.member_id)
    shop.do(lambda tx, terms: erase_members(tx, terms, [command]))
    rows = shop.rows("select score, says::text, note from survey_answer where program_id = $1")
    assert rows == [(1, "{}", "")]
    assert scores(shop) == [1]
    keep(shop, "sad", {"if": "answered", "question": "nps", "at_most": 6})
    follows(shop)
    assert shop.rows(_IN, "sad") == []
