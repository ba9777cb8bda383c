"""Two-way within cross-products of many weighted copies of a balanced panel, all at once.

Drawing a unit twice, or leaving it out, only changes its weight. With unit means taken out, the cross-product
of a weighted panel net of unit and time effects is

    M(w) = sum_i w_i Z_i'Z_i - (1 / sum_i w_i) sum_t s_t s_t',   s_t = sum_i w_i z_it,

so one matrix product serves thousands of resampled panels; regressions need nothing else.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from nqp.data.panels import balanced_panel
from nqp.mechanisms.panel import MechanismError, TwoWayModel


def panel_cube(data: pd.DataFrame, columns: list[str], model: TwoWayModel) -> np.ndarray:
    """Return an array units x periods x columns, net of unit and time means of the whole panel.

    Taking out the whole panel's time means changes no `two_way_moments` and keeps numbers small.

    Raises
    ------
    PanelError
        The panel is not balanced; units are named.
    """
    cube = balanced_panel(data, columns, model.unit, model.time).cube
    cube = cube - cube.mean(axis=1, keepdims=True)
    return cube - cube.mean(axis=0)


def two_way_moments(cube: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return M(w), draws x columns x columns, for `weights`, draws x units (counts, or 0/1)."""
    units, periods, p = cube.shape
    own = np.einsum("itp,itq->ipq", cube, cube).reshape(units, p * p)
    sums = (weights @ cube.reshape(units, periods * p)).reshape(-1, periods, p)
    between = np.matmul(sums.transpose(0, 2, 1), sums) / weights.sum(axis=1)[:, None, None]
    return (weights @ own).reshape(-1, p, p) - between


def coefficients(moments: np.ndarray, outcome: int, regressors: list[int]) -> np.ndarray:
    """Least-squares coefficients, draws x regressors, from cross-products."""
    xx = moments[:, regressors][:, :, regressors]
    return np.linalg.solve(xx, moments[:, regressors, outcome][..., None])[..., 0]


def require_full_rank(moments: np.ndarray, scale: np.ndarray, regressors: list[int], advice: str) -> None:
    """Refuse draws with constant or collinear regressors; `scale` is the whole panel's diagonal."""
    root = np.sqrt(scale[regressors])
    xx = moments[:, regressors][:, :, regressors] / (root[:, None] * root)
    singular = int((np.linalg.eigvalsh(xx)[:, 0] < 1e-10).sum())
    if singular:
        raise MechanismError(
            f"In {singular} of {len(moments)} draws the treatment or a control does not vary. {advice}"
        )


def blocks(total: int, size: int) -> Iterator[slice]:
    """Cut ``range(total)`` into slices of at most `size`, so that memory stays flat."""
    return (slice(start, min(start + size, total)) for start in range(0, total, size))
