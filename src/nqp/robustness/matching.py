"""Matching on a score: nearest neighbours, radius and kernel, with common support and matching weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import PanelError, require_columns
from nqp.robustness.score import Link, propensity_score, require_both_groups

Method = Literal["nearest", "radius", "kernel"]
BANDWIDTH = 0.06


@dataclass(frozen=True)
class Rule:
    """How controls are chosen for a treated observation, by distance in the score.

    Attributes
    ----------
    method : ``nearest`` takes the `neighbours` nearest, with replacement, and every control tied with the last,
        all with the same share; ``radius`` takes all within `caliper`; ``kernel`` weighs all by Epanechnikov's
        kernel of distance over 0.06, the default of Stata's psmatch2
    tie_tolerance : a control whose squared distance exceeds the last one's by no more than the square of this
        counts as tied with it. R's Matching uses root 1e-5 standard deviations of the score
    caliper : greatest distance allowed; required by ``radius``
    support : ``none``; ``treated`` leaves out treated observations outside the range of the untreated scores
        (psmatch2's ``common``); ``both`` also untreated ones outside that of the treated (``common ate``)
    estimand : ``att`` matches untreated observations to treated ones; ``ate`` also the other way round, and
        an observation without a match is off support either way
    """

    method: Method = "nearest"
    neighbours: int = 1
    tie_tolerance: float = 0.0
    caliper: float = np.inf
    support: Literal["none", "treated", "both"] = "treated"
    estimand: Literal["att", "ate"] = "att"

    def __post_init__(self) -> None:
        if self.neighbours < 1 or self.caliper <= 0:
            raise PanelError("neighbours must be at least 1, caliper above 0")
        if self.method == "radius" and not np.isfinite(self.caliper):
            raise PanelError("radius matching needs a finite caliper")


def match_scores(score: pd.Series, treated: pd.Series, rule: Rule) -> pd.DataFrame:
    """Match observations, 0/1 as `treated`, on a score with the same index; `match` says what is returned and refused.

    Abadie & Imbens (2006) on ties; Heckman, Ichimura & Todd (1997) on kernels; psmatch2 on common support.
    """
    p, d = score.to_numpy(float), treated.loc[score.index].to_numpy(float)
    require_both_groups(d, str(treated.name))
    support = _common_support(p, d, rule.support)
    one = np.flatnonzero((d == 1) & support)
    zero = np.flatnonzero((d == 0) & support)
    if not len(one) or not len(zero):
        raise PanelError(_no_overlap(p, d))
    weight = np.zeros(len(p))
    matched, weight[zero] = _matches(p[one], p[zero], rule)
    weight[one] = support[one] = matched
    if rule.estimand == "ate":
        back, used = _matches(p[zero], p[one], rule)
        weight[one] += used
        weight[zero] += back
        support[zero] = back
        weight[~support] = 0
    if not matched.any():
        raise PanelError(_no_overlap(p, d))
    columns = {"score": p, "treated": d.astype(int), "on_support": support, "weight": weight}
    return pd.DataFrame(columns, index=score.index)


def match(
    frame: pd.DataFrame,
    treatment: str,
    covariates: Sequence[str],
    rule: Rule,
    *,
    link: Link = "logit",
    by: str | None = None,
) -> pd.DataFrame:
    """Estimate propensity scores and match, on all rows together or within the values of a column.

    In a panel ``by=None`` matches city-years with city-years (pooled), ``by="year"`` year by year.

    Parameters
    ----------
    frame : rows in any order, with a unique index
    treatment : 0/1 column. In a panel usually whether the unit is ever treated
    covariates, link : columns of the score, and its model
    by : column within whose values scores are estimated and matched separately

    Columns are ``score, treated, on_support, weight``, indexed as `frame`. Under ``att`` the weight is 1 for a
    matched treated observation and, for an untreated one, its share in the matches of all treated; under ``ate``
    every matched observation counts 1 for itself plus its share in the matches of others. Weighted means differ by
    the ATT or ATE. A PanelError refuses what `propensity_score` does, an empty group, and treated observations
    without any match on common support; with `by`, it begins with the value it fails in.
    """
    if not frame.index.is_unique:
        raise PanelError("the index repeats: use reset_index(drop=True), since matches are named by it")
    if by is None:
        return match_scores(propensity_score(frame, treatment, covariates, link), frame[treatment], rule)
    require_columns(frame, [], [by])
    parts = []
    for value, rows in frame.groupby(by):
        try:
            parts.append(match(rows, treatment, covariates, rule, link=link))
        except PanelError as problem:
            raise type(problem)(f"{by} {value}: {problem}") from problem
    return pd.concat(parts).loc[frame.index]


def _common_support(p: np.ndarray, d: np.ndarray, support: str) -> np.ndarray:
    """Mark observations whose score the other group's range covers."""
    keep = np.ones(len(p), dtype=bool)
    sides = {"none": (), "treated": (1,), "both": (1, 0)}[support]
    for side in sides:
        other = p[d != side]
        keep &= (d != side) | ((p >= other.min()) & (p <= other.max()))
    return keep


def _matches(own: np.ndarray, others: np.ndarray, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """Return which of `own` have a match, and the total share of each of `others` in all matches."""
    matched, used = np.zeros(len(own), dtype=bool), np.zeros(len(others))
    # sums run in the order of scores, so that the order of rows does not reach even the last bit
    rows, columns = np.argsort(own, kind="stable"), np.argsort(others, kind="stable")
    for block in np.array_split(rows, max(1, len(own) * len(others) // 10**6)):  # some 8 MB at a time
        shares = _shares(own[block], others[columns], rule)
        matched[block] = shares.any(axis=1)
        used[columns] += shares.sum(axis=0)
    return matched, used


def _shares(own: np.ndarray, others: np.ndarray, rule: Rule) -> np.ndarray:
    """Return, a row for each `own`, the shares of `others` in its match: in all 1, or 0 if unmatched."""
    distance = np.abs(own[:, None] - others[None, :])
    if rule.method == "nearest":
        k = min(rule.neighbours, len(others))
        last = np.partition(distance, k - 1, axis=1)[:, [k - 1]]
        reach = np.sqrt(last**2 + rule.tie_tolerance**2) * (1 + 1e-12) + 1e-15  # equal up to rounding
        raw = ((distance <= reach) & (distance <= rule.caliper)).astype(float)
    elif rule.method == "radius":
        raw = (distance <= rule.caliper).astype(float)
    else:
        raw = np.clip(1 - (distance / BANDWIDTH) ** 2, 0, None)
        raw[distance > rule.caliper] = 0
    total = raw.sum(axis=1, keepdims=True)
    return np.divide(raw, total, out=np.zeros_like(raw), where=total > 0)


def _no_overlap(p: np.ndarray, d: np.ndarray) -> str:
    """Say that nobody can be matched, with the two ranges of scores."""
    ranges = " and ".join(
        f"{name} scores run from {p[d == value].min():.3g} to {p[d == value].max():.3g}"
        for name, value in (("treated", 1), ("untreated", 0))
    )
    return f"no common support: {ranges}. Use fewer covariates or a wider caliper"
