"""The open proxy of new quality productive forces, from the indicators that the open panel holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from nqp.index.weights import composite, entropy_weights, min_max

# Indicators that exist in every year of the open panel, and all of them more-is-better.
CORE = {"talents": 1, "human": 1, "technology": 1, "internet": 1, "stru": 1}
# With the two that have gaps: digital_finance starts in 2011, venture ends in 2022.
EXTENDED = {**CORE, "digital_finance": 1, "venture": 1}


@dataclass(frozen=True)
class CompositeIndex:
    """A composite index and what it was made of."""

    scores: pd.DataFrame  # one row a city-year: ``id, year, nqp`` with `nqp` between 0 and 1
    weights: pd.Series  # one for each indicator, summing to one


def open_proxy(
    panel: pd.DataFrame,
    *,
    indicators: Mapping[str, int] = CORE,
    weighting: Callable[[pd.DataFrame], pd.Series] = entropy_weights,
    yearly: bool = False,
) -> CompositeIndex:
    """Build the open NQP proxy from the open panel or rows of it. It has no green dimension, and no paper published it.

    Parameters
    ----------
    indicators : direction (+1 or -1) of each, without gaps in `panel`: those of `EXTENDED` have none in 2011-2022
    weighting : a function from scaled indicators to weights, such as `entropy_weights`
    yearly : scale inside each year instead of over all city-years
    """
    ordered = panel.sort_values(["id", "year"], ignore_index=True)
    scaled = min_max(ordered[list(indicators)], indicators, within=ordered["year"] if yearly else None)
    weights = weighting(scaled)
    scores = ordered[["id", "year"]].assign(nqp=composite(scaled, weights))
    return CompositeIndex(scores, weights)
