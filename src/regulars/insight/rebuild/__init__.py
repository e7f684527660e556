"""Every cache of the books, worked out again from the rows that are only appended."""

from regulars.insight.rebuild.caches import CACHES, Cache
from regulars.insight.rebuild.compare import Difference, compare, due_counts

__all__ = ["CACHES", "Cache", "Difference", "compare", "due_counts"]
