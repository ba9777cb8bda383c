"""Global Moran's I, period by period."""

import pandas as pd

from nqp.spatial.panel import read_panel
from nqp.spatial.weights import Weights


def moran_by_period(
    frame: pd.DataFrame,
    column: str,
    weights: Weights,
    *,
    unit: str,
    time: str,
) -> pd.DataFrame:
    """Return esda's Moran's I for every period, with z under both null hypotheses.

    Parameters
    ----------
    weights : Weights
        Used as they are: row-standardise first if that is what the paper did.

    Returns
    -------
    DataFrame
        One row a period: `moran, expected, z_randomisation, p_randomisation, z_normality, p_normality`;
        p-values are two-sided (Cliff & Ord 1981).
    """
    from esda import Moran

    panel = read_panel(frame, column, [], weights, unit, time)
    links = panel.weights.to_libpysal()
    rows = []
    for position, period in enumerate(panel.times):
        test = Moran(panel.y[:, position], links, transformation="O", permutations=0)
        rows.append(
            {
                time: period,
                "moran": test.I,
                "expected": test.EI,
                "z_randomisation": test.z_rand,
                "p_randomisation": test.p_rand,
                "z_normality": test.z_norm,
                "p_normality": test.p_norm,
            }
        )
    return pd.DataFrame(rows)
