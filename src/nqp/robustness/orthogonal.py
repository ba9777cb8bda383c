"""Orthonormal bases of regressors, with the regressor that adds nothing refused by name."""

from collections.abc import Sequence

import numpy as np

from nqp.data.panels import some
from nqp.robustness.errors import DesignError

TOLERANCE = 1e-9
"""Share of a variable's own sum of squares below which what is left of it counts as nothing."""


def orthonormal(left: np.ndarray, raw: np.ndarray, names: Sequence[str], effects: str) -> np.ndarray:
    """Orthonormalise columns in their order.

    Parameters
    ----------
    left : n x K, what effects or a constant have left of the regressors
    raw : n x K, the regressors before
    names : what to call them in a message
    effects : what was taken out, for the message

    Raises
    ------
    DesignError
        Naming a column of which nothing is left, or that the columns before it explain.
    """
    sizes = np.square(raw - raw.mean(axis=0)).sum(axis=0)
    basis = np.empty(left.shape)
    for k, name in enumerate(names):
        column = left[:, k]
        size = column @ column
        if size <= TOLERANCE * sizes[k]:
            raise DesignError(f"{name} is absorbed by {effects}: leave it out")
        for _ in range(2):  # twice is enough for an orthogonal basis (Kahan)
            column = column - basis[:, :k] @ (basis[:, :k].T @ column)
        if column @ column <= TOLERANCE * size:
            raise DesignError(f"{name} is collinear with {some(list(names[:k]))}: leave one out")
        basis[:, k] = column / np.sqrt(column @ column)
    return basis
