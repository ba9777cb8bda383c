"""Two-way fixed-effects least squares with what the libraries do not hand out: each cluster's influence.

From influences follow covariances *across* regressions. Errors carry the factor of `small_sample`; intervals use t
with G - 1 degrees of freedom.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.mechanisms.panel import TwoWayModel
from nqp.panel import PanelError, net_of, orthonormal, tidy_rows
from nqp.panel.small_sample import small_sample


@dataclass(frozen=True)
class TwoWayFit:
    """Coefficients of a two-way fixed-effects regression and their clustered covariance.

    The influence has one row a cluster and one column a regressor: ``(X'X)^-1 X_g'e_g`` with X net of the effects. Its
    cross-product is the clustered covariance before any small-sample factor.
    """

    params: pd.Series
    influence: pd.DataFrame
    scale: float  # small-sample factor on standard errors

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.influence)

    @property
    def cov(self) -> pd.DataFrame:
        """Clustered covariance with the small-sample factor."""
        return self.scale**2 * (self.influence.T @ self.influence)

    def combine(self, contrasts: Mapping[object, Mapping[str, float]]) -> pd.DataFrame:
        """Estimate linear combinations of coefficients: a tidy row for each name and its weights."""
        w = pd.DataFrame(contrasts).T.reindex(columns=self.params.index).fillna(0.0)
        error = np.sqrt(np.einsum("ij,jk,ik->i", w, self.cov, w))
        return tidy_rows(w @ self.params, error, df=self.n_clusters - 1).rename_axis("term")


def fit_two_way(
    data: pd.DataFrame, model: TwoWayModel, outcome: str, regressors: list[str], by: str | None = None
) -> TwoWayFit:
    """Regress `outcome` on `regressors` with unit and time effects; `model` gives keys and clusters alone.

    `data` is as `nqp.mechanisms.panel.prepared` gives it, and may be unbalanced. Each value of the column `by`, which
    is constant within units, gets time effects of its own, all counted in K. A PanelError names an absorbed regressor.
    """
    time = data[model.time] if by is None else data.groupby([by, model.time]).ngroup()
    effects = [data[model.unit], time]
    raw = data[[*regressors, outcome]].to_numpy(float)
    net = net_of(raw, *effects)
    x, y = net[:, :-1], net[:, -1]
    orthonormal(x, raw[:, :-1], regressors, "the unit and time effects")
    params = np.linalg.lstsq(x, y, rcond=None)[0]
    cluster = data[model.cluster_column]
    scores = pd.DataFrame(x * (y - x @ params)[:, None], columns=regressors).groupby(cluster.to_numpy()).sum()
    influence = pd.DataFrame(np.linalg.solve(x.T @ x, scores.T).T, scores.index, regressors)
    scale, _ = small_sample(len(data), len(regressors), effects, [cluster])
    return TwoWayFit(pd.Series(params, regressors), influence, scale)


def require_identified(products: np.ndarray, size: np.ndarray, advice: str) -> None:
    """Refuse a draw from a balanced panel in which a regressor does not vary, or repeats another.

    `products` are cross-products of outcome and regressors in the draw, net of its effects; `size` the length of
    each column in the whole panel, net of its effects; `advice` says what to do.
    """
    scale = np.maximum(size[1:], 1e-100)
    if np.linalg.eigvalsh(products[1:, 1:] / np.outer(scale, scale))[0] < 1e-10:
        raise PanelError(f"In one of the draws the treatment or a control does not vary. {advice}")
