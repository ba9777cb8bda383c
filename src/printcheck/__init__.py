"""Checks on printed tables: what the numbers of any paper say by themselves."""

from printcheck.cells import Cells, Finding, Issue
from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, KINDS, MEASURED, VERDICTS, Result, check
from printcheck.intervals import Interval, extremes, interval, rounding
from printcheck.report import Report, report

__all__ = [
    "CANNOT_TELL",
    "CONSISTENT",
    "INCONSISTENT",
    "KINDS",
    "MEASURED",
    "VERDICTS",
    "Cells",
    "Finding",
    "Interval",
    "Issue",
    "Report",
    "Result",
    "check",
    "extremes",
    "interval",
    "report",
    "rounding",
]
