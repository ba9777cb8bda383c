"""What a ledger holds: entries, the estimates behind them, and the reasons for a difference."""

import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nqp.evidence.verdicts import REASONS

LEDGER_KEY = "nqp_ledger"
EVIDENCE = ("printed", "open", "twin", "licensed")
COEFFICIENT_STATS = {
    "coef": "estimate",
    "se": "std_error",
    "t": "statistic",
    "z": "statistic",
    "p": "p_value",
    "ci_low": "conf_low",
    "ci_high": "conf_high",
}
MODEL_STATS = ("n", "r2", "r2_adj", "r2_within")
LATER_STATS = ("coef", "ci_low", "ci_high")
Explanation = tuple[str, str]


class LedgerError(Exception):
    """A record that the ledger cannot take, or a chapter that leaves a published number without verdict."""


@dataclass(frozen=True)
class Entry:
    """One row of the ledger: a published number met by one kind of evidence."""

    study: str
    section: str
    id: str
    evidence: str
    published: str
    replicated: float
    verdict: str
    reason: str
    target: str
    engine: str


@dataclass(frozen=True)
class Estimate:
    """A replicated number and what is needed to judge it."""

    value: float
    conf_low: float = math.nan
    conf_high: float = math.nan
    p_value: float = math.nan
    engine: str = ""


def explain(number: str, reasons: Mapping[str, Explanation]) -> str:
    """Return the reason given for a number as ``label: sentence``, or an empty string."""
    if number not in reasons:
        return ""
    label, sentence = reasons[number]
    if label not in REASONS:
        raise LedgerError(f"{number}: unknown reason {label!r}; use one of: {', '.join(REASONS)}")
    if not sentence.strip():
        raise LedgerError(f"{number}: the reason {label!r} needs one sentence that says what was found")
    return f"{label}: {sentence}"


def standing_reason(verdict: str, later: bool, target: str) -> str:
    """Return the reason that a verdict has without anybody's judgement, or nothing.

    A difference: another parameter, or a number computed blind. A twin's miss: noise, where the twin was calibrated on
    the number; else that it was not. An opposite sign: the proxy is not the paper's outcome.
    """
    if verdict == "differs" and os.environ.get("NQP_OVERRIDES"):
        return f"parameter changed: executed with {os.environ['NQP_OVERRIDES']}"
    if verdict == "differs" and later:
        return "not yet explained: computed before the printed value was entered"
    if verdict == "missed" and target == "yes":
        return "simulation noise: the twin meets this number on average over seeds, not in every one"
    if verdict == "missed":
        return "not calibrated: the twin was not made to meet this number"
    return "proxy outcome: the open proxy is not the paper's outcome" if verdict == "opposite sign" else ""


def calibrated(number: str, target: bool | Collection[str]) -> str:
    """Return ``yes`` or ``no``: whether a twin was made to meet a number, from a flag or from the ids of all."""
    return "yes" if (target if isinstance(target, bool) else number in target) else "no"


def ten_digits(value: float) -> str:
    """Write a replicated number; one that could not be computed stays empty, which reads back as missing."""
    return f"{value:.10g}" if math.isfinite(value) else ""
