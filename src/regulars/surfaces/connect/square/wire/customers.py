"""Customers as clients send them: who somebody is, and what they are found by."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from regulars.surfaces.connect.square.wire.sent import Cursor, Sent

Text = Annotated[str, Meta(max_length=300)]
Exact = Annotated[str, Meta(min_length=1, max_length=300)]


class CreateCustomer(Sent, frozen=True):
    """Somebody becomes a customer."""

    idempotency_key: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    given_name: Text | None = None
    family_name: Text | None = None
    email_address: Text | None = None
    phone_number: Text | None = None
    reference_id: Annotated[str, Meta(max_length=100)] | None = None


class UpdateCustomer(Sent, frozen=True):
    """What is said changes, what is not stays; null takes away."""

    given_name: Text | UnsetType | None = UNSET
    family_name: Text | UnsetType | None = UNSET
    email_address: Text | UnsetType | None = UNSET
    phone_number: Text | UnsetType | None = UNSET
    reference_id: Annotated[str, Meta(max_length=100)] | UnsetType | None = UNSET
    version: int | None = None


class ExactSent(Sent, frozen=True):
    """Exactly this."""

    exact: Exact


class CustomerFilter(Sent, frozen=True):
    """By one of these, or several that mean the same customer."""

    phone_number: ExactSent | None = None
    email_address: ExactSent | None = None
    reference_id: ExactSent | None = None


class SortSent(Sent, frozen=True):
    """In the order in which they came."""

    field: Literal["DEFAULT", "CREATED_AT"] | None = None
    order: Literal["ASC"] | None = None


class CustomerQuery(Sent, frozen=True):
    """Which customers."""

    filter: CustomerFilter | None = None
    sort: SortSent | None = None


class SearchCustomers(Sent, frozen=True):
    """Customers are looked for."""

    query: CustomerQuery | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] | None = None
    cursor: Cursor | None = None


class CustomersQuery(Sent, frozen=True):
    """A page of customers."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 100
    sort_field: Literal["DEFAULT", "CREATED_AT"] | None = None
    sort_order: Literal["ASC"] | None = None
