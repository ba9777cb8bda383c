"""Test input: a random panel that keeps the contract, on the real 277 cities. No city's true values."""

import numpy as np
import pandas as pd

from nqp.data import first_treated, sample
from nqp.licensed.contract import load_contract

CONTRACT = load_contract("cluster_pilot")
BASELINE = [column.name for column in CONTRACT.columns if "baseline" in column.needed_by]
NAMES = sample("cluster_pilot").set_index("adcode")["name_zh"]


def made_up_panel(seed: int = 5) -> pd.DataFrame:
    """Return 277 cities x 2011-2022 with every column of the contract, sorted by city and year."""
    rng = np.random.default_rng(seed)
    panel = pd.MultiIndex.from_product([NAMES.index, CONTRACT.years], names=["adcode", "year"]).to_frame(
        index=False
    )
    panel.insert(1, "city", panel["adcode"].map(NAMES))
    for column in CONTRACT.columns:
        panel[column.name] = _draw(column, rng, len(panel))
        if column.absorbing:
            start = first_treated("cluster_pilot", column.roster) if column.roster else _starts(rng)
            panel[column.name] = (panel["adcode"].map(start).fillna(9999) <= panel["year"]).astype(int)
    return panel


def _draw(column, rng: np.random.Generator, size: int) -> np.ndarray:
    if column.kind == "count":
        return rng.poisson(40, size)
    low, high = max(column.plausible[0], column.range[0]), min(column.plausible[1], column.range[1])
    return np.round(low + (high - low) * rng.beta(2, 5, size).clip(0.02, 0.98), 6)


def _starts(rng: np.random.Generator) -> pd.Series:
    return pd.Series(rng.integers(2012, 2023, 60), index=rng.choice(NAMES.index, 60, replace=False))


def chinese_headers(panel: pd.DataFrame, study: str = "cluster_pilot") -> pd.DataFrame:
    """Return the panel under the first Chinese header of each column."""
    contract = load_contract(study)
    known = {c.name: c.zh[0] for c in (*contract.keys, *contract.columns)}
    return panel.rename(columns=known)
