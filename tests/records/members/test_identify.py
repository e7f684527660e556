"""One spelling for every identifier; what cannot be spelled is refused at its field."""

from uuid import UUID

import pytest

from regulars.base.faults import Fault, Invalid
from regulars.records.members.identify import normal, normal_or_fault, normal_ref
from regulars.records.members.types import Identifier, Kind, MemberRef


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("0049 30 901820", "DE", "+4930901820"),
        ("+49 (0)30 / 90 18-20", None, "+4930901820"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("0532 123 45 67", "TR", "+905321234567"),
        ("+90 212 555 12 34", "DE", "+902125551234"),
        ("(201) 555-0123", "US", "+12015550123"),
        ("1-201-555-0123", "US", "+12015550123"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("+39 06 698 1234", None, "+39066981234"),
        ("tel:+49-30-901820", None, "+4930901820"),
        ("  +49 30 901820\t", None, "+4930901820"),
        ("\u202a+49\xa030\xa0901820\u202c", None, "+4930901820"),
        ("+49 30 901820\x00", None, "+4930901820"),
    ],
)
def test_a_telephone_number_has_one_spelling(text: str, country: str | None, kept: str) -> None:
    assert normal("phone", text, country) == kept
    assert normal("phone", kept, None) == kept


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("٠٥٣٢ ١٢٣ ٤٥ ٦٧", "TR", "+905321234567"),
        ("۰۵۳۲ ۱۲۳ ۴۵ ۶۷", "TR", "+905321234567"),
        ("+４９ ３０ ９０１８２０", None, "+4930901820"),
        ("＋４９３０９０１８２０", None, "+4930901820"),
    ],
)
def test_a_telephone_number_may_be_typed_in_the_digits_of_its_country(
    text: str, country: str, kept: str
) -> None:
    assert normal("phone", text, country) == kept


@pytest.mark.parametrize(
    ("text", "country", "says"),
    [
        ("030 901820", None, "does not say its country"),
        ("030 901820", "XX", "does not say its country"),
        ("112", "DE", "No telephone has this number"),
        ("+1 555 0100", None, "No telephone has this number"),
        ("07700 900123", "GB", "No telephone has this number"),
        ("+999 123456789", None, "not a telephone number"),
        ("030 901820 ext 5", "DE", "an extension"),
        ("+4930901820;ext=5", None, "an extension"),
        ("030 901820x5", "DE", "an extension"),
        ("1-800-FLOWERS", "US", "letters"),
        ("Ada", "DE", "not a telephone number"),
        ("", "DE", "not a telephone number"),
        ("+49" + "0" * 5_000, None, "too long"),
    ],
)
def test_what_reaches_nobody_is_refused(text: str, country: str | None, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        normal("phone", text, country)
    assert refused.value.field == "/phone"
    assert refused.value.facts["mend"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ("ada+till@example.org", "ada+till@example.org"),
        ("Ada.L@Example.org", "ada.l@example.org"),
        ("ada@Müller.DE", "ada@xn--mller-kva.de"),
        ("ada@XN--MLLER-KVA.de", "ada@xn--mller-kva.de"),
        ("JÜRGEN@müller.de", "jürgen@xn--mller-kva.de"),
        ("ju\u0308rgen@müller.de", "jürgen@xn--mller-kva.de"),
    ],
)
def test_an_email_address_has_one_spelling(text: str, kept: str) -> None:
    assert normal("email", text, None) == kept
    assert normal("email", kept, None) == kept


def test_two_mailboxes_that_only_look_alike_stay_two() -> None:
    assert normal("email", "strasse@example.org", None) != normal(
        "email", "straße@example.org", None
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "ada", "ada@", "@example.org", "ada@localhost", "a..b@example.org", "ada@example..org",
        "Ada <ada@example.org>", "ada@[127.0.0.1]", '"a b"@example.org', "ada@exam ple.org",
        "ada@example.org\x00", "ada\n@example.org", "a" * 65 + "@example.org", "ada@x.invalid",
        "ada@" + "x" * 100_000 + ".org",
    ],
)  # fmt: skip
def test_what_no_mail_reaches_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="e-mail address") as refused:
        normal("email", text, None, field="/identifiers/0/value")
    assert refused.value.field == "/identifiers/0/value"
    assert "ada@example.org" in refused.value.facts["mend"]


@pytest.mark.parametrize("kind", ["card", "external"])
@pytest.mark.parametrize(
    ("text", "kept"),
    [(" A-1 b ", "A-1 b"), ("a", "a"), ("~" * 64, "~" * 64), ("0012", "0012")],
)
def test_a_card_is_kept_as_the_scanner_reads_it(kind: Kind, text: str, kept: str) -> None:
    assert normal(kind, text, "DE") == kept


@pytest.mark.parametrize("kind", ["card", "external"])
@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 65, "a\tb", "a\n", "a\x00b", "é", "١٢٣", "１２", "\ud800"]
)
def test_a_card_is_plain_and_short(kind: Kind, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal(kind, text, None)
    assert refused.value.field == f"/{kind}"


@pytest.mark.parametrize("text", ["572000000002", " 5720-0000-0002 ", "5720 0000 0002"])
def test_a_loyalty_number_may_be_read_in_groups(text: str) -> None:
    assert normal("number", text, None) == "572000000002"


@pytest.mark.parametrize(
    "text",
    [
        "572000000020",
        "57200000000",
        "٥٧٢٠٠٠٠٠٠٠٠٢",
        "５７２０００００００02",
        "",
        "-" * 24,
        "5" * 9_999,
    ],
)
def test_a_loyalty_number_with_a_slip_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="loyalty number") as refused:
        normal("number", text, None)
    assert refused.value.field == "/number"


def test_a_reference_is_an_id_or_an_identifier_in_its_one_spelling() -> None:
    id_ = UUID(int=7)
    assert normal_ref(MemberRef(id=id_), "DE") == id_
    phone = normal_ref(MemberRef(phone="030 901820"), "DE")
    assert phone == Identifier("phone", "+4930901820")
    with pytest.raises(Invalid) as refused:
        normal_ref(MemberRef(card=""), "DE", field="/member")
    assert refused.value.field == "/member/card"


@pytest.mark.parametrize(
    "said", [{}, {"phone": "1", "card": "2"}, {"id": UUID(int=1), "number": ""}]
)
def test_a_reference_says_one_thing(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        MemberRef(**said)  # type: ignore[arg-type]


def test_a_slip_in_a_batch_is_returned() -> None:
    assert isinstance(normal_or_fault("phone", "112", "DE"), Fault)
    assert normal_or_fault("card", "A", "DE") == Identifier("card", "A")
