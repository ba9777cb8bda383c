"""The audit: what the printed numbers of a paper say by themselves."""

from nqp.evidence.audit.cells import Cells, Finding
from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, KINDS, VERDICTS, Result, check
from nqp.evidence.audit.intervals import Interval, extremes, interval, rounding
from nqp.evidence.audit.report import STUDIES, Audit, Coverage, audit, coverage_table, doubts, states

__all__ = [
    "CANNOT_TELL",
    "CONSISTENT",
    "INCONSISTENT",
    "KINDS",
    "STUDIES",
    "VERDICTS",
    "Audit",
    "Cells",
    "Coverage",
    "Finding",
    "Interval",
    "Result",
    "audit",
    "check",
    "coverage_table",
    "doubts",
    "extremes",
    "interval",
    "rounding",
    "states",
]
