"""Goodman-Bacon (2021): which comparisons, with which weights, make up a two-way fixed-effects estimate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.panel import PanelError, balanced_panel, within
from nqp.panel.frames import Panel
from nqp.robustness.treatment import adoption, net_basis


@dataclass(frozen=True)
class BaconDecomposition:
    """Comparisons whose weighted estimates add up to the two-way fixed-effects coefficient.

    They have columns ``comparison, cohort, control_cohort, weight, estimate``. A cohort is its first treated period;
    never-treated units are ``"never"``. Weights add up to one.
    """

    comparisons: pd.DataFrame
    coefficient: float

    def by_comparison(self) -> pd.DataFrame:
        """Return total weight and weighted mean estimate of each kind of comparison."""
        rows = self.comparisons
        weight = rows.groupby("comparison", sort=False)["weight"].sum()
        product = (rows["weight"] * rows["estimate"]).groupby(rows["comparison"], sort=False).sum()
        return pd.DataFrame({"weight": weight, "estimate": product / weight})


def goodman_bacon(
    frame: pd.DataFrame, outcome: str, treatment: str, controls: Sequence[str] = (), *, unit: str, time: str
) -> BaconDecomposition:
    """Decompose a two-way fixed-effects difference-in-differences estimate.

    Without controls the comparisons are 2 x 2 differences-in-differences from diff-diff, exact weights:
    ``treated_vs_never``, ``earlier_vs_later`` (not yet treated units as control) and ``later_vs_earlier`` (already
    treated ones). With controls a pair of cohorts gives one comparison, ``timing_groups`` or ``never_vs_timing``,
    and ``within`` is what the controls' variation inside cohorts contributes, as in Stata's bacondecomp. From
    Goodman-Bacon (2021), Journal of Econometrics 225: theorem 1; section 5.2 and appendix for controls.

    A PanelError refuses an unbalanced panel, a treatment that is not 0/1, reverses, is constant or starts in the first
    period, absorbed or collinear controls, and a panel in which no unit is never treated.
    """
    panel = balanced_panel(frame, [outcome, treatment, *controls], unit, time)
    first = adoption(panel, treatment)
    if (first < len(panel.times)).all():
        raise PanelError(f"no unit is never treated: {treatment} reaches all, so nothing is left to compare")
    if controls:
        return _with_controls(panel, outcome, treatment, controls, first)
    return _without_controls(panel, outcome, first)


def _without_controls(panel: Panel, outcome: str, first: np.ndarray) -> BaconDecomposition:
    """Let diff-diff decompose; periods are numbered from 1, since it reads cohort 0 as never treated."""
    from diff_diff import BaconDecomposition as DiffDiffBacon

    count, periods = panel[outcome].shape
    keys = {"unit": np.repeat(np.arange(count), periods), "period": np.tile(np.arange(1, periods + 1), count)}
    cohort = np.where(first < periods, first + 1.0, np.inf)
    long = pd.DataFrame({**keys, "y": panel[outcome].ravel(), "cohort": np.repeat(cohort, periods)})
    columns = {"outcome": "y", "unit": "unit", "time": "period", "first_treat": "cohort"}
    found = DiffDiffBacon(weights="exact").fit(long, **columns)
    names = dict(enumerate(panel.times, start=1))
    cohorts = [(names[one.treated_group], names.get(one.control_group, "never")) for one in found.comparisons]
    parts = zip(found.comparisons, cohorts, strict=True)
    rows = [(one.comparison_type, *pair, one.weight, one.estimate) for one, pair in parts]
    return BaconDecomposition(_frame(rows), float(found.twfe_estimate))


def _frame(rows: list[tuple]) -> pd.DataFrame:
    names = ["comparison", "cohort", "control_cohort", "weight", "estimate"]
    return pd.DataFrame(rows, columns=names).astype({"cohort": object, "control_cohort": object})


def _with_controls(
    panel: Panel, outcome: str, treatment: str, controls: Sequence[str], first: np.ndarray
) -> BaconDecomposition:
    """Decompose the estimate with controls into pairs of cohorts and a within-cohort part."""
    basis = net_basis(panel, controls)
    d = within(panel[treatment]).ravel()
    fitted = (basis @ (basis.T @ d)).reshape(panel[outcome].shape)  # the treatment that the controls predict
    left = d - fitted.ravel()
    coefficient = float(left @ panel[outcome].ravel() / (left @ left))
    x = np.array([panel[name] for name in controls])
    cohorts, called, rows = np.unique(first), [*panel.times, "never"], []
    for later in cohorts[1:]:
        for earlier in cohorts[cohorts < later]:
            pair = (first == later) | (first == earlier)
            means = _cohort_means(np.concatenate([x, fitted[None]])[:, pair], first[pair])
            parts = _pair(panel[outcome][pair], panel[treatment][pair], means[:-1], means[-1])
            never = later == len(panel.times)
            names = [called[one] for one in ((earlier, later) if never else (later, earlier))]
            kind = "never_vs_timing" if never else "timing_groups"
            rows.append((kind, *names, parts[0] * pair.mean() ** 2, parts[1]))
    rows.append(("within", None, None, *_within(panel[outcome], fitted, first)))
    comparisons = _frame(rows)
    comparisons["weight"] /= comparisons["weight"].sum()
    return BaconDecomposition(comparisons, coefficient)


def _cohort_means(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Replace each unit's path in an array (variables, N, T) by the mean path of its cohort."""
    means = np.empty_like(values)
    for cohort in np.unique(first):
        members = first == cohort
        means[:, members] = values[:, members].mean(axis=1, keepdims=True)
    return means


def _pair(y: np.ndarray, d: np.ndarray, x: np.ndarray, fitted: np.ndarray) -> tuple[float, float]:
    """Return variance (weight before the squared share) and estimate of one pair of cohorts.

    `x` and `fitted` are cohort means. The weight is (1 - R2) V_d + V_p; the estimate joins the pair's regression with
    the coefficient on the gap between the pair's own prediction of the treatment and the one from all units.
    """
    outcome, d = within(y).ravel(), within(d).ravel()
    z = within(x).reshape(len(x), -1).T
    predicted = z @ np.linalg.lstsq(z, d, rcond=None)[0]
    own = d - predicted
    shift = predicted - within(fitted).ravel()
    variance = (own @ own + shift @ shift) / d.size
    return variance, float((own + shift) @ outcome / d.size / variance)


def _within(y: np.ndarray, fitted: np.ndarray, first: np.ndarray) -> tuple[float, float]:
    """Return variance and estimate of the prediction's variation inside cohorts."""
    inside = fitted - _cohort_means(fitted[None], first)[0]
    inside = within(inside, "unit")
    spread = np.square(inside).sum()
    return float(spread / y.size), float(-(inside * y).sum() / spread)
