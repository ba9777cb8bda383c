"""Inference with one endogenous regressor and one instrument that may be weak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import PanelError, net_of, orthonormal, require_columns, some
from nqp.panel.small_sample import small_sample
from nqp.robustness.tf_table import CRITICAL, ROOT_F

Interval = tuple[float, float]


@dataclass(frozen=True)
class ReducedForm:
    """Reduced form and first stage on the instrument scaled to length one: y = z rho + e, x = z pi + u."""

    rho: float
    pi: float
    covariance: np.ndarray  # 2 x 2, of rho and pi
    freedom: float  # degrees of freedom left for tests

    @property
    def f(self) -> float:
        """First-stage F: the effective F of Montiel Olea & Pflueger, with one instrument."""
        return self.pi**2 / float(self.covariance[1, 1])


def reduced_form(
    frame: pd.DataFrame,
    outcome: str,
    endogenous: str,
    instrument: str,
    controls: Sequence[str] = (),
    *,
    absorb: Sequence[str] = (),
    cov_type: Literal["unadjusted", "robust", "clustered"] = "robust",
    cluster: str | None = None,
) -> ReducedForm:
    """Estimate reduced form and first stage, with the covariance that weak-instrument inference needs.

    Parameters
    ----------
    frame : rows in any order
    outcome, endogenous, instrument, controls : columns; a constant is added
    absorb : columns of effects to take out, such as ``("id", "year")``
    cov_type : ``unadjusted`` or ``robust``, with n/(n-K) and n-K degrees of freedom; ``clustered`` by `cluster`,
        with G/(G-1) (n-1)/(n-K) and G-1. K counts instrument, controls, constant and the absorbed effects not
        nested in a cluster. A PanelError names an instrument, control or endogenous regressor that these explain
    """
    columns = [outcome, endogenous, instrument, *controls]
    if (cov_type == "clustered") != (cluster is not None):
        raise PanelError("give `cluster` with cov_type='clustered', and only then")
    groups = [cluster] if cluster else []
    require_columns(frame, columns, [*absorb, *groups])
    # the order of rows must not matter
    rows = frame.sort_values(list(dict.fromkeys([*groups, *columns, *absorb])))
    y, x, z = _partial_out(rows, outcome, endogenous, instrument, controls, absorb)
    rho, pi = float(z @ y), float(z @ x)
    errors = np.column_stack([y - z * rho, x - z * pi])
    effects, levels = ([rows[key] for key in keys] for keys in (absorb, groups))
    scale, left = small_sample(len(y), 1 + len(controls), effects, levels)
    score = errors / np.sqrt(len(y)) if cov_type == "unadjusted" else z[:, None] * errors
    if cluster:
        score = pd.DataFrame(score).groupby(rows[cluster].to_numpy()).sum().to_numpy()
    return ReducedForm(rho, pi, scale**2 * score.T @ score, left)


def _partial_out(
    rows: pd.DataFrame,
    outcome: str,
    endogenous: str,
    instrument: str,
    controls: Sequence[str],
    absorb: Sequence[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, endogenous regressor and instrument of length one, net of controls and effects."""
    names = [*controls, instrument]
    raw = rows[[*names, endogenous, outcome]].to_numpy(float)
    net = net_of(raw, *(rows[name] for name in absorb))
    effects = f"the effects of {some(absorb)}" if absorb else "the constant"
    k = len(names)
    basis = orthonormal(net[:, :k], raw[:, :k], names, effects)
    with_x = [*range(k - 1), k]  # a regressor that the controls explain has no first stage
    orthonormal(net[:, with_x], raw[:, with_x], [*controls, endogenous], effects)
    w = basis[:, :-1]
    x, y = (v - w @ (w.T @ v) for v in net[:, k:].T)
    return y, x, basis[:, -1]


def anderson_rubin(form: ReducedForm) -> tuple[Interval, ...]:
    """Return the 95 percent Anderson-Rubin set: all b at which rho - b pi is not rejected to be zero.

    These b solve a quadratic inequality: an interval, two rays, or the whole line; in order, ends may be infinite
    (Anderson & Rubin 1949; Andrews, Stock & Sun 2019, Annual Review of Economics 11).
    """
    from scipy.stats import f as fisher

    v, bound = form.covariance, float(fisher.ppf(0.95, 1, form.freedom))
    square = form.pi**2 - bound * v[1, 1]
    linear = 2 * (bound * v[0, 1] - form.rho * form.pi)
    constant = form.rho**2 - bound * v[0, 0]
    inside = linear**2 - 4 * square * constant
    if square < 0 and inside <= 0:
        return ((-np.inf, np.inf),)
    root = -(linear + np.copysign(np.sqrt(inside), linear)) / 2  # the root that loses no digits
    low, high = sorted((root / square, constant / root))
    return ((low, high),) if square > 0 else ((-np.inf, low), (high, np.inf))


def tf_interval(estimate: float, std_error: float, f: float) -> Interval:
    """Return the tF interval: 95 percent for 2SLS with one instrument, however weak the first stage.

    The critical value is interpolated in the root of F: 1.96 from F = 106.09 on, none below F = 4 (the whole line).

    The estimate is 2SLS, its error robust or clustered, and `f` the first-stage F with the same kind of error (Lee,
    McCrary, Moreira & Porter 2022, American Economic Review 112, table 3a). A PanelError refuses an error that is not
    above zero, and an F below it.
    """
    if not std_error > 0 or not f >= 0:
        raise PanelError(
            f"std_error is {std_error}, f is {f}: the first must be above zero, the second not below"
        )
    if f < ROOT_F[0] ** 2:
        return -np.inf, np.inf
    critical = float(np.interp(np.sqrt(f), ROOT_F, CRITICAL))
    return estimate - critical * std_error, estimate + critical * std_error
