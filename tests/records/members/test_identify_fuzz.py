"""Whatever is typed: a spelling that stays as it is, or a fault at its field; nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.faults import Fault, Invalid
from regulars.records.members.identify import normal, normal_or_fault
from regulars.records.members.types import Kind

KINDS: list[Kind] = ["phone", "email", "card", "external", "number"]

typed = st.one_of(
    st.text(max_size=80),
    st.text("0123456789+-() /.;x٠١٢٣４５ext=#*,~", max_size=45),
    st.emails(),
    st.from_regex(r"[^@]{1,10}@[a-zA-ZäöüßİΣ\u200d.-]{1,30}", fullmatch=True),
    st.from_regex(r"\+[0-9]{6,16}", fullmatch=True),
)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(KINDS), typed, st.sampled_from([None, "DE", "TR", "US", "IT", "XX"]))
def test_a_spelling_is_its_own_spelling_and_all_else_is_a_fault(
    kind: Kind, text: str, country: str | None
) -> None:
    spelled = normal_or_fault(kind, text, country, field="/here")
    if isinstance(spelled, Fault):
        assert isinstance(spelled, Invalid)
        assert spelled.field == "/here"
        assert spelled.facts["mend"]
        return
    kept = spelled.value
    assert normal(kind, kept, country) == kept
    assert normal(kind, kept, None) == kept
    assert kept.isprintable()
    assert kept == kept.strip()
    assert 1 <= len(kept) <= 320
