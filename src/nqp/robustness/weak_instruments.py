"""Inference with one endogenous regressor and possibly weak instruments."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from nqp.data.panels import require_columns, some
from nqp.robustness.errors import DesignError
from nqp.robustness.orthogonal import orthonormal
from nqp.robustness.tf_table import CRITICAL, ROOT_F

Covariance = Literal["unadjusted", "robust", "clustered"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class ReducedForm:
    """Reduced form and first stage on orthonormalised instruments: y = z rho + e, x = z pi + u.

    Attributes
    ----------
    rho, pi : coefficients, length k
    covariance : covariance of (rho, pi), 2k x 2k
    freedom : degrees of freedom left for tests; infinite unless the covariance is debiased
    """

    rho: np.ndarray
    pi: np.ndarray
    covariance: np.ndarray
    freedom: float


@dataclass(frozen=True)
class EffectiveF:
    """Effective first-stage F and the values it should exceed.

    Attributes
    ----------
    statistic : the effective F; with one instrument it is the robust (or clustered) first-stage F
    critical : by tau, the share of the worst-case bias of least squares tolerated; 5 percent level
    """

    statistic: float
    critical: dict[float, float]


@dataclass(frozen=True)
class AndersonRubin:
    """Anderson-Rubin confidence set.

    Attributes
    ----------
    intervals : disjoint, in order; ends may be infinite; no interval at all means that every value is
        rejected, so the instruments contradict one another
    statistic, p_value : F test that the coefficient is zero, k and `ReducedForm.freedom` degrees of freedom
    level : confidence level
    """

    intervals: tuple[Interval, ...]
    statistic: float
    p_value: float
    level: float


def reduced_form(
    frame: pd.DataFrame,
    outcome: str,
    endogenous: str,
    instruments: Sequence[str],
    controls: Sequence[str] = (),
    *,
    absorb: Sequence[str] = (),
    cov_type: Covariance = "robust",
    cluster: str | None = None,
    debiased: bool = True,
) -> ReducedForm:
    """Estimate reduced form and first stage, with the covariance that weak-instrument inference needs.

    Parameters
    ----------
    frame : rows in any order
    outcome, endogenous, instruments, controls : columns; a constant is added
    absorb : columns of effects to take out, such as ``("id", "year")``
    cov_type : ``unadjusted``, ``robust`` or ``clustered`` by the column `cluster`
    debiased : multiply the covariance by n/(n-L), or when clustered by G/(G-1) (n-1)/(n-L), and test with
        n-L or G-1 degrees of freedom, L counting instruments, controls and constant but no absorbed effect;
        else no factor and chi-squared tests

    Raises
    ------
    PanelError, DesignError
        For missing values, and for an instrument, control or endogenous regressor that effects or the
        variables before it explain.
    """
    columns = [outcome, endogenous, *instruments, *controls]
    if (cov_type == "clustered") != (cluster is not None):
        raise DesignError("give `cluster` with cov_type='clustered', and only then")
    groups = [cluster] if cluster else []
    require_columns(frame, columns, [*absorb, *groups])
    if not instruments:
        raise DesignError("no instrument given: at least one is needed")
    rows = frame.sort_values(
        list(dict.fromkeys([*groups, *columns, *absorb]))
    )  # the order of rows must not matter
    y, x, z = _partial_out(rows, outcome, endogenous, instruments, controls, absorb)
    rho, pi = z.T @ y, z.T @ x
    errors = np.column_stack([y - z @ rho, x - z @ pi])
    covariance = _covariance(z, errors, cov_type, rows[cluster] if cluster else None)
    if not debiased:
        return ReducedForm(rho, pi, covariance, np.inf)
    n, left = len(y), len(y) - len(instruments) - len(controls) - 1
    if cluster is None:
        return ReducedForm(rho, pi, covariance * n / left, left)
    others = rows[cluster].nunique() - 1
    return ReducedForm(rho, pi, covariance * (others + 1) / others * (n - 1) / left, others)


def _partial_out(
    rows: pd.DataFrame,
    outcome: str,
    endogenous: str,
    instruments: Sequence[str],
    controls: Sequence[str],
    absorb: Sequence[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, endogenous regressor and orthonormal instruments, controls and effects taken out."""
    names = [*controls, *instruments]
    raw = rows[[*names, endogenous, outcome]].to_numpy(float)
    left = _absorb(raw, [rows[name] for name in absorb])
    effects = f"the effects of {some(absorb)}" if absorb else "the constant"
    k, c = len(names), len(controls)
    basis = orthonormal(left[:, :k], raw[:, :k], names, effects)
    with_x = [*range(c), k]  # a regressor that the controls explain has no first stage
    orthonormal(left[:, with_x], raw[:, with_x], [*controls, endogenous], effects)
    w = basis[:, :c]
    x, y = (v - w @ (w.T @ v) for v in left[:, k:].T)
    return y, x, basis[:, c:]


