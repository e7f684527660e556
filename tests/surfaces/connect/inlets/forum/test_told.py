"""What a forum tells counts once for the member it is about, and nothing forged counts at all."""

from __future__ import annotations

import msgspec
import pytest
from tests.surfaces.connect.inlets.forum.discourse import AT, Forum
from tests.surfaces.counter import Counter, problem


@pytest.fixture
def forum(counter: Counter) -> Forum:
    return Forum(counter)


def signed_in(forum: Forum, name: str) -> tuple[str, int]:
    """A member who signed in there once, and the forum's number of them."""
    pseudonym = f"{name}{forum.mark}"
    member = forum.counter.joined(pseudonym)
    link = {"link": [{"kind": "external", "value": f"forum-{pseudonym}"}]}
    answer = forum.counter.post(f"/v1/members/{member}/identifiers", link)
    assert answer.status_code == 200, answer.text
    forum.users[pseudonym] = forum.first + len(forum.users) + 1
    return pseudonym, forum.users[pseudonym]


def did(forum: Forum, card: str) -> list[tuple[str, str]]:
    """Kinds and receipts of what a member did there, in their order."""
    return forum.shop.rows(_DID, card, f"web-{forum.mark}")  # type: ignore[return-value]


_DID = """
select a.kind, a.external_id from activity a
  join identifier i on i.program_id = a.program_id and i.member_id = a.member_id
 where a.program_id = $1 and i.value = $2::text and a.source = $3::text
 order by a.kind, a.external_id
"""


def test_topics_answers_likes_and_solutions_count_for_whoever_they_are_of(forum: Forum) -> None:
    ada, number = signed_in(forum, "ada")
    assert forum.tell("user_created", user=forum.user(ada)).status_code == 202
    forum.book()
    liker = {"id": 77, "username": "bea"}
    forum.tell("topic_created", topic=forum.topic(1, number))
    forum.tell("post_created", post=forum.answer(10, number, post_number=1))
    forum.tell("post_created", post=forum.answer(11, number))
    forum.tell("post_liked", like={"post": forum.answer(11, number), "user": liker})
    forum.tell("accepted_solution", solved=forum.answer(11, number))
    forum.book()
    assert did(forum, ada) == [
        ("forum-liked", "like-11-77"),
        ("forum-reply", "post-11"),
        ("forum-solved", "solved-9"),
        ("forum-topic", "topic-1"),
    ]
    at = forum.shop.rows(
        "select occurred_at from activity where program_id = $1 and external_id = 'topic-1'"
        " and source = $2::text", f"web-{forum.mark}",
    )  # fmt: skip
    assert at[0][0].isoformat() == AT.replace(".000Z", "+00:00")


def test_what_is_private_ones_own_edited_or_the_forums_is_nothing(forum: Forum) -> None:
    ada, number = signed_in(forum, "eve")
    forum.tell("user_created", user=forum.user(ada))
    private = {"archetype": "private_message"}
    forum.tell("topic_created", topic=forum.topic(1, number, **private))
    answer = forum.answer(2, number, topic_archetype="private_message")
    forum.tell("post_created", post=answer)
    me = {"id": number, "username": "me"}
    forum.tell("post_liked", like={"post": answer, "user": {"id": 5}})
    forum.tell("post_liked", like={"post": forum.answer(3, number), "user": me})
    forum.tell("topic_edited", topic=forum.topic(4, number))
    forum.tell("post_destroyed", post=forum.answer(5, number))
    forum.tell("topic_created", topic=forum.topic(6, -1))
    forum.tell("user_created", user={"id": number + 50, "username": "guest"})
    forum.tell("ping", ping="OK")
    forum.book()
    assert {state for state, _, _ in forum.states()} == {"passed"}
    assert did(forum, ada) == []


def test_told_again_under_another_number_or_name_it_counts_once(forum: Forum) -> None:
    ada, number = signed_in(forum, "again")
    forum.tell("user_created", user=forum.user(ada))
    first = forum.tell("topic_created", 9, topic=forum.topic(1, number))
    assert forum.tell("topic_created", 9, topic=forum.topic(1, number)).json() == first.json()
    assert forum.tell("topic_created", 88, topic=forum.topic(1, number)).json() == first.json()
    forum.tell("topic_created", 10, topic=forum.topic(1, number, title="Which grind, then?"))
    forum.tell("accepted_solution", solved=forum.answer(11, number))
    forum.tell("unaccepted_solution", solved=forum.answer(11, number))
    forum.tell("accepted_solution", solved=forum.answer(12, number))
    forum.book()
    assert did(forum, ada) == [("forum-solved", "solved-9"), ("forum-topic", "topic-1")]


def test_what_comes_before_it_is_known_whose_it_is_waits_and_is_looked_at_again(
    forum: Forum,
) -> None:
    ada, number = signed_in(forum, "early")
    forum.tell("topic_created", topic=forum.topic(1, number))
    forum.book()
    assert [one[:2] for one in forum.states()] == [("refused", "unknown_member")]
    forum.tell("user_logged_in", user=forum.user(ada))
    forum.book()
    assert did(forum, ada) == []
    assert forum.counter.post(f"{forum.place}/again", {}).status_code == 202
    forum.book()
    assert did(forum, ada) == [("forum-topic", "topic-1")]


def test_nothing_forged_or_changed_on_its_way_comes_in(forum: Forum) -> None:
    body = msgspec.json.encode({"topic": forum.topic(1, 7)})
    good = forum.headers(body, "topic_created")
    for other in (body.replace(b'"id":7', b'"id":8'), body + b" ", b""):
        assert problem(forum.post(other, good))[:2] == (401, "bad_signature")
    name = "x-discourse-event-signature"
    plain = good[name].removeprefix("sha256=")
    for signature in ("", "sha256=", plain, f"sha1={plain}", good[name][:-1], good[name].upper()):
        assert problem(forum.post(body, good | {name: signature}))[:2] == (401, "bad_signature")
    assert forum.states() == []
    assert forum.tell("topic_created", topic="none").status_code == 202
    odd = b"[]"
    assert forum.post(odd, forum.headers(odd, "topic_created")).status_code == 400
    odd_user = forum.topic(1, 7, created_by={"id": "7' or 1"})
    assert forum.tell("topic_created", topic=odd_user).status_code == 202
    forum.book()
    assert {state for state, _, _ in forum.states()} == {"passed"}


def test_a_payload_is_tried_and_a_forum_belongs_to_a_source_of_its_kind(forum: Forum) -> None:
    told = {"payload": {"post": forum.answer(11, 7)}}
    tried = forum.counter.post(f"{forum.place}/try", told).json()
    assert (tried["type"], tried["activities"][0]["activity"]["kind"]) == ("reply", "forum-reply")
    for address in ("forum.example.org", "https://", "http://forum.example.org", "https://f.org/",
                    "https://f.org/?a=b", "javascript:alert(1)", "https://a@f.org"):  # fmt: skip
        wrong = forum.mapping.replace("https://forum.example.org", address)
        answer = forum.counter.ask("PATCH", forum.place, {"mapping": wrong})
        assert problem(answer)[:2] == (422, "bad_mapping"), address
    elsewhere = {"name": "Shop", "kind": "webhook", "mapping": forum.mapping}
    answer = forum.counter.post("/v1/inlets", elsewhere)
    assert "only a source of the kind discourse has a forum" in answer.text
