"""Reading much of a table at once, as reports do and tills never."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx

# Connections go by indexes and keep one plan of each statement, as fits tills: each of their plans
# touches a few rows, whatever is asked. A count over a range of days is planned for that range.
_WIDELY: Final = """
select set_config('enable_seqscan', 'on', true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('work_mem', '64MB', true)
"""


async def widely(tx: Tx) -> None:
    """From here to its end this transaction may read whole tables, where that is quicker, and
    sorts and groups in memory what a shop of a million members has."""
    await tx.fetch(_WIDELY)
