"""Mediation with two-way fixed effects: stepwise regressions, tests of a*b, cluster bootstrap."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from nqp.mechanisms.crossproducts import blocks, coefficients, panel_cube, require_full_rank, two_way_moments
from nqp.mechanisms.panel import MechanismError, TwoWayModel, prepared
from nqp.mechanisms.sobel import sobel_tests
from nqp.mechanisms.twoway import demean, fit_two_way

SEQUENTIAL_IGNORABILITY = (
    "The indirect effect is causal only under sequential ignorability (Imai, Keele & Yamamoto 2010): given "
    "the controls and effects, the treatment is as good as random, AND, given the treatment as well, so is "
    "the mediator. Random or quasi-random assignment of the policy buys the first half only. Anything "
    "unobserved that moves both mediator and outcome, an outcome that feeds back into the mediator, or a "
    "second mediator affected by the treatment, biases b, and no Sobel test or bootstrap can show it."
)


@dataclass(frozen=True)
class Mediation:
    """Stepwise mediation analysis.

    Attributes
    ----------
    paths : DataFrame
        Indexed by ``term``: ``c`` (total), ``a``, ``b``, ``c_prime`` (direct), each with estimate, clustered
        standard error, statistic, p-value and t(G-1) interval.
    tests : DataFrame
        `sobel_tests` of a*b, with the clustered correlation of a and b.
    indirect, share : float
        a*b, and a*b / c. The share is not a proportion when a*b and c differ in sign.
    correlation : float
        Clustered correlation of the estimates a and b.
    conclusion : str
        What the stepwise procedure of Wen & Ye (2014) says at `alpha`.
    n_obs, n_clusters : int
        Rows and clusters of all three regressions.
    warning : str
        The assumption without which a*b is not a causal effect; show it with the numbers.
    """

    paths: pd.DataFrame
    tests: pd.DataFrame
    indirect: float
    share: float
    correlation: float
    conclusion: str
    n_obs: int
    n_clusters: int
    warning: str = field(default=SEQUENTIAL_IGNORABILITY)


@dataclass(frozen=True)
class IndirectBootstrap:
    """Cluster bootstrap of a mediation analysis.

    Attributes
    ----------
    estimates : Series
        ``a, b, indirect, direct, total, share`` on the data as they are.
    draws : DataFrame
        The same columns, one row a draw.
    seed, n_clusters : int
        What reproduces them, and how many clusters were resampled.
    warning : str
        As in `Mediation`.
    """

    estimates: pd.Series
    draws: pd.DataFrame
    seed: int
    n_clusters: int
    warning: str = field(default=SEQUENTIAL_IGNORABILITY)

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Percentile and bias-corrected intervals (Efron & Tibshirani 1993), a row a term and method.

        ``std_error`` is the standard deviation of the draws. The share's draws are ratios with heavy tails:
        read its interval, not its standard error.
        """
        tails = np.array([0.5 - level / 2, 0.5 + level / 2])
        rows = []
        for term, draws in self.draws.items():
            below = (draws < self.estimates[term]).mean() + 0.5 * (draws == self.estimates[term]).mean()
            shifted = stats.norm.cdf(2 * stats.norm.ppf(below) + stats.norm.ppf(tails))
            for method, probabilities in (("percentile", tails), ("bias_corrected", shifted)):
                low, high = np.quantile(draws, probabilities)
                rows.append((term, method, self.estimates[term], draws.std(), low, high))
        return pd.DataFrame(
            rows, columns=["term", "method", "estimate", "std_error", "conf_low", "conf_high"]
        )


def mediate(
    frame: pd.DataFrame, model: TwoWayModel, mediator: str, *, alpha: float = 0.05, level: float = 0.95
) -> Mediation:
    """Estimate how much of a treatment's effect runs through a mediator, step by step.

    Three regressions with unit and time effects, on the same rows (Baron & Kenny 1986; Wen & Ye 2014)::

        y = c  d            + controls + effects
        m = a  d            + controls + effects
        y = c' d + b m      + controls + effects

    Because the rows are the same, c - c' = a*b holds exactly; it is checked.

    Parameters
    ----------
    frame : DataFrame
        Long panel, rows in any order; it may be unbalanced.
    model : TwoWayModel
        Outcome, treatment, controls, keys, clusters.
    mediator : str
        Column of the mediator.
    alpha : float
        Level of the stepwise tests.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    Mediation

    Raises
    ------
    PanelError, MechanismError
        Anything `nqp.mechanisms.panel.prepared` refuses; a mediator that is the outcome, the treatment or a
        control, or that the effects, treatment and controls explain fully.
    """
    data = prepared(frame, model, [mediator])
    _require_distinct(data, model, mediator)
    d = model.treatment
    total = fit_two_way(data, model, model.outcome, model.regressors)
    first = fit_two_way(data, model, mediator, model.regressors)
    second = fit_two_way(data, model, model.outcome, [*model.regressors, mediator])
    rows = {"c": (total, d), "a": (first, d), "b": (second, mediator), "c_prime": (second, d)}
    paths = pd.DataFrame({path: fit.combine({term: 1.0}, level) for path, (fit, term) in rows.items()}).T
    paths = paths.rename_axis("term")
    c, a, b, direct = paths["estimate"]
    _require_identity(c, direct, a * b)
    fa, fb = first.influence[d], second.influence[mediator]
    correlation = float(fa @ fb / np.sqrt((fa @ fa) * (fb @ fb)))
    errors = paths["std_error"]
    tests = sobel_tests(a, errors["a"], b, errors["b"], correlation=correlation, level=level)
    conclusion = stepwise_conclusion(paths, alpha)
    return Mediation(paths, tests, a * b, a * b / c, correlation, conclusion, total.n_obs, total.n_clusters)