def effective_f(form: ReducedForm, taus: Sequence[float] = (0.05, 0.10, 0.20, 0.30)) -> EffectiveF:
    """Effective F of Montiel Olea & Pflueger and its simplified (conservative) critical values.

    Parameters
    ----------
    form : from `reduced_form`
    taus : shares of the worst-case bias

    References
    ----------
    Montiel Olea & Pflueger (2013), Journal of Business & Economic Statistics 31, with
    the bound x = 1/tau. With one instrument and tau of 10 percent the critical value is 23.1.
    """
    from scipy.stats import ncx2

    k = len(form.pi)
    variance = form.covariance[k:, k:]
    trace, largest = np.trace(variance), np.linalg.eigvalsh(variance)[-1]
    critical = {}
    for tau in taus:
        x = 1 / tau
        freedom = trace**2 * (1 + 2 * x) / (np.square(variance).sum() + 2 * x * trace * largest)
        critical[tau] = float(ncx2.ppf(0.95, freedom, freedom * x) / freedom)
    return EffectiveF(float(form.pi @ form.pi / trace), critical)


def anderson_rubin(form: ReducedForm, level: float = 0.95) -> AndersonRubin:
    """Invert the Anderson-Rubin test exactly: all b at which rho - b pi is not rejected to be zero.

    With S(b) the covariance of g(b) = rho - b pi, the ends of the set are real roots of
    det(c S(b) - g(b) g(b)') = 0, found as eigenvalues of a quadratic matrix polynomial, not on a grid.

    Parameters
    ----------
    form : from `reduced_form`
    level : confidence level

    References
    ----------
    Anderson & Rubin (1949); Andrews, Stock & Sun (2019), Annual Review of Economics 11.
    """
    from scipy.stats import f as fisher

    k = len(form.pi)
    freedom = min(form.freedom, 1e12)  # F with so many degrees of freedom is chi-squared / k
    bound = k * float(fisher.ppf(level, k, freedom))
    v = form.covariance
    cross = v[:k, k:] + v[k:, :k]
    constant = bound * v[:k, :k] - np.outer(form.rho, form.rho)
    linear = np.outer(form.rho, form.pi) + np.outer(form.pi, form.rho) - bound * cross
    square = bound * v[k:, k:] - np.outer(form.pi, form.pi)
    ends = _real_roots(constant, linear, square)
    at_zero = _statistic(form, 0.0) / k
    return AndersonRubin(_accepted(form, ends, bound), at_zero, float(fisher.sf(at_zero, k, freedom)), level)


