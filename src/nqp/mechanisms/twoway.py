"""Two-way fixed-effects least squares by linearmodels, with what the library does not hand out.

That is each cluster's influence on the coefficients, from which follow covariances *across* regressions, and
one named small-sample convention. linearmodels, pyfixest and Stata agree on the clustered sandwich and differ
by a constant. Here it is Stata's (reghdfe): ``V x G/(G-1) x (N-1)/(N-K)`` with G clusters, N rows and K =
regressors + 1 constant + (periods - 1); unit effects are nested in the clusters and cost nothing. Intervals
use the t distribution with G - 1 degrees of freedom.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from nqp.data.panels import some
from nqp.mechanisms.panel import MechanismError, TwoWayModel


@dataclass(frozen=True)
class TwoWayFit:
    """Coefficients of a two-way fixed-effects regression and their clustered covariance.

    Attributes
    ----------
    params : Series
        One coefficient a regressor.
    influence : DataFrame
        One row a cluster, one column a regressor: ``(X'X)^-1 X_g'e_g`` with X net of the effects. Its
        cross-product is the clustered covariance before any small-sample factor.
    n_obs, n_clusters, n_params : int
        N, G and K of the small-sample factor.
    """

    params: pd.Series
    influence: pd.DataFrame
    n_obs: int
    n_clusters: int
    n_params: int

    @property
    def factor(self) -> float:
        """Stata's small-sample factor, G/(G-1) x (N-1)/(N-K)."""
        clusters = self.n_clusters / (self.n_clusters - 1)
        return clusters * (self.n_obs - 1) / (self.n_obs - self.n_params)

    @property
    def cov(self) -> pd.DataFrame:
        """Clustered covariance with the small-sample factor."""
        return self.factor * (self.influence.T @ self.influence)

    def combine(self, weights: dict[str, float], level: float = 0.95) -> pd.Series:
        """Estimate a linear combination of coefficients, as one tidy row with a t(G-1) interval."""
        w = pd.Series(weights, dtype=float).reindex(self.params.index, fill_value=0.0)
        return tidy_row(float(w @ self.params), float(np.sqrt(w @ self.cov @ w)), self.n_clusters - 1, level)


def tidy_row(estimate: float, std_error: float, df: float = np.inf, level: float = 0.95) -> pd.Series:
    """Return one tidy row with a two-sided p-value and interval; normal when `df` is infinite."""
    reach = stats.t.ppf(0.5 + level / 2, df) * std_error
    statistic = estimate / std_error
    return pd.Series(
        {
            "estimate": estimate,
            "std_error": std_error,
            "statistic": statistic,
            "p_value": 2 * stats.t.sf(abs(statistic), df),
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
        }
    )


def fit_two_way(
    data: pd.DataFrame, model: TwoWayModel, outcome: str, regressors: list[str], by: str | None = None
) -> TwoWayFit:
    """Regress `outcome` on `regressors` with unit and time effects, clustered as `model` says.

    Parameters
    ----------
    data : DataFrame
        Checked and sorted by unit and time (`nqp.mechanisms.panel.prepared`). It may be unbalanced.
    model : TwoWayModel
        Gives keys and clusters; its outcome and regressors are not used here.
    outcome, regressors : str, list of str
        Columns of `data`.
    by : str, optional
        Column constant within units; each of its values gets time effects of its own. K then counts them all.

    Raises
    ------
    MechanismError
        A regressor is absorbed by the effects, or the regressors are collinear net of them.
    """
    from linearmodels import PanelOLS

    unit = data.groupby(model.unit).ngroup().to_numpy()
    time = data.groupby(model.time if by is None else [by, model.time]).ngroup().to_numpy()
    x = demean(data[regressors].to_numpy(float), unit, time)
    require_not_absorbed(data[regressors], x)
    # linearmodels wants a numeric time; dense ranks keep its order
    indexed = data.set_index([data[model.unit], data[model.time].rank(method="dense").astype(int)])
    other = pd.DataFrame({"time": time}, index=indexed.index)
    ols = PanelOLS(indexed[outcome], indexed[regressors], entity_effects=True, other_effects=other)
    result = ols.fit()
    scores = (
        pd.DataFrame(x * result.resids.to_numpy()[:, None])
        .groupby(data[model.cluster_column].to_numpy())
        .sum()
    )
    influence = pd.DataFrame(np.linalg.solve(x.T @ x, scores.T).T, index=scores.index, columns=regressors)
    groups = 1 if by is None else data[by].nunique()
    n_params = len(regressors) + 1 + time.max() + 1 - groups
    return TwoWayFit(result.params, influence, len(data), len(influence), int(n_params))


def demean(values: np.ndarray, unit: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Residuals on unit and time effects (integer codes), by alternating projections.

    A balanced panel needs one round; an unbalanced one is iterated until means are below 1e-13 of the spread.
    """
    out = values - values.mean(axis=0)
    limit = 1e-13 * (np.abs(out).max(axis=0) + np.finfo(float).tiny)
    for _ in range(10_000):
        largest = np.zeros(out.shape[1])
        for code in (unit, time):
            sizes = np.bincount(code)[:, None]
            means = np.column_stack([np.bincount(code, weights=column) for column in out.T]) / sizes
            out -= means[code]
            largest = np.maximum(largest, np.abs(means).max(axis=0))
        if (largest <= limit).all():
            return out
    raise MechanismError("Removing unit and time effects did not converge; the panel is barely connected.")


def require_not_absorbed(raw: pd.DataFrame, net: np.ndarray) -> None:
    """Refuse regressors that the effects absorb, or that repeat one another once the effects are out."""
    spread = np.abs(raw.to_numpy(float) - raw.to_numpy(float).mean(axis=0)).max(axis=0)
    gone = [
        name
        for name, left, all_ in zip(raw, np.abs(net).max(axis=0), spread, strict=True)
        if left <= 1e-9 * all_
    ]
    if gone:
        raise MechanismError(
            f"{some(gone)} is absorbed: it is constant within every unit, the same for all units in every "
            "period, or a sum of the two. Leave it out, or interact it with something that varies."
        )
    scaled = net / np.linalg.norm(net, axis=0)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    if values[0] < 1e-12:
        involved = raw.columns[np.abs(vectors[:, 0]) > 1e-6]
        raise MechanismError(
            f"Net of the effects, {some(involved)} are collinear: one repeats the others. Leave one out."
        )
