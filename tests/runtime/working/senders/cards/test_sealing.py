"""A notice is encrypted as the standard's own example is."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from regulars.surfaces.senders.push.sealing import sealed, sealed_by

TEXT = b"When I grow up, I want to be a watermelon"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVES = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def told(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_it_is_the_example_of_the_standard() -> None:
    """RFC 8291, 5 and appendix A."""
    own = derive_private_key(int.from_bytes(told(OWN), "big"), SECP256R1())
    found = sealed_by(own, told(SALT), TEXT, told(RECEIVES), told(SECRET))
    assert found == told(SEALED)


def test_each_has_a_key_and_a_salt_of_its_own() -> None:
    one, other = (sealed(TEXT, told(RECEIVES), told(SECRET)) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]
    assert len(one) == len(other) == len(told(SEALED))


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)point|curve|key"):
        sealed(TEXT, b"\x04" + bytes(64), told(SECRET))
