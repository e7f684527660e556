"""Members write: the shop publishes, stars buy nothing, reports hide, the erased leave no word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.flows.members.playing.community.meeting import MIA, SOURCE, points
from tests.makers import Made, Shop, by

from regulars.flows.community.posting import DecidePost, TurnPost, WritePost
from regulars.flows.community.publish_posts import decide_posts, turn_posts, write_posts
from regulars.flows.membership.erase_members import erase_members
from regulars.records.community.posts import read
from regulars.records.members.types import EraseMember


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    yield made
    made.close()


def writes(shop: Shop, name: str, **more: Any) -> Any:
    told: dict[str, Any] = {"kind": "review", "title": "Warm", "says": "I like it.",
                            "about": "House blend", "rating": 5, **more}  # fmt: skip
    return shop.ask(write_posts, WritePost(by(external=name), **told))[0]


def decides(shop: Shop, post: Any, outcome: str = "published", reason: str = "") -> Any:
    wish = DecidePost(post.post_id, outcome, MIA, reason)  # type: ignore[arg-type]
    return shop.ask(decide_posts, wish)[0]


def turns(shop: Shop, name: str, post: Any, does: str, why: str = "") -> Any:
    wish = TurnPost(by(external=name), post.post_id, does, why)  # type: ignore[arg-type]
    return shop.ask(turn_posts, wish)[0]


def stands(shop: Shop, post: Any) -> Any:
    return shop.do(lambda tx, _: read.by_id(tx, [post.post_id]))[post.post_id]


def test_what_there_is_for_a_review_does_not_depend_on_its_stars(shop: Shop) -> None:
    shop.joined("glad", "sour")
    seen = []
    for name, rating, says in (("glad", 5, "Lovely."), ("sour", 1, "Awful.")):
        one = writes(shop, name, rating=rating, says=says)
        assert points(shop, name) == 0, "it waits until it was read"
        assert decides(shop, one).rewarded
        sql = """select a.kind, a.body::text from activity a join identifier i using (member_id)
                  where a.program_id = $1 and i.value = $2"""
        seen.append((points(shop, name), shop.rows(sql, name)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 40
    assert "rating" not in str(seen)


def test_published_again_it_is_rewarded_once(shop: Shop) -> None:
    shop.joined("ada")
    one = writes(shop, "ada")
    for outcome, reason in (("published", ""), ("refused", "off_topic"), ("published", "")):
        assert decides(shop, one, outcome, reason).state == outcome
    assert points(shop, "ada") == 40
    assert decides(shop, one, "refused").field == "/reason"


def test_what_is_taken_back_and_written_anew_is_rewarded_once(shop: Shop) -> None:
    shop.joined("ann")
    one = writes(shop, "ann")
    decides(shop, one)
    turns(shop, "ann", one, "withdraw")
    done = decides(shop, writes(shop, "ann"))
    assert (done.state, done.rewarded, points(shop, "ann")) == ("published", False, 40)


def test_for_what_stands_on_another_site_there_is_nothing(shop: Shop) -> None:
    shop.joined("bea")
    done = decides(shop, writes(shop, "bea", site="google"))
    assert (done.state, done.rewarded, points(shop, "bea")) == ("published", False, 0)


def test_of_one_thing_there_is_one_review_at_a_time(shop: Shop) -> None:
    shop.joined("cem")
    first = writes(shop, "cem")
    assert writes(shop, "cem", about="HOUSE BLEND").code == "reviewed_already"
    assert turns(shop, "cem", first, "withdraw").state == "withdrawn"
    assert writes(shop, "cem").state == "waiting"
    assert decides(shop, first).code == "post_over"
    shop.joined("dan")
    assert turns(shop, "dan", writes(shop, "cem", about="Mug"), "withdraw").code == "not_found"


def test_three_who_report_it_hide_it_until_somebody_looks(shop: Shop) -> None:
    shop.joined("eva", "r1", "r2", "r3", "r4")
    one = writes(shop, "eva", kind="story", about="", rating=None)
    assert turns(shop, "r1", one, "report", "x").code == "not_found", "nobody has read it yet"
    decides(shop, one)
    assert turns(shop, "eva", one, "report", "mine").code == "own_post"
    assert turns(shop, "r1", one, "report").field == "/why"
    for name in ("r1", "r1", "r2"):
        assert turns(shop, name, one, "report", "It names me").state == "published"
    assert turns(shop, "r3", one, "report", "It names me").state == "waiting"
    assert [each.post_id for each in shop.do(lambda tx, _: read.queue(tx, 9))].count(one.post_id)
    assert decides(shop, one).reports == 0
    assert turns(shop, "r4", one, "report", "again").state == "published"
    assert stands(shop, one).reports == 1


def test_of_who_is_erased_no_word_is_left(shop: Shop) -> None:
    shop.joined("fay")
    one = writes(shop, "fay", title="My name is Fay", says="I live in Baker Street")
    decides(shop, one)
    sql = "select member_id from identifier where program_id = $1 and value = 'fay'"
    shop.ask(erase_members, EraseMember(shop.rows(sql)[0][0]))
    left = stands(shop, one)
    assert (left.state, left.title, left.says, left.about, left.rating) == (
        "forgotten", "", "", "", None,
    )  # fmt: skip
    found = shop.rows("select 1 from activity where program_id = $1 and external_id = $2",
                      one.post_id.hex)  # fmt: skip
    assert found == [(1,)], "that it was published stays"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"title": "a\nb"}, "/title"),
        ({"says": "x\x00"}, "/text"),
        ({"says": "x" * 4001}, "/text"),
        ({"about": ""}, "/about"),
        ({"rating": None}, "/rating"),
        ({"rating": 6}, "/rating"),
        ({"kind": "story"}, "/about"),
        ({"kind": "story", "about": ""}, "/rating"),
        ({"site": "A b"}, "/site"),
    ],
)
def test_what_is_ill_written_is_not_kept(shop: Shop, more: Any, place: str) -> None:
    if not shop.rows("select 1 from identifier where program_id = $1 and value = 'ill'"):
        shop.joined("ill")
    assert getattr(writes(shop, "ill", **more), "field", None) == place
