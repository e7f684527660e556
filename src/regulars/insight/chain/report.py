"""What was found in the chains: which row is not as it was sealed, and what nobody can prove."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

MOST_SHOWN: Final = 50

Code = Literal[
    "row_changed", "text_changed", "salt_missing", "row_missing", "link_missing", "row_unsealed",
    "row_stray", "checkpoint_differs", "checkpoint_unsigned", "end_unsigned", "anchor_differs",
    "anchor_beyond", "anchor_unsigned", "chain_missing",
]  # fmt: skip
SAYS: Final[dict[Code, str]] = {
    "row_changed": "is not what was sealed here",
    "text_changed": "has other texts or names than were sealed",
    "salt_missing": "has lost its salt, though its member was never erased",
    "row_missing": "was sealed and is gone",
    "link_missing": "links of the chain are gone",
    "row_unsealed": "lies where everything is sealed, and was not there when it was",
    "row_stray": "belongs to no row that could be sealed",
    "checkpoint_differs": "the chain is not the one that was signed: it was written anew here",
    "checkpoint_unsigned": "no key of ours signed this checkpoint as it stands",
    "end_unsigned": "the chain goes on after its last checkpoint, which a sealer never leaves so",
    "anchor_differs": "the chain is not the one told outside: it was written anew here",
    "anchor_beyond": "more was told outside than is here: the end of the chain is gone",
    "anchor_unsigned": "no key of ours signed this line of the anchor",
    "chain_missing": "a chain was told outside and is gone",
}


class Wrong(Struct, frozen=True):
    """One thing that is not as it was sealed, and where."""

    code: Code
    says: str
    program_id: int
    first: int
    """The position in the chain; 0 where it has none."""
    last: int
    """The same, or the end of the stretch in which it lies."""
    table: str = ""
    subject_id: UUID | None = None
    member_id: UUID | None = None

    @property
    def where(self) -> str:
        """Where it is, for a line of text."""
        row = f"{self.table} {self.subject_id}" if self.subject_id else self.table
        place = (
            f"link {self.first}"
            if self.first == self.last
            else f"links {self.first} to {self.last}"
        )
        return " at ".join(part for part in (row, place if self.last else "") if part)


class ChainReport(Struct, frozen=True):
    """One program: how much is sealed, how far it is anchored, what is wrong."""

    program_id: int
    program: str
    links: int
    checkpoints: int
    signed_at: datetime | None
    anchored: int
    """Up to which link an anchor vouches for it; 0 without one."""
    anchored_at: datetime | None
    erased: int
    """Members whose texts can no longer be compared because they were erased."""
    waiting: int
    """Rows that are not sealed yet, as is right for the last few seconds."""
    violations: int
    wrong: tuple[Wrong, ...]
    """The first of them, in the order of the chain."""
    ended: bool = False
    """Its program is gone with all its rows, as a sandbox that ended or a demo that began for
    real; the chain alone is left."""
    sandbox: str = ""
    """Of a sandbox that was ended or begun anew: its name, and the day on which it went."""

    @property
    def not_provable(self) -> tuple[str, ...]:
        """What no chain can show, said plainly."""
        said = []
        if self.ended:
            said.append(
                f"The program {self.program_id} was a sandbox that ended ({self.sandbox}), and is "
                "gone with all its rows: its chain is as it was signed, and what it sealed can no "
                "longer be compared."
                if self.sandbox
                else f"The program {self.program_id} is gone with all its rows, and no sandbox of "
                "this number is known to have ended: its chain is as it was signed, and what it "
                "sealed can no longer be compared. Unless it was a demo that began for real, or a "
                "sandbox that an earlier release ended, somebody took it away."
            )
        if not self.anchored:
            said.append(
                "Without an anchor (--anchor FILE) it is not provable that the end of the chain "
                "was not cut off, nor that all of it was not written anew and signed by somebody "
                "who has the key."
            )
        elif self.anchored < self.links:
            said.append(
                f"After link {self.anchored}, the last one an anchor knows, it is not provable "
                f"that nothing was cut off or written anew ({self.links - self.anchored} links)."
            )
        if self.waiting:
            said.append(f"{self.waiting} rows are not sealed yet: nothing is provable of them.")
        if self.erased:
            said.append(
                f"The texts of {self.erased} erased members are gone and can no longer be "
                "compared; their points and times are still proven."
            )
        return tuple(said)


class Report(Struct, frozen=True):
    """Whether everything is as it was sealed, as of one snapshot."""

    chains: tuple[ChainReport, ...]
    remarks: tuple[str, ...]
    """What was odd about the anchors' files and proves nothing."""
    seconds: float

    @property
    def right(self) -> bool:
        """Nothing is other than it was sealed."""
        return not any(chain.violations for chain in self.chains)

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Everything that was found, chain by chain."""
        return tuple(each for chain in self.chains for each in chain.wrong)

    def as_json(self) -> bytes:
        """The whole report for machines."""
        chains = [
            {**msgspec.structs.asdict(chain), "not_provable": chain.not_provable}
            for chain in self.chains
        ]
        whole = {
            "right": self.right,
            "violations": sum(chain.violations for chain in self.chains),
            "seconds": self.seconds,
            "remarks": self.remarks,
            "chains": chains,
        }
        return msgspec.json.format(msgspec.json.encode(whole))


class Findings:
    """Gathers what is wrong with one chain, and keeps the first ones however many there are."""

    def __init__(self, program_id: int) -> None:
        self.program_id = program_id
        self.violations = 0
        self._kept: list[Wrong] = []

    def add(
        self, code: Code, first: int, last: int, table: str = "",
        ids: tuple[UUID | None, UUID | None] = (None, None),
    ) -> None:  # fmt: skip
        """One more; `ids` are the row's own and its member's."""
        self.violations += 1
        if len(self._kept) < 4 * MOST_SHOWN:
            wrong = Wrong(code, SAYS[code], self.program_id, first, last, table, *ids)
            self._kept.append(wrong)

    @property
    def shown(self) -> tuple[Wrong, ...]:
        """The first ones in the order of the chain, a row before the stretch it lies in.

        Those without a place come last.
        """
        inorder = sorted(self._kept, key=lambda each: (each.first == 0, each.last, -each.first))
        return tuple(inorder[:MOST_SHOWN])
