"""Bodies that come compressed, unpacked as far as we take them and no further."""

from __future__ import annotations

import zlib

from regulars.surfaces.api.faults import Malformed, WrongMediaType
from regulars.surfaces.api.strict.bodies import LARGEST_BODY, too_large

_GZIP = 16 + zlib.MAX_WBITS


def unpacked(body: bytes, encoding: bytes | None, most: int = LARGEST_BODY) -> bytes:
    """The body as it was before it was compressed.

    Faults: TooLarge as soon as more comes out than we take, however little came in; Malformed;
    WrongMediaType for another encoding than gzip.
    Example: ten kilobytes that unpack to ten megabytes cost one megabyte here.
    """
    if encoding is None or encoding.strip().lower() in (b"", b"identity"):
        return body
    if encoding.strip().lower() != b"gzip":
        raise WrongMediaType("send it as it is, or with `Content-Encoding: gzip`")
    opening = zlib.decompressobj(_GZIP)
    try:
        found = opening.decompress(body, most + 1)
    except zlib.error:
        raise Malformed("the body is not gzip") from None
    if len(found) > most or opening.unconsumed_tail:
        raise too_large(most)
    if not opening.eof or opening.unused_data:
        raise Malformed("the body is not one whole gzip stream")
    return found
