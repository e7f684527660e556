"""Every problem the API knows: status, title, what it means and what to do. Codes are for ever."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.paid_refusals import ALL_REFUSALS
from regulars.surfaces.api.refusals import Entry

_BY_CATEGORY: Final = {
    "missing": 404,
    "conflict": 409,
    "invalid": 422,
    "forbidden": 403,
    "gone": 410,
}


def entry_of(code: str, category: str) -> Entry:
    """The kind of problem behind a code; codes of later flows fall back on their category."""
    found = CATALOGUE.get(code)
    if found is None:
        return Entry(_BY_CATEGORY[category], code.replace("_", " ").capitalize(), "", "")
    return found


CATALOGUE: Final[dict[str, Entry]] = {
    # --- the request itself
    "malformed_json": Entry(
        400,
        "Not JSON",
        "The body is not one well-formed JSON text in UTF-8, or has what JSON does not know, "
        "such as NaN.",
        "The detail names the line and column. Let a JSON library write the body.",
    ),
    "duplicate_name": Entry(
        400,
        "A name stands twice",
        "An object in the body has the same name twice. Readers differ in which one they take, "
        "so none is taken.",
        "Say each name once.",
    ),
    "too_deep": Entry(
        400,
        "Nested too deep",
        "The body has objects or lists in each other more than 32 levels deep.",
        "No request needs that; check what writes the body.",
    ),
    "unknown_field": Entry(
        400,
        "Unknown field",
        "The body has a field that this operation does not know. It is refused rather than "
        "overlooked: a misspelt field would be points somebody never gets.",
        "Check the spelling at the pointer, or leave the field out.",
    ),
    "unexpected_body": Entry(
        400,
        "No body is taken here",
        "The request has a body, and this operation takes none: what it says would have been "
        "overlooked. Nothing was done.",
        "Send no body, or an empty object; look in the reference where this is said, as in the "
        "address or in another operation.",
    ),
    "bad_parameter": Entry(
        400,
        "Bad parameter",
        "A parameter of the address is unknown, stands there twice or is not what it must be.",
        "The detail names it.",
    ),
    "bad_cursor": Entry(
        400,
        "Bad cursor",
        "The cursor is not one that this list gave out.",
        "Send next_cursor as it came, to the same list, or leave it out to begin anew.",
    ),
    "bad_idempotency_key": Entry(
        400,
        "Bad Idempotency-Key",
        "The Idempotency-Key header has no, too many or unprintable characters.",
        "Send 1 to 128 printable ASCII characters, such as a UUID, with or without quotes.",
    ),
    "unauthorized": Entry(
        401,
        "No valid API key",
        "No API key came with the request, or one that is unknown or revoked.",
        "Send `Authorization: Bearer reg_live_…`.",
    ),
    "signed_out": Entry(
        401,
        "Signed out",
        "Nobody is signed in on this page of a web shop: they signed out, it was too long ago, or "
        "the page moved to another address.",
        "Let them sign in once more.",
    ),
    "missing_scope": Entry(
        403,
        "The key may not do this",
        "The API key is valid, but was not made for this operation.",
        "The detail names the scope that is missing; make a key that has it.",
    ),
    "till_ended": Entry(
        409,
        "The till has ended",
        "It was unpaired, or two devices recorded as this till. It does not go on.",
        "Make a code and pair the device anew; unpair the old till.",
    ),
    "forbidden": Entry(403, "Not allowed", "The caller may not do this.", "Ask somebody who may."),
    "not_found": Entry(
        404,
        "Not found",
        "There is nothing here, or nothing that belongs to the program of your API key.",
        "Check the address and the id.",
    ),
    "method_not_allowed": Entry(
        405,
        "Method not allowed",
        "This address exists, but not with this method.",
        "The Allow header names those that work.",
    ),
    "too_many_requests": Entry(
        429,
        "Too many requests",
        "The API key was made with a limit of requests a minute, and this minute's are used.",
        "Wait as many seconds as Retry-After says; make a key with a higher limit if that is rare.",
    ),
    "body_too_large": Entry(
        413,
        "Body too large",
        "The body has more than 1,000,000 bytes.",
        "Send less at once: a batch takes up to 1,000 activities, and several batches more.",
    ),
    "body_too_slow": Entry(
        408,
        "Body too slow",
        "The body was announced, but did not arrive within 20 seconds.",
        "Send the same request with the same Idempotency-Key again.",
    ),
    "unsupported_media_type": Entry(
        415,
        "Not said to be JSON",
        "The body is not announced as JSON.",
        "Send `Content-Type: application/json`.",
    ),
    "invalid": Entry(
        422,
        "A value is not what it must be",
        "The body is well-formed, but a value in it is missing, of the wrong type, out of its "
        "bounds or contradicts another one.",
        "The pointer names the field, the detail what it must be.",
    ),
    "bad_program": Entry(
        422,
        "The program file has problems",
        "The program file cannot be published.",
        "Each error has its line and column and says what to write instead.",
    ),
    "already_published": Entry(
        409,
        "The newest version begins earlier",
        "The newest version says the same and is published from an earlier instant on. What was "
        "promised from a day on stays promised.",
        "To begin later, publish the file of the version before it again, then this one.",
    ),
    "warnings_open": Entry(
        409,
        "A warning is open",
        "The file promises more than is careful: points worth a large share of a sale without "
        "end, or what members have becomes worth much more. Nobody said that it is meant.",
        "Mend it, or name the warnings in `accept`. The detail lists them.",
    ),
    "draft_changed": Entry(
        409,
        "The draft was written since",
        "Somebody wrote this draft since the revision that was named. Nothing was overwritten.",
        "Read it, take over what is new, and name its revision.",
    ),
    "version_decided": Entry(
        409,
        "Something was decided by this version",
        "Activities, redemptions or tiers were decided by it already. A promise that was kept is "
        "not unsaid.",
        "Publish a further version, with a changeover that keeps what was promised.",
    ),
    "version_followed": Entry(
        409,
        "Another version follows on it",
        "A later version was published after it, or it was the first of all.",
        "Take the later version back first, or publish another one from the same instant on.",
    ),
    # --- events of other systems
    "bad_signature": Entry(
        401,
        "Not signed, or not now",
        "What came in is not signed with the secret of this source, or its time is more than five "
        "minutes from ours. Nothing of it was read.",
        "Sign the very bytes that are sent as Standard Webhooks has it, anew with each try.",
    ),
    "event_reused": Entry(
        409,
        "Id of another event",
        "An event with this id came before and said something else. What came first stands.",
        "Give each event an id of its own, and send the same bytes when it is sent again.",
    ),
    "bad_mapping": Entry(
        422,
        "The mapping is not right",
        "The mapping file has problems; each is listed with its line and what to write instead.",
        "Mend the lines and send it again.",
    ),
    # --- once
    "key_reused": Entry(
        422,
        "Idempotency key used for something else",
        "This key came before, with other content. What was done then stands; nothing was done "
        "now.",
        "Send the same content to get the first answer again, or a new key for something new.",
    ),
    "receipt_reused": Entry(
        409,
        "Receipt recorded with other content",
        "An activity of this source, external id and kind was recorded before, with other "
        "content. What was recorded stands.",
        "Send the same content to get the first answer again. To correct a sale send a return.",
    ),
    # --- members
    "unknown_member": Entry(
        404,
        "Unknown member",
        "Nobody in this program is known by this id, number, telephone, e-mail or external id.",
        "Check it for a slip, or let them join first.",
    ),
    "unknown_sale": Entry(
        404,
        "Unknown purchase",
        "No purchase has this receipt here, or the till system has not told it yet.",
        "Check it for a slip, or try again once it is told.",
    ),
    "member_erased": Entry(
        410,
        "This person was erased",
        "The person's data were erased on request. Nothing was booked; what was told is kept aside "
        "without anything personal.",
        "Stop sending it. Who asks to join again joins with `again`.",
    ),
    "identifier_taken": Entry(
        409,
        "Somebody else is known by this",
        "The telephone number, e-mail address, card or id belongs to another member.",
        "Look that member up: it may be the same person.",
    ),
    "merge_needed": Entry(
        409,
        "Two records, one person",
        "Both have collected on their own.",
        "Merge the two members; their points come together then.",
    ),
    "member_blocked": Entry(
        409,
        "Member is blocked",
        "What this member asks for the program does not let blocked members do.",
        "Ask the owner; who may unblock them does so with a reason.",
    ),
    # --- returns
    "too_much_returned": Entry(
        409,
        "More returned than bought",
        "The return has more pieces of a line than are left of it.",
        "The detail says how many are left.",
    ),
    "points_already_spent": Entry(
        409,
        "The points were spent already",
        "The program takes no return whose points are gone.",
        "The facts say how many are missing.",
    ),
    "points_reserved": Entry(
        409,
        "The points are reserved",
        "The program takes no return whose points are gone, and these are reserved for a reward.",
        "Void the reservation, or hand the reward over first. The facts say how many they are, "
        "and `until` when they are free by themselves at the latest.",
    ),
    # --- pending points
    "nothing_pending": Entry(
        409,
        "Nothing waits to be confirmed",
        "The activity gave no points that wait for an event, or a return took them all back.",
        "Only wallets with `pending: {until: event, …}` wait; see the member's lots.",
    ),
    "already_confirmed": Entry(
        409,
        "Confirmed already",
        "Its points can be spent, and confirmed points are not cancelled.",
        "Send a return of the sale, or an adjustment.",
    ),
    "already_cancelled": Entry(
        409,
        "Cancelled already",
        "It was cancelled, or nobody confirmed it in time.",
        "Send an adjustment if the member shall have the points all the same.",
    ),
    # --- us
    "internal_error": Entry(
        500,
        "Our mistake",
        "Something we did not foresee. Nothing was half-done.",
        "Send the same request with the same Idempotency-Key again; if it stays, tell us.",
    ),
    "unavailable": Entry(
        503,
        "Not available for a moment",
        "The database is away or too much is waiting. Whether the request was done is unknown.",
        "Send the same request with the same Idempotency-Key after Retry-After seconds.",
    ),
} | ALL_REFUSALS