def stepwise_conclusion(paths: pd.DataFrame, alpha: float = 0.05) -> str:
    """Say what the stepwise procedure of Wen & Ye (2014) concludes from the four paths."""
    significant = paths["p_value"] < alpha
    indirect = paths.loc["a", "estimate"] * paths.loc["b", "estimate"]
    opposite = indirect * paths.loc["c_prime", "estimate"] < 0
    start = "" if significant["c"] else "c is not significant, so this is about suppression, not mediation. "
    if not (significant["a"] and significant["b"]):
        weak = " and ".join(path for path in ("a", "b") if not significant[path])
        return (
            f"{start}{weak} not significant at {alpha:g}: the steps do not decide; read the bootstrap of a*b."
        )
    if not significant["c_prime"]:
        return f"{start}a and b significant, c' not: the steps say 'full' mediation."
    kind = "suppression: a*b and c' have opposite signs" if opposite else "partial mediation"
    return f"{start}a, b and c' significant: the steps say {kind}."


def bootstrap_indirect(
    frame: pd.DataFrame, model: TwoWayModel, mediator: str, *, draws: int = 10_000, seed: int
) -> IndirectBootstrap:
    """Bootstrap a*b by drawing whole clusters with replacement.

    A cluster drawn twice counts as two. Each draw re-estimates all three regressions with its own unit and
    time effects, exactly, from cross-products (`nqp.mechanisms.crossproducts`).

    Parameters
    ----------
    frame : DataFrame
        Long balanced panel, rows in any order.
    model, mediator
        As in `mediate`.
    draws : int
        At least 500.
    seed : int
        Same seed, same draws.

    Returns
    -------
    IndirectBootstrap

    Raises
    ------
    PanelError, MechanismError
        As `mediate`; a panel that is not balanced; fewer than 500 draws; draws in which the treatment does
        not vary.
    """
    if draws < 500:
        raise MechanismError(
            f"{draws} draws are too few for a bootstrap interval; use at least 500, better 5,000."
        )
    data = prepared(frame, model, [mediator])
    _require_distinct(data, model, mediator)
    cube = panel_cube(data, [model.outcome, mediator, *model.regressors], model)
    members = data.groupby(model.unit)[model.cluster_column].first()
    codes, labels = pd.factorize(members, sort=True)
    rng = np.random.default_rng(seed)
    n = len(labels)
    whole = two_way_moments(cube, np.ones((1, cube.shape[0])))
    results = []
    for block in blocks(draws, 2_000):
        counts = rng.multinomial(n, np.full(n, 1 / n), size=block.stop - block.start)
        moments = two_way_moments(cube, counts[:, codes].astype(float))
        require_full_rank(
            moments,
            whole[0].diagonal(),
            list(range(1, cube.shape[2])),
            "Too few treated clusters to resample.",
        )
        results.append(_paths_from_moments(moments))
    columns = ["a", "b", "indirect", "direct", "total", "share"]
    estimates = pd.Series(_paths_from_moments(whole)[0], index=columns)
    return IndirectBootstrap(estimates, pd.DataFrame(np.vstack(results), columns=columns), seed, n)


def _paths_from_moments(moments: np.ndarray) -> np.ndarray:
    """a, b, indirect, direct, total, share from moments of outcome, mediator, treatment, controls."""
    treatment_on = list(range(2, moments.shape[1]))
    a = coefficients(moments, 1, treatment_on)[:, 0]
    total = coefficients(moments, 0, treatment_on)[:, 0]
    b, direct = coefficients(moments, 0, [1, *treatment_on])[:, :2].T
    return np.column_stack([a, b, a * b, direct, total, a * b / total])


def _require_distinct(data: pd.DataFrame, model: TwoWayModel, mediator: str) -> None:
    """Refuse a mediator that is another variable of the model, or that nothing is left of."""
    require_other = [model.outcome, *model.regressors]
    unit, time = (data.groupby(key).ngroup().to_numpy() for key in (model.unit, model.time))
    net = demean(data[[mediator, *require_other]].to_numpy(float), unit, time)
    size = np.linalg.norm(net, axis=0)
    if mediator in require_other or np.ptp(data[mediator].to_numpy()) == 0:
        raise MechanismError(f"'{mediator}' cannot mediate: it is already in the model, or constant.")
    if size[0] <= 1e-9 * np.linalg.norm(data[mediator] - data[mediator].mean()):
        raise MechanismError(f"The mediator '{mediator}' is absorbed by the unit and time effects.")
    if abs(net[:, 0] @ net[:, 1]) > (1 - 1e-12) * size[0] * size[1]:
        raise MechanismError(
            f"The mediator '{mediator}' is the outcome '{model.outcome}' in another scale (net of the "
            "effects), so b would be an identity. Choose a mediator that is measured separately."
        )
    left = net[:, 0] - net[:, 2:] @ np.linalg.lstsq(net[:, 2:], net[:, 0], rcond=None)[0]
    if np.linalg.norm(left) <= 1e-9 * size[0]:
        raise MechanismError(
            f"The mediator '{mediator}' is a combination of treatment, controls and effects: b is not "
            "identified."
        )


def _require_identity(total: float, direct: float, indirect: float) -> None:
    gap = abs(total - direct - indirect)
    if gap > 1e-8 * (abs(total) + abs(direct) + abs(indirect)):
        raise MechanismError(
            f"c - c' = a*b fails by {gap:.2g}: the three regressions did not use the same rows."
        )
