"""The baskets of a history in columns: lines, what counts of them, and which of them came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from regulars.engine.compiling.compile import Compiled
from regulars.engine.qualify import qualify
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.returning.payments import redemptions_of
from regulars.engine.returning.sale import pieces_sold
from regulars.records.activity.types import FRIEND_STAYED, IN_PIECES, Activity, Body

LARGEST: Final = 1 << 62


class Row(Struct, frozen=True):
    """What a row has besides its numbers: the span of its lines and whether it has none of its
    own, what counts besides, the row of its sale among the member's, and the span of its parts."""

    span: tuple[int, int, int] = (0, 0, 0)
    extras: tuple[int, ...] = ()
    sale: int = -1
    parts: tuple[int, int] = (0, 0)
    asked: tuple[int, ...] = ()
    """What rules ask of the member and of the details."""


class Baskets(Struct):
    """Per row of a history its lines (`first` to before `last`), what counts besides them, the row
    of the sale that comes back, and which parts of it do; per line its pieces and what counts.

    Shape: `bare` are sales of which only the amount is known: one line whose pieces, for returns,
    are minor units.
    """

    first: Any
    last: Any
    bare: Any
    skus: Any
    categories: Any
    seen: Any
    """How many pieces the rules see."""
    free: Any
    worths: Any
    """Per line and definition what counts."""
    extras: Any
    sale: Any
    part_first: Any
    part_last: Any
    part_line: Any
    part_pieces: Any
    sold: Any
    """How many pieces can come back."""

    @property
    def returns(self) -> bool:
        """Whether something comes back."""
        return bool((self.sale >= 0).any())

    def worth(self, place: int) -> Any:
        """What counts of each row by a definition."""
        upto = np.concatenate(([0], np.cumsum(self.worths[:, place])))
        return upto[self.last] - upto[self.first] + self.extras[:, place]

    def told(self, took: Any, refused: Any) -> tuple[Any, ...]:
        """The arrays as the kernel's text takes them; what it changes is a copy."""
        return (
            self.first, self.last, self.bare, self.skus, self.categories, self.seen.copy(),
            self.free.copy(), self.worths.copy(), self.extras.copy(), self.part_first,
            self.part_last, self.part_line, self.part_pieces, self.sold,
            np.zeros_like(self.sold), self.worths, self.free, self.sale, took, refused,
            np.zeros_like(self.sold), self.extras, self.seen,
        )  # fmt: skip


class Sold(Struct):
    """A sale while its history is read: its row among its member's, and what is left of it."""

    member_id: UUID
    local: int
    left: list[int]


class Shelf(Struct):
    """Collects baskets row by row, in the order in which a member's rows are told."""

    compiled: Compiled
    codes: dict[str, dict[str, int]]
    """Words by code: of articles and categories, beside those of channels and stores."""
    lines: list[tuple[int, ...]] = field(default_factory=list)
    worths: list[tuple[int, ...]] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)
    sales: dict[UUID, Sold] = field(default_factory=dict)
    whole: set[UUID] = field(default_factory=set)
    """What happened and has no pieces."""
    needed: bool = False
    """Whether there is a basket or a return at all."""
    deeds: dict[UUID, tuple[UUID, int]] | None = None
    """Where points wait: every activity's member, and its row among theirs."""

    def sell(self, activity: Activity, local: int, asked: tuple[int, ...]) -> Row:
        """What can come back with its lines, or anything else that happened, which has none.

        Refuses: NotPlain where a reward paid for it.
        """
        body, low = activity.body, len(self.lines)
        if redemptions_of(body):
            raise NotPlain("a sale was paid with points or had free pieces")
        bought = activity.kind in IN_PIECES
        counted = qualify(self.compiled.qualifying, body, activity.amount_minor if bought else None)
        pieces = pieces_sold(activity) if bought else [line.quantity for line in body.lines]
        for place, worth in enumerate(counted.lines):
            sku, category, seen, free = "", "", 1, 0
            if body.lines:
                line = body.lines[place]
                sku, category, seen, free = line.sku, line.category, line.quantity, line.free
            if worth and max(worth) * pieces[place] >= LARGEST:
                raise NotPlain("an amount is too large for a machine word")
            codes = self._code("sku", sku), self._code("category", category)
            self.lines.append((*codes, seen, pieces[place], free))
            self.worths.append(worth)
        self.needed |= activity.kind == FRIEND_STAYED
        self.needed |= (replace(body, details={}) if body.details else body) != _NOTHING
        if self.deeds is not None:
            self.deeds[activity.activity_id] = (activity.member_id, local)
        if bought:
            self.sales[activity.activity_id] = Sold(activity.member_id, local, list(pieces))
        else:
            self.whole.add(activity.activity_id)
        return Row((low, len(self.lines), int(not body.lines)), counted.extras, asked=asked)

    def spoken_of(self, member_id: UUID, activity_id: UUID) -> Row:
        """Somebody said of an activity that it holds or not; its row, if the member did that."""
        whose, local = (self.deeds or {}).get(activity_id, (None, -1))
        return Row(sale=local if whose == member_id else -1)

    def come_back(self, activity: Activity) -> Row | None:
        """A return; nothing where its sale is not in this history.

        Refuses: NotPlain where more comes back than was sold, or what has no pieces.
        """
        self.needed = True
        if activity.sale_id in self.whole:
            raise NotPlain("something was taken back that is no purchase")
        sale = self.sales.get(activity.sale_id) if activity.sale_id else None
        if sale is None:
            return None
        if sale.member_id != activity.member_id:
            raise NotPlain("somebody else's sale comes back")
        low, left = len(self.parts), sale.left
        returned = activity.body.returned
        if not returned and not any(left):
            raise NotPlain("more comes back than was sold")
        if not returned:
            sale.left = [0] * len(left)
        for part in returned:
            if part.line >= len(left) or part.quantity > left[part.line]:
                raise NotPlain("more comes back than was sold")
            left[part.line] -= part.quantity
            self.parts.append((part.line, part.quantity))
        return Row((0, 0, 0), (), sale.local, (low, len(self.parts)))

    def _code(self, name: str, word: str) -> int:
        known = self.codes[name]
        return known.setdefault(word, len(known))

    def baskets(self, rows: Sequence[Row], starts: Sequence[int]) -> Baskets:
        """All of it as arrays; `starts` says where the rows of each row's member begin."""
        many = len(self.compiled.qualifying)
        extras = [row.extras or (0,) * many for row in rows]
        sale = [
            -1 if row.sale < 0 else start + row.sale
            for row, start in zip(rows, starts, strict=True)
        ]
        lines, parts = _table(self.lines, 5), _table(self.parts, 2)
        spans = _table([(*row.span, *row.parts) for row in rows], 5)
        first, last, bare, part_first, part_last = map(np.ascontiguousarray, spans.T)
        sku, category, seen, sold, free = map(np.ascontiguousarray, lines.T)
        part_line, part_pieces = map(np.ascontiguousarray, parts.T)
        return Baskets(
            first=first, last=last, bare=bare, skus=sku, categories=category, seen=seen,
            free=free, worths=_table(self.worths, many),
            extras=_table(extras, many), sale=np.array(sale, np.int64), part_first=part_first,
            part_last=part_last, part_line=part_line, part_pieces=part_pieces, sold=sold,
        )  # fmt: skip


_NOTHING: Final = Body()


def _table(rows: Sequence[Sequence[int]], wide: int) -> Any:
    return np.array(rows, np.int64).reshape(len(rows), wide)
