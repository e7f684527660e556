"""Was anything changed afterwards? Every chain against its rows, signatures and anchors."""

from regulars.insight.chain.report import ChainReport, Report, Wrong
from regulars.insight.chain.run import verify_chains

__all__ = ["ChainReport", "Report", "Wrong", "verify_chains"]
