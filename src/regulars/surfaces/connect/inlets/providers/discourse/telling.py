"""What a forum tells, as a mapping looks at it: who did what, and under which receipt it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

PRIVATE: Final = "private_message"
_MADE: Final = {"topic": "topic_created", "post": "post_created", "like": "post_liked",
                "solved": "accepted_solution"}  # fmt: skip
"""What happened, of which something becomes, by what stands in the body. What is edited, hidden,
deleted or brought back is nothing anew."""


def seen(root: Any) -> dict[str, Any]:
    """The event in few fields, with all it said below `told`.

    Shape: `event` is what its header said, `data` the body; a body that somebody typed to try it
    has no header, and is taken for one that was just made.
    Keeps: a private letter is nobody's business, and neither is what the forum itself writes (its
    own number is below nothing). Whoever likes gets nothing: who is liked does.
    """
    body = root.get("data") if "event" in root else root
    told = body if isinstance(body, dict) else {}
    part = next((name for name in (*_MADE, "user") if isinstance(told.get(name), dict)), "")
    one: Mapping[str, Any] = told[part] if part else {}
    event = root.get("event") or _MADE.get(part, "")
    if part == "user":
        known = bool(_text(one.get("external_id")))
        found = _Found("person" if known else "other", one.get("id"), one)
    else:
        found = _happened(part, one) if event == _MADE.get(part) else _NOTHING
    if found.type != "other" and not _is_persons(found.user):
        found = _NOTHING
    return {
        "type": found.type,
        "user": _text(found.user),
        "receipt": found.receipt,
        "at": found.one.get("created_at") if part in ("topic", "post") else None,
        "external_id": _text(found.one.get("external_id")) if found.type == "person" else "",
        "told": told,
    }


class _Found(NamedTuple):
    """One thing that happened, and whose it is."""

    type: str
    user: Any = None
    one: Mapping[str, Any] = {}
    receipt: str = ""


_NOTHING: Final = _Found("other")


def _happened(part: str, one: Mapping[str, Any]) -> _Found:
    if PRIVATE in (one.get("archetype"), one.get("topic_archetype")) or part not in _READ:
        return _NOTHING
    return _READ[part](one)


def _topic(one: Mapping[str, Any]) -> _Found:
    maker = one.get("created_by")
    who = maker.get("id") if isinstance(maker, dict) else one.get("user_id")
    return _Found("topic", who, one, f"topic-{_text(one.get('id'))}")


def _reply(one: Mapping[str, Any]) -> _Found:
    """An answer; the first post of a topic is that topic, which is told by itself."""
    receipt = f"post-{_text(one.get('id'))}"
    return _NOTHING if one.get("post_number") == 1 else _Found(
        "reply", one.get("user_id"), one, receipt
    )  # fmt: skip


def _liked(one: Mapping[str, Any]) -> _Found:
    """Whoever is liked by somebody else, once for each who likes."""
    post, by = one.get("post"), one.get("user")
    if not isinstance(post, dict) or not isinstance(by, dict):
        return _NOTHING
    whose, is_private = post.get("user_id"), post.get("topic_archetype") == PRIVATE
    if is_private or by.get("id") == whose:
        return _NOTHING
    return _Found("liked", whose, one, f"like-{_text(post.get('id'))}-{_text(by.get('id'))}")


def _solved(one: Mapping[str, Any]) -> _Found:
    """A question is solved once, whichever answer is marked in the end."""
    return _Found("solved", one.get("user_id"), one, f"solved-{_text(one.get('topic_id'))}")


_READ: Final[Mapping[str, Callable[[Mapping[str, Any]], _Found]]] = {
    "topic": _topic, "post": _reply, "like": _liked, "solved": _solved,
}  # fmt: skip


def _is_persons(user: Any) -> bool:
    return isinstance(user, int) and not isinstance(user, bool) and user > 0


def _text(found: Any) -> str:
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
