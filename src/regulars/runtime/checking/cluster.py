"""Work for the workers of a dask cluster: bytes in and bytes out.

Nothing but this version of Regulars has to be the same on all machines. Without the extra
`regulars[dask]` nothing of this is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from regulars.base.faults import Invalid

FIELD: Final = "--machines"
PATIENCE_S: Final = 10
"""So long we wait for the scheduler to answer, and for its first worker."""
LONGEST_S: Final = 6 * 3600
"""So long all parts may take together."""


class Done(NamedTuple):
    """What workers said, in the order of the parts, and how many there were."""

    said: list[bytes]
    workers: int


def done_by(
    address: str, work: Callable[[bytes], bytes], parts_for: Callable[[int], Sequence[bytes]]
) -> Done:
    """Have all parts done by the workers of the scheduler at this address.

    `parts_for` is told how many can be done at once. Keeps: a worker that is lost is replaced
    twice. Faults: Invalid for an address where nobody answers, no worker, or one that cannot do
    its part.
    """
    try:
        from distributed import Client
    except ImportError:
        says = "the extra is not installed: pip install 'regulars[dask]'"
        raise Invalid(says, field=FIELD) from None
    try:
        with Client(address, timeout=PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=PATIENCE_S)
            threads = client.nthreads()
            sent = parts_for(sum(threads.values()))
            futures = client.map(work, sent, retries=2, pure=False)
            said = [future.result(timeout=LONGEST_S) for future in futures]
            return Done(said, len(threads))
    except (OSError, ValueError, TimeoutError) as wrong:
        says = f"{address} has no scheduler with workers that answers: {str(wrong)[:200]}"
        raise Invalid(says, field=FIELD) from wrong
    except Exception as wrong:
        # Whatever failed on a worker comes over the wire as it is; it is no bug of ours here.
        says = f"a worker could not do its part: {type(wrong).__name__}: {str(wrong)[:200]}"
        raise Invalid(says, field=FIELD) from wrong
