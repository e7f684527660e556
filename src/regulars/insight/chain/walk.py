"""Goes along one chain, link by link, and compares it with rows, signatures and anchors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.insight.chain.report import Findings
from regulars.records.seal.canonical import KIND
from regulars.records.seal.types import (
    NO_SECRET,
    Checkpoint,
    Leaf,
    Signer,
    genesis,
    hash_after,
    rightly_signed,
)


class Walk:
    """One chain from its first link to its last.

    Order: after a link that is wrong the walk goes on from what stands there, so that every wrong
    row is found at its own place; that the whole is the one that was signed, checkpoints tell.
    """

    def __init__(self, program_id: int, chain_id: UUID, signer: Signer, findings: Findings) -> None:
        self._program_id = program_id
        self._chain_id = chain_id
        self._signer = signer
        self._findings = findings
        self._before = genesis(program_id, chain_id)
        self.position = 0
        self._good = {"checkpoint": 0, "anchor": 0}
        """Up to which link each of the two vouched for the chain so far."""

    def link(self, row: Mapping[str, Any]) -> None:
        """The next link beside its row as it is now (nothing where the row is gone)."""
        self._step(row["position"])
        kind = KIND.get(row["kind"])
        if row["plain"] is None or kind is None:
            self._wrong("row_missing", row)
        else:
            self._compare(row, personal=bool(kind.personal))
        self._before = row["hash"]

    def link_alone(self, row: Mapping[str, Any]) -> None:
        """The next link of a program that ended: its row went with it, so only checkpoints and
        anchors tell that the chain is the one that was signed."""
        self._step(row["position"])
        self._before = row["hash"]

    def _step(self, found: int) -> None:
        expected = self.position + 1
        if found != expected:
            self._findings.add("link_missing", expected, found - 1)
        self.position = found

    def _compare(self, row: Mapping[str, Any], *, personal: bool) -> None:
        kept, now = row["kept"], row["secret"]
        if not personal:
            kept_right = kept == NO_SECRET
        elif now is None:
            # Erased: that the member was erased is itself a link; the digest stands for the text.
            kept_right = bool(row["erased"])
            if not kept_right:
                self._wrong("salt_missing", row)
                kept_right = True
        else:
            kept_right = kept == now
        if not kept_right:
            self._wrong("text_changed", row)
        leaf = Leaf(
            self._program_id, row["kind"], row["subject_id"], row["member_id"], row["plain"], kept
        )
        if hash_after(self._before, self.position, leaf) != row["hash"]:
            self._wrong("row_changed", row)

    def signed(self, checkpoint: Checkpoint) -> None:
        """A checkpoint that covers the chain just up to here, or would cover more than there is."""
        if not rightly_signed(checkpoint, self._signer):
            self._findings.add("checkpoint_unsigned", checkpoint.size, checkpoint.size)
        self._vouch(checkpoint, "checkpoint")

    def anchored(self, checkpoint: Checkpoint) -> None:
        """What was told outside of the chain up to here."""
        self._vouch(checkpoint, "anchor")

    def _vouch(self, checkpoint: Checkpoint, by: str) -> None:
        same = checkpoint.head == self._before and checkpoint.chain_id == self._chain_id
        good, size = self._good[by], checkpoint.size
        if size > self.position:
            code = "anchor_beyond" if by == "anchor" else "link_missing"
            self._findings.add(code, self.position + 1, size)  # type: ignore[arg-type]
        elif not same:
            self._findings.add(f"{by}_differs", good + 1, size)  # type: ignore[arg-type]
        else:
            self._good[by] = size

    def end(self, checkpoints: Sequence[Checkpoint], anchors: Sequence[Checkpoint]) -> None:
        """The chain is over: what vouched for more of it, and whether its end is signed."""
        for checkpoint in checkpoints:
            self.signed(checkpoint)
        for anchor in anchors[-1:]:
            self.anchored(anchor)

    def unsigned_after(self, size: int) -> None:
        """The last checkpoint covers this many links."""
        if size < self.position:
            self._findings.add("end_unsigned", size + 1, self.position)

    @property
    def vouched(self) -> int:
        """Up to which link an anchor vouches for the chain."""
        return self._good["anchor"]

    def _wrong(self, code: Any, row: Mapping[str, Any]) -> None:
        kind = KIND.get(row["kind"])
        table = kind.table if kind else f"kind {row['kind']}"
        ids = (row["subject_id"], row["member_id"])
        self._findings.add(code, self.position, self.position, table, ids)
