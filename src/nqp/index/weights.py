"""Objective weights of a composite index. Ten lines each, with the rules papers leave unstated made explicit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nqp.panel import require_columns


def min_max(
    indicators: pd.DataFrame, directions: Mapping[str, int], *, within: pd.Series | None = None
) -> pd.DataFrame:
    """Scale each indicator to [0, 1]: ``(x - min) / (max - min)``, or ``(max - x) / (max - min)`` for negative ones.

    Parameters
    ----------
    indicators : (rows, indicators), no missing values; one that does not vary (within a label) is refused
    directions : +1 or -1 for each column; -1 means that less is better
    within : labels, aligned with `indicators`; scale inside each label (yearly) instead of over all rows (pooled)
    """
    require_columns(indicators, list(indicators.columns))
    unknown = [c for c in indicators.columns if directions.get(c) not in (1, -1)]
    if unknown:
        raise ValueError(f"directions must give +1 or -1 for {', '.join(unknown)}")
    groups = pd.Series(0, index=indicators.index) if within is None else within
    low = indicators.groupby(groups).transform("min")
    width = indicators.groupby(groups).transform("max") - low
    if flat := width.columns[(width == 0).any()].tolist():
        where = "" if within is None else " within a label"
        raise ValueError(f"{', '.join(flat)} does not vary{where}; leave it out")
    scaled = (indicators - low) / width
    negative = [c for c in indicators.columns if directions[c] == -1]
    return scaled.assign(**{c: 1 - scaled[c] for c in negative})


def entropy_weights(scaled: pd.DataFrame, *, shift: float = 0.0) -> pd.Series:
    """Return entropy weights: an indicator weighs more the more unevenly it is spread.

    With ``p = x / sum(x)`` by column, entropy ``e = -sum(p ln p) / ln(rows)`` and ``w = (1 - e) / sum(1 - e)``
    (Shannon 1948; Zou, Yun & Sun 2006, Journal of Environmental Sciences 18(5), equations 4 to 7).

    Parameters
    ----------
    scaled : (rows, indicators), not negative, as from `min_max`
    shift : added to every cell first. Min-max data hold zeros, and papers add anything from 0.0001 to 1 without
        saying so; 0 uses the limit ``0 ln 0 = 0`` and changes nothing else

    A ValueError refuses gaps, negative numbers, a column of zeros, a single row, and columns all spread evenly.
    """
    x = scaled.to_numpy(dtype=float) + shift
    if np.isnan(x).any() or (x < 0).any():
        raise ValueError("entropy weights need numbers from 0 up, without gaps; scale with min_max() first")
    if len(x) < 2 or (x.sum(axis=0) == 0).any():
        raise ValueError("entropy weights need at least two rows, and no column of zeros")
    spread = unevenness(x)
    if spread.sum() <= 1e-12:
        raise ValueError("every indicator is spread evenly: entropy gives no weights")
    return pd.Series(spread / spread.sum(), index=scaled.columns, name="entropy")


def unevenness(x: np.ndarray) -> np.ndarray:
    """Return one minus entropy of each column of a non-negative array, entropy scaled to [0, 1]."""
    p = x / x.sum(axis=0)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return 1 + (p * logs).sum(axis=0) / np.log(len(x))


def pca_weights(scaled: pd.DataFrame) -> pd.Series:
    """Return squared loadings of the first principal component of the correlation matrix, free of its arbitrary sign.

    They sum to one (OECD & JRC 2008, Handbook on Constructing Composite Indicators, 6.1).
    """
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    fitted = PCA(n_components=1, svd_solver="full").fit(StandardScaler().fit_transform(scaled))
    return pd.Series(fitted.components_[0] ** 2, index=scaled.columns, name="PCA")


def equal_weights(scaled: pd.DataFrame) -> pd.Series:
    """Return the same weight for every indicator."""
    return pd.Series(1 / scaled.shape[1], index=scaled.columns, name="equal")


def composite(scaled: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Return weighted sums of scaled indicators by row; refuse weights of other columns, or of another sum than one."""
    if set(weights.index) != set(scaled.columns):
        odd = ", ".join(sorted(set(weights.index) ^ set(scaled.columns)))
        raise ValueError(f"weights and indicators do not name the same columns; they differ in {odd}")
    if not np.isclose(weights.sum(), 1):
        raise ValueError(f"weights sum to {weights.sum():.6f}, not to one")
    return scaled[weights.index] @ weights
