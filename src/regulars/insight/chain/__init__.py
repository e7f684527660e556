"""Was anything changed afterwards? The chain of every program against its signatures and anchors."""

from regulars.insight.chain.report import ChainReport, Report, Wrong
from regulars.insight.chain.run import verify_chains

__all__ = ["ChainReport", "Report", "Wrong", "verify_chains"]
