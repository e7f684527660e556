"""Are the books right? Every invariant, over everything that is recorded, in one snapshot."""

from regulars.insight.verify.report import Finding, Report
from regulars.insight.verify.run import CannotVerify, run_verify

__all__ = ["CannotVerify", "Finding", "Report", "run_verify"]
