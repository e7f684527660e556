"""A build that reads standings and stock without holding them, on a slow day.

It also lacks the second net: the version that must stand when a standing is written.
"""

import planted_slow
from planted_slow import app

from regulars.records.members import read as members
from regulars.records.members import write as members_write
from regulars.records.rewards import read as rewards
from regulars.records.standing import read as standing
from regulars.records.standing import write as standing_write

__all__ = ["app"]

planted_slow.PAUSE_S = 0.04
standing._LOCK = standing._LOCK.replace(" for update", "")
members._LOCK = members._LOCK.replace(" for update", "")
rewards._LOCK_STOCK = rewards._LOCK_STOCK.replace(" for update", "")
standing_write._STANDINGS = standing_write._STANDINGS.replace("and standing.version = s.was", "")
members_write._RAISE = members_write._RAISE.replace("and standing.version < s.version", "")
