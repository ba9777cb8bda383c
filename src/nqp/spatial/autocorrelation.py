"""Global Moran's I, period by period."""

import pandas as pd

from nqp.panel import balanced_panel
from nqp.spatial.weights import Weights, align


def moran_by_period(
    frame: pd.DataFrame, column: str, weights: Weights, *, unit: str, time: str
) -> pd.DataFrame:
    """Return esda's Moran's I for every period, with z under both null hypotheses (Cliff & Ord 1981).

    The weights are used as they are: row-standardise first if that is what the paper did. The columns are those named
    `time`, ``moran, z_randomisation, z_normality``.
    """
    from esda import Moran

    panel = balanced_panel(frame, [column], unit, time)
    links = align(weights, panel.units).to_libpysal()
    read = {"moran": "I", "z_randomisation": "z_rand", "z_normality": "z_norm"}
    tests = [Moran(values, links, transformation="O", permutations=0) for values in panel[column].T]
    found = {name: [getattr(test, one) for test in tests] for name, one in read.items()}
    return pd.DataFrame({time: panel.times, **found})
