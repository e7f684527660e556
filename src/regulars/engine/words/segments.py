"""Every phrase that says who is in a segment, in English: a part of `english.py`."""

from __future__ import annotations

from typing import Final

SEGMENTS: Final[dict[str, str]] = {
    "segment.not": "not: {that}",
    "segment.spent": "money spent: {bounds}",
    "segment.orders": "days with a purchase: {bounds}",
    "segment.visits": "days seen here: {bounds}",
    "segment.within": "in the last {n} days",
    "segment.more": "{what} ({more})",
    "segment.last_order": "last purchase: {gone}",
    "segment.last_seen": "last seen: {gone}",
    "segment.days_ago": "at least {least} ago",
    "segment.days_between": "{least} to {last} ago",
    "segment.fewer_days": "fewer than {before} ago",
    "segment.ever": "at some time",
    "segment.given": "agreed to hear by {channel}",
    "segment.withdrawn": "took back the consent to {channel}",
    "segment.unsaid": "never said a word about {channel}",
    "segment.contact": "can be found by {by}",
    "segment.by_email": "e-mail",
    "segment.by_phone": "telephone",
    "segment.by_sms": "text message",
    "segment.tag": "has the tag {names}",
    "segment.points": "{wallet}: {bounds}",
    "segment.answered": "last answer ({question}): {bounds}",
    "segment.did": "did {kind}: {bounds}",
    "segment.category_bought": "days with a purchase of {names}: {bounds}",
    "segment.article_bought": "days with a purchase of the article {names}: {bounds}",
    "segment.category_spent": "money spent on {names}: {bounds}",
    "segment.article_spent": "money spent on the article {names}: {bounds}",
    "segment.worth": "expected to bring in the next twelve months: {bounds}",
    "segment.lapse": "chance that they do not come back within 90 days: {bounds}",
    "segment.percent": "{n} %",
    "segment.club": "is in the club {names}",
    "segment.inside": "is in {names}",
    "segment.least": "at least {low}",
    "segment.most": "at most {high}",
    "segment.between": "{low} to {high}",
    "segment.exactly": "exactly {low}",
}
