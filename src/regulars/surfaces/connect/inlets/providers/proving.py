"""The events of a source of letters that its provider signed, by what `signed_by` names."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.inlets.kinds import KINDS, LETTERS, Post
from regulars.surfaces.connect.inlets.providers import mailgun, sns, twilio
from regulars.surfaces.connect.inlets.providers.keys import check_provider
from regulars.surfaces.connect.inlets.providers.names import MAILGUN, TOPIC, TWILIO
from regulars.surfaces.given import Given


async def signed_events(
    given: Given, signed_by: str, post: Post, bodies: Sequence[bytes]
) -> tuple[Sent, ...]:
    """The events, once the provider's own signature was found to be good besides the secret.

    Faults: BadSignature; what is no JSON or no event.
    """
    if signed_by == MAILGUN:
        scan(post.body)
        return mailgun.events_of(given.mailgun_key, post, given.clock())
    if signed_by == TWILIO:
        return twilio.events_of(given.sms_token, post, given.public_url)
    if TOPIC.fullmatch(signed_by):
        scan(post.body)
        return await sns.events_of(signed_by, post, given.clock(), given.fetch)
    check_provider(signed_by, post.headers, bodies)
    return KINDS[LETTERS].events(post)
