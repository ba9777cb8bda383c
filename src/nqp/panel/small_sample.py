"""Parameters counted, and clustered errors scaled, as Stata's reghdfe does."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.panel.frames import PanelError

Labels = Iterable[object]


def clustered_scale(n: int, parameters: int, clusters: int) -> float:
    """Return the factor that Stata's clustered standard errors carry over the plain sandwich.

    ``sqrt(G / (G - 1) * (n - 1) / (n - K))``. With unit effects nested in the clusters, ``reghdfe`` counts in K
    the regressors, the constant and the time effects less one, but not the unit effects (Correia 2017; Cameron &
    Miller 2015, sections II.B and III.B). pyfixest 0.60 counts the same if blanks separate the absorbed effects
    (``| id + year``), else by the hash seed of the process; linearmodels counts all of them, or none. `n` observations,
    K `parameters` as in `count_parameters`; a PanelError refuses less than two `clusters`.
    """
    if clusters < 2:
        raise PanelError(f"clustered errors need at least two clusters, not {clusters}")
    return math.sqrt(clusters / (clusters - 1) * (n - 1) / freedom(n, parameters))


def freedom(n: int, parameters: int) -> int:
    """Return ``n - K``, or refuse when nothing is left."""
    if n <= parameters:
        raise PanelError(f"{n} observations do not leave a degree of freedom for {parameters} parameters")
    return n - parameters


def count_parameters(slopes: int, effects: Sequence[Labels] = (), clusters: Sequence[Labels] = ()) -> int:
    """Count K: slopes, the constant, and absorbed effects that are not nested in a cluster, as ``reghdfe`` does.

    The first effect costs its labels less one, the second its labels less the number of unconnected parts that
    it forms with the first (one, unless groups of units have periods of their own), a further one less one. Labels of
    `effects` and of levels of `clusters` come row by row, an array each; `slopes` is a number.
    """
    codes, groups = ([pd.factorize(pd.Series(x))[0] for x in labels] for labels in (effects, clusters))
    count = slopes + 1
    for position, code in enumerate(codes):
        if not any(_nested(code, group) for group in groups):
            count += int(code.max()) + 1 - (_parts(codes[0], code) if position == 1 else 1)
    return count


def small_sample(
    n: int, slopes: int, effects: Sequence[Labels], clusters: Sequence[Labels]
) -> tuple[float, float]:
    """Return the factor on standard errors of a plain sandwich, and the degrees of freedom of t, as ``reghdfe``.

    With clusters `clustered_scale` and G - 1, G the fewest of any level; else sqrt(n / (n - K)) and n - K.
    """
    counted = count_parameters(slopes, effects, clusters)
    if not clusters:
        left = freedom(n, counted)
        return math.sqrt(n / left), left
    fewest = min(pd.Series(labels).nunique() for labels in clusters)
    return clustered_scale(n, counted, fewest), fewest - 1


def positive_semidefinite(cov: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Set negative eigenvalues of the covariance (K x K) of slopes clustered two ways to zero (Cameron et al. 2011).

    The repair depends on units of measurement. ``reghdfe`` makes it on regressors of unit standard deviation; `spread`
    (K,) holds theirs before effects are taken out.
    """
    units = np.outer(spread, spread)
    values, vectors = np.linalg.eigh(cov * units)
    return (vectors * values.clip(min=0)) @ vectors.T / units


def _nested(code: np.ndarray, group: np.ndarray) -> bool:
    """Say whether every label of an effect lies in one cluster."""
    return len(np.unique(np.column_stack([code, group]), axis=0)) == code.max() + 1


def _parts(first: np.ndarray, second: np.ndarray) -> int:
    """Count the unconnected parts of the graph whose edges are rows."""
    links = sparse.coo_array((np.ones(len(first)), (first, second))).tocsr()
    both = sparse.block_array([[None, links], [links.T, None]])
    return int(sparse.csgraph.connected_components(both, directed=False)[0])
