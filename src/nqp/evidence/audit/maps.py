"""Weights matrices of the project's map, by name, for checks that need a real one."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from nqp.data import contiguity as neighbour_pairs
from nqp.data import roster_cities
from nqp.spatial import Weights, contiguity, inverse_distance

MAPS = (
    "row-standardised contiguity",
    "row-standardised contiguity, islands unlinked",
    "binary contiguity",
    "row-standardised inverse distance",
    "inverse distance in kilometres, not standardised",
    "row-standardised inverse squared distance",
    "row-standardised contiguity with a detached pair",
)


def map_weights(name: str, cities: Sequence[int] | None = None) -> Weights:
    """Return one of `MAPS` over some cities of the roster (all of them by default).

    Cities without a neighbour among the others are linked to the nearest one unless the name says otherwise. The
    detached pair are the two neighbours with the fewest links to others, which are cut.
    """
    if name not in MAPS:
        raise ValueError(f"no map is named {name!r}; there are {', '.join(MAPS)}")
    roster = roster_cities()
    ids = sorted(roster["adcode"] if cities is None else cities)
    places = roster.rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    if "distance" in name:
        chosen = places.set_index("id").loc[ids].reset_index()
        power = 2.0 if "squared" in name else 1.0
        return inverse_distance(chosen, power=power, standardise="row" in name, name=name)
    pairs = neighbour_pairs()
    if "detached" in name:
        pairs = _detach(pairs, ids)
    islands = "keep" if "unlinked" in name else "nearest"
    links = contiguity(pairs, ids, islands=islands, coordinates=places, standardise="row" in name)
    return replace(links, name=name)


def _detach(pairs: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    inside = pairs[pairs["adcode_i"].isin(ids) & pairs["adcode_j"].isin(ids)]
    degree = inside["adcode_i"].value_counts().add(inside["adcode_j"].value_counts(), fill_value=0)
    total = inside["adcode_i"].map(degree) + inside["adcode_j"].map(degree)
    pair = set(inside.loc[total.idxmin(), ["adcode_i", "adcode_j"]])
    touching = inside["adcode_i"].isin(pair).astype(int) + inside["adcode_j"].isin(pair).astype(int)
    return inside[touching != 1]
