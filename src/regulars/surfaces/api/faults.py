"""What can be wrong with a request before any flow sees it."""

from __future__ import annotations

from regulars.base.faults import Fault


class Malformed(Fault):
    """The body is not one well-formed JSON text."""

    code = "malformed_json"


class DuplicateName(Fault):
    """An object in the body says the same name twice."""

    code = "duplicate_name"


class TooDeep(Fault):
    """The body is nested deeper than anything we know."""

    code = "too_deep"


class UnknownField(Fault):
    """The body has a field we do not know; often a slip of the pen."""

    code = "unknown_field"


class TooLarge(Fault):
    """The body is larger than we take in one piece."""

    code = "body_too_large"


class TooSlow(Fault):
    """The body did not arrive while we waited for it."""

    code = "body_too_slow"


class WrongMediaType(Fault):
    """The body is not said to be JSON."""

    code = "unsupported_media_type"


class UnexpectedBody(Fault):
    """A body came where none is taken; what it says would be overlooked."""

    code = "unexpected_body"


class BadParameter(Fault):
    """A parameter of the address is unknown, said twice or not what it must be."""

    code = "bad_parameter"


class BadCursor(Fault):
    """The cursor is not one of ours."""

    code = "bad_cursor"


class BadKeyHeader(Fault):
    """The Idempotency-Key header cannot be a key."""

    code = "bad_idempotency_key"


class NoKey(Fault):
    """No API key came with the request, or one that opens nothing."""

    code = "unauthorized"
    category = "forbidden"


class MissingScope(Fault):
    """The API key may not do this."""

    code = "missing_scope"
    category = "forbidden"


class NoSuchMethod(Fault):
    """This address knows other methods."""

    code = "method_not_allowed"


class TooManyRequests(Fault):
    """The API key sent as many requests as it may in this minute."""

    code = "too_many_requests"


class ReceiptReused(Fault):
    """The receipt was already recorded with other content."""

    code = "receipt_reused"
    category = "conflict"