def tf_interval(estimate: float, std_error: float, f: float) -> Interval:
    """Return the tF interval: 95 percent for 2SLS with one instrument, however weak the first stage.

    The critical value is interpolated linearly in the root of F; it is 1.96 from F = 106.09 on. Below F = 4
    the table ends (no finite interval exists below 3.84) and the interval is the whole line.

    Parameters
    ----------
    estimate, std_error : 2SLS coefficient and its robust or clustered standard error
    f : first-stage F of the single instrument, with the same kind of standard error

    References
    ----------
    Lee, McCrary, Moreira & Porter (2022), American Economic Review 112, table 3a.
    """
    if not std_error > 0 or not f >= 0:
        raise DesignError(
            f"std_error is {std_error} and f is {f}: the first must be above zero, the second not below"
        )
    if f < ROOT_F[0] ** 2:
        return -np.inf, np.inf
    critical = float(np.interp(np.sqrt(f), ROOT_F, CRITICAL))
    return estimate - critical * std_error, estimate + critical * std_error


def _absorb(values: np.ndarray, effects: list[pd.Series]) -> np.ndarray:
    """Take out the mean, or group effects."""
    if not effects:
        return values - values.mean(axis=0)
    import pyhdfe

    codes = np.column_stack([pd.factorize(effect)[0] for effect in effects])
    return pyhdfe.create(codes, drop_singletons=False, options={"tol": 1e-13}).residualize(values)


def _covariance(
    z: np.ndarray, errors: np.ndarray, cov_type: Covariance, cluster: pd.Series | None
) -> np.ndarray:
    """Return the covariance of the stacked coefficients on orthonormal z, 2k x 2k, without any factor."""
    n, k = z.shape
    if cov_type == "unadjusted":
        return np.kron(errors.T @ errors / n, np.eye(k))
    score = np.hstack([z * errors[:, [0]], z * errors[:, [1]]])
    if cluster is not None:
        starts = np.flatnonzero(cluster.ne(cluster.shift()).to_numpy())  # rows come sorted by cluster
        score = np.add.reduceat(score, starts, axis=0)
    return score.T @ score


def _statistic(form: ReducedForm, b: float) -> float:
    """Anderson-Rubin Wald statistic at a coefficient; at plus or minus infinity its limit."""
    k = len(form.pi)
    scale = np.array([1.0, -b]) if np.isfinite(b) else np.array([0.0, 1.0])
    g = scale[0] * form.rho + scale[1] * form.pi
    pick = np.kron(scale, np.eye(k))
    return float(g @ np.linalg.solve(pick @ form.covariance @ pick.T, g))


def _real_roots(constant: np.ndarray, linear: np.ndarray, square: np.ndarray) -> list[float]:
    """Return the real b with det(constant + b linear + b^2 square) = 0, by linearisation."""
    from scipy.linalg import eig

    k = len(constant)
    unit = np.sqrt(np.linalg.norm(constant) / np.linalg.norm(square))  # so that both ends weigh alike
    zero, one = np.zeros((k, k)), np.eye(k)
    left = np.block([[zero, one], [-constant / unit**2, -linear / unit]])
    right = np.block([[one, zero], [zero, square]])
    above, below = eig(left, right, right=False, homogeneous_eigvals=True)
    finite = np.abs(below) > 1e-12 * np.abs(above)
    roots = above[finite] / below[finite]
    real = np.abs(roots.imag) <= 1e-7 * np.abs(roots)
    return sorted(float(root * unit) for root in roots[real].real)


def _accepted(form: ReducedForm, ends: list[float], bound: float) -> tuple[Interval, ...]:
    """Return the intervals between neighbouring ends in which the statistic stays below the bound, joined."""
    intervals: list[Interval] = []
    for low, high in pairwise([-np.inf, *ends, np.inf]):
        if _statistic(form, _between(low, high)) > bound:
            continue
        if intervals and intervals[-1][1] == low:
            low = intervals.pop()[0]
        intervals.append((low, high))
    return tuple(intervals)


def _between(low: float, high: float) -> float:
    """Return a point inside an interval, infinity itself where only the limit is sure to be inside."""
    if np.isinf(low) and np.isinf(high):
        return 0.0
    if np.isinf(low) or np.isinf(high):
        return np.inf
    return (low + high) / 2
