"""What clients ask of the catalog: what a reward takes off, never what is for sale."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from regulars.surfaces.connect.square.wire.sent import Cursor, Sent

Kind = Literal["PRICING_RULE", "PRODUCT_SET", "DISCOUNT"]
"""The kinds of objects that there are here."""
Id = Annotated[str, Meta(min_length=1, max_length=192)]
Types = Annotated[str, Meta(max_length=400)]


class ObjectQuery(Sent, frozen=True):
    """Whether what an object names is wanted, too."""

    include_related_objects: Literal["true", "false"] = "false"


class ObjectsQuery(Sent, frozen=True):
    """Which kinds of objects, with commas between; those that are not here are none."""

    types: Types | None = None


class BatchObjects(Sent, frozen=True):
    """Several objects are asked for."""

    object_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=1000)]
    include_related_objects: bool = False


class SearchObjects(Sent, frozen=True):
    """Objects of these kinds are asked for."""

    object_types: Annotated[tuple[Id, ...], Meta(max_length=30)] | None = None
    include_related_objects: bool = False
    limit: Annotated[int, Meta(ge=1, le=1000)] = 1000
    cursor: Cursor | None = None
