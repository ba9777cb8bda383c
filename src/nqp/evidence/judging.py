"""The verdict and the reason that an estimate gets, from what print says of the number."""

import math
import os
from dataclasses import dataclass

import pandas as pd

from nqp.evidence.entries import Estimate, LedgerError
from nqp.evidence.verdicts import exact_verdict, sign_verdict, twin_verdict

EFFECT_STATS = ("coef", "rho")
CONSTANTS = ("constant", "const", "cons", "intercept")
MOMENTS = ("n", "mean", "sd", "min", "max")


@dataclass(frozen=True)
class Judgement:
    """A verdict, the reason it has when the chapter gives none, and the null world's verdict."""

    verdict: str
    reason: str = ""
    null: str = ""


PRINTED_ZERO = Judgement("not compared", "printed zero: print rounds it to zero, which has no sign")
DRAWN = Judgement("not compared", "drawn for the twin: it follows from noise and sizes that were drawn")
NO_ERROR = Judgement("not compared", "no printed error: print gives no standard error as a yardstick")


def judge_same_data(estimate: Estimate, printed: pd.Series) -> Judgement:
    """Judge a number from the paper's own data, public facts or print."""
    verdict = exact_verdict(estimate.value, printed["value"], printed["decimals"], printed["stat"])
    if verdict == "differs" and (changed := os.environ.get("NQP_OVERRIDES")):
        return Judgement(verdict, f"parameter changed: executed with {changed}")
    return Judgement(verdict)


def judge_proxy(estimate: Estimate, printed: pd.Series) -> Judgement:
    """Judge an estimate on an open proxy; a moment, whose sign says nothing, by the digits that are printed."""
    if printed["stat"] in MOMENTS:
        return judge_same_data(estimate, printed)
    if printed["value"] == 0:
        return PRINTED_ZERO
    if math.isnan(estimate.p_value):
        raise LedgerError(f"{printed.name}: a number on a proxy is judged with its p value; pass p_value=")
    verdict = sign_verdict(estimate.value, printed["value"], estimate.p_value)
    opposite = verdict.startswith("opposite")
    return Judgement(verdict, "proxy outcome: the open proxy is not the paper's outcome" if opposite else "")


def judge_twin(estimate: Estimate, printed: pd.Series, std_error: float) -> Judgement:
    """Judge an estimate on a twin that was not built to give it, by the printed standard error of the number."""
    target = printed["value"]
    if printed["stat"] not in EFFECT_STATS or printed["term"].lower().strip("_") in CONSTANTS:
        return DRAWN
    if target == 0:
        return PRINTED_ZERO
    if not std_error > 0:
        return NO_ERROR
    verdict = twin_verdict(estimate.value, target, std_error)
    reason = "not calibrated: the twin was not made to meet this number" if verdict == "outside" else ""
    null = "" if math.isnan(estimate.null) else twin_verdict(estimate.null, target, std_error)
    return Judgement(verdict, reason, null)


def printed_error(numbers: pd.DataFrame, number: str) -> float:
    """Return the printed standard error of a coefficient: beside it, or from its t value or 95 % interval, or nan."""
    stem = number.rpartition(".")[0]
    se, t, z, low, high = (
        numbers["value"].get(f"{stem}.{stat}", math.nan) for stat in ("se", "t", "z", "ci_low", "ci_high")
    )
    from_ratio = [abs(numbers.at[number, "value"] / ratio) for ratio in (t, z) if ratio]
    found = [se, *from_ratio, (high - low) / (2 * 1.96)]
    return next((error for error in found if math.isfinite(error)), math.nan)
