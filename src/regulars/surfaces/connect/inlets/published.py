"""The published JSON Schema of mapping files of inlets, made from their types."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from regulars.surfaces.api.openapi import field_words
from regulars.surfaces.connect.inlets import mapping as kinds
from regulars.surfaces.connect.inlets.places import pieces
from regulars.surfaces.connect.moving.mapping import Skip
from regulars.surfaces.connect.outlets.crm.shapes import CasesMap, KeyHeader, RefusedMap
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.salesforce.shapes import JournalMap, JournalsMap

SCHEMA_FILE: Final = "inlet-mapping.schema.json"
_PARTS: Final = (
    kinds.Mapping, kinds.EventMap, kinds.ActivityMap, pieces.LinesMap, pieces.PaymentsMap,
    pieces.ReturnedMap, kinds.SameAs, kinds.LetterMap, kinds.NamesMap, kinds.MembershipMap,
    MembersMap, pieces.CartMap, CasesMap, KeyHeader, RefusedMap, pieces.PartnerMap,
    pieces.AnswerMap, pieces.EarnsMap, JournalsMap, JournalMap, pieces.From, Skip,
)  # fmt: skip


def schema_text() -> str:
    """The JSON Schema of a mapping file (draft 2020-12), with a sentence for each field."""
    made: dict[str, Any] = msgspec.json.schema(kinds.Mapping)
    for part in _PARTS:
        words = field_words(part)
        for field, shape in made["$defs"][part.__name__]["properties"].items():
            if field in words:
                made["$defs"][part.__name__]["properties"][field] = {
                    "description": words[field],
                    **shape,
                }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Regulars: mapping of events that come in",
        "description": "Which place of a payload is which field of an activity.",
    }
    return json.dumps({**head, **made}, indent=2, ensure_ascii=False) + "\n"
