"""Mediation with two-way fixed effects: stepwise regressions, tests of a*b, cluster bootstrap.

The indirect effect is causal only under sequential ignorability (Imai, Keele & Yamamoto 2010): given controls and
effects, treatment and then mediator are as good as random. Assignment of the policy buys the first half only, and
no test here shows the second.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.mechanisms.panel import TwoWayModel, prepared
from nqp.mechanisms.sobel import sobel_tests
from nqp.mechanisms.twoway import fit_two_way, require_identified
from nqp.panel import PanelError, balanced_panel, net_of, one_thread, orthonormal, within


@dataclass(frozen=True)
class Mediation:
    """Stepwise mediation analysis.

    The paths are tidy rows indexed by ``term``: ``c`` (total), ``a``, ``b``, ``c_prime`` (direct), errors clustered.
    """

    paths: pd.DataFrame
    tests: pd.DataFrame  # `sobel_tests` of a*b, with the clustered correlation
    indirect: float  # a*b
    share: float  # a*b / c, no proportion when both differ in sign
    correlation: float  # clustered, of the estimates a and b


def mediate(frame: pd.DataFrame, model: TwoWayModel, mediator: str) -> Mediation:
    """Estimate how much of a treatment's effect runs through a mediator, step by step.

    Three regressions with unit and time effects (Baron & Kenny 1986; Wen & Ye 2014), on the same rows, so that
    c - c' = a*b holds exactly::

        y = c  d            + controls + effects
        m = a  d            + controls + effects
        y = c' d + b m      + controls + effects

    The panel may be unbalanced. A PanelError refuses a mediator that is already in the model, or that the other
    variables explain.
    """
    data = prepared(frame, model, [mediator])
    _require_distinct(data, model, mediator)
    d = model.treatment
    total = fit_two_way(data, model, model.outcome, model.regressors)
    first = fit_two_way(data, model, mediator, model.regressors)
    second = fit_two_way(data, model, model.outcome, [*model.regressors, mediator])
    rows = {"c": (total, d), "a": (first, d), "b": (second, mediator), "c_prime": (second, d)}
    paths = pd.concat([fit.combine({path: {term: 1.0}}) for path, (fit, term) in rows.items()])
    a, b, c = paths["estimate"][["a", "b", "c"]]
    fa, fb = first.influence[d], second.influence[mediator]
    correlation = float(fa @ fb / np.sqrt((fa @ fa) * (fb @ fb)))
    errors = paths["std_error"]
    tests = sobel_tests(a, errors["a"], b, errors["b"], correlation=correlation)
    return Mediation(paths, tests, a * b, a * b / c, correlation)


@one_thread
def bootstrap_indirect(
    frame: pd.DataFrame, model: TwoWayModel, mediator: str, *, draws: int = 10_000, seed: int
) -> pd.DataFrame:
    """Bootstrap a*b by drawing whole clusters with replacement; one drawn twice counts as two.

    Each draw re-estimates all three regressions of `mediate` with its own unit and time effects, on a balanced panel.
    Returns ``a, b, indirect, direct, total, share``, one row a draw; the share is a ratio, to be read by quantiles. A
    PanelError refuses less than 500 draws, and draws in which the treatment does not vary.
    """
    if draws < 500:
        raise PanelError(f"{draws} draws are too few for an interval; use at least 500, better 5,000.")
    data = prepared(frame, model, [mediator])
    _require_distinct(data, model, mediator)
    panel = balanced_panel(data, [model.outcome, mediator, *model.regressors], model.unit, model.time)
    cube = within(panel.cube, axes=(0, 1))
    clusters = data.groupby(model.unit)[model.cluster_column].first()
    codes, labels = pd.factorize(clusters, sort=True)
    n = len(labels)
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    own, size = np.einsum("itp,itq->ipq", cube, cube), np.linalg.norm(cube, axis=(0, 1))
    paths = []
    for count in counts:
        products = _weighted_products(cube, own, count[codes].astype(float))
        require_identified(products, size, "Too few treated clusters to resample.")
        paths.append(_paths(products))
    return pd.DataFrame(paths, columns=["a", "b", "indirect", "direct", "total", "share"])


def _weighted_products(cube: np.ndarray, own: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cross-products of a panel in which each unit counts `weights` times, net of unit and time effects.

    With `cube` net of unit means and `own` each unit's Z_i'Z_i, they are
    sum_i w_i Z_i'Z_i - sum_t s_t s_t' / sum_i w_i, s_t = sum_i w_i z_it.
    """
    sums = np.tensordot(weights, cube, axes=1)
    return np.tensordot(weights, own, axes=1) - sums.T @ sums / weights.sum()


def _paths(products: np.ndarray) -> tuple[float, ...]:
    """a, b, indirect, direct, total, share from cross-products of outcome, mediator, treatment, controls."""
    total, a = np.linalg.solve(products[2:, 2:], products[2:, :2])[0]
    b, direct = np.linalg.solve(products[1:, 1:], products[1:, 0])[:2]
    return a, b, a * b, direct, total, a * b / total


def _require_distinct(data: pd.DataFrame, model: TwoWayModel, mediator: str) -> None:
    """Refuse a mediator that is another variable of the model, in whatever scale, or that nothing is left of."""
    names = [*model.regressors, mediator, model.outcome]
    if mediator in [model.outcome, *model.regressors]:
        raise PanelError(f"'{mediator}' cannot mediate: it is already in the model.")
    raw = data[names].to_numpy()
    net = net_of(raw, data[model.unit], data[model.time])
    orthonormal(net, raw, names, "the unit and time effects")
