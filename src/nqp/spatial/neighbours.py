"""Building spatial weights: neighbours, distance in space, distance in the economy."""

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.panel import some
from nqp.spatial.weights import SpatialError, Weights, require_distinct

Islands = Literal["refuse", "keep", "nearest"]


def contiguity(
    pairs: pd.DataFrame,
    ids: Sequence[Hashable],
    *,
    islands: Islands = "refuse",
    coordinates: pd.DataFrame | None = None,
    standardise: bool = True,
    name: str = "contiguity",
) -> Weights:
    """Weights from a list of neighbours.

    Parameters
    ----------
    pairs : one row a pair of neighbours, in `adcode_i` and `adcode_j`, which counts both ways, however it is written.
        Pairs with a unit outside `ids` are not used
    ids : the units wanted, in the order wanted
    islands : units without neighbour: "refuse" names them; "keep" their empty row; or link each of them (both ways)
        to the "nearest" unit, which needs `coordinates` (columns id, lon, lat)
    standardise : divide each row by its sum
    """
    units = pd.Index(ids)
    require_distinct(units, name)
    rows, columns = units.get_indexer(pairs["adcode_i"]), units.get_indexer(pairs["adcode_j"])
    inside = (rows >= 0) & (columns >= 0) & (rows != columns)
    ends = rows[inside], columns[inside]
    links = sparse.coo_array((np.ones(inside.sum()), ends), shape=(len(units),) * 2)
    links = sparse.csr_array(links + links.T)
    if islands == "nearest":
        if coordinates is None:
            raise SpatialError('islands="nearest" needs `coordinates` with columns id, lon, lat.')
        placed = coordinates.set_index("id").reindex(units).reset_index(names="id")
        near = inverse_distance(placed, standardise=False)
        links = links + _nearest(links, near.matrix)
    return _finish((links != 0).astype(float), units, islands, standardise, name)


def inverse_distance(
    coordinates: pd.DataFrame,
    *,
    power: float = 1.0,
    cutoff_km: float | None = None,
    islands: Islands = "refuse",
    standardise: bool = True,
    name: str = "inverse distance",
) -> Weights:
    """Weights 1 / distance**power, from geodesic distances on the WGS-84 ellipsoid in kilometres.

    Parameters
    ----------
    coordinates : one row a unit: `id`, `lon` and `lat` in decimal degrees, no two alike. Row order is kept
    power : 1 for inverse distance, 2 for inverse squared distance
    cutoff_km : units farther apart than this give each other no weight
    islands, standardise : as in `contiguity`
    """
    units = pd.Index(coordinates["id"])
    require_distinct(units, name)
    distance = _geodesic(units, coordinates["lon"].to_numpy(float), coordinates["lat"].to_numpy(float))
    _refuse_ties(distance, units, name, "are at the same place: the inverse of their distance is infinite")
    np.fill_diagonal(distance, np.inf)
    raw = distance**-power
    matrix = np.where(distance <= (np.inf if cutoff_km is None else cutoff_km), raw, 0.0)
    if islands == "nearest":
        matrix = matrix + _nearest(matrix, raw)
    return _finish(matrix, units, islands, standardise, name)


def bridges(pairs: pd.DataFrame, ids: Sequence[Hashable]) -> list[tuple[Hashable, Hashable]]:
    """Return pairs of `ids` that do not touch but border the same unit outside `ids`, in the order of `ids`.

    A list drawn by hand, or on a map that lacks those units, may call them neighbours. `pairs` as in `contiguity`.
    """
    everybody = pd.Index(ids).union(pd.unique(pairs[["adcode_i", "adcode_j"]].to_numpy().ravel()), sort=False)
    links = contiguity(pairs, everybody, islands="keep", standardise=False).matrix
    inside, between = links[: len(ids), : len(ids)], links[: len(ids), len(ids) :]
    shared = ((between @ between.T).toarray() > 0) & (inside.toarray() == 0)
    return [(ids[i], ids[j]) for i, j in np.argwhere(np.triu(shared, k=1))]


def toggled(weights: Weights, links: Sequence[tuple[Hashable, Hashable]]) -> Weights:
    """Return row-standardised contiguity weights with each of `links` removed where it was, and added where not.

    Links count both ways; a unit that loses its last neighbour keeps an empty row. A SpatialError names a link with a
    unit that the weights do not hold, or with itself.
    """
    at = pd.Index(weights.ids).get_indexer(np.ravel(links)).reshape(-1, 2)
    if wrong := [link for link, (i, j) in zip(links, at, strict=True) if min(i, j) < 0 or i == j]:
        raise SpatialError(f"weights '{weights.name}': {some(wrong)} does not join two of their units.")
    binary = (weights.matrix != 0).toarray()
    for i, j in at:
        binary[i, j] = binary[j, i] = not binary[i, j]
    return _finish(binary.astype(float), pd.Index(weights.ids), "keep", True, weights.name)


def economic_distance(frame: pd.DataFrame, column: str, *, unit: str) -> Weights:
    """Row-standardised weights 1 / |mean of i - mean of j|, with means over all rows of a unit (its years).

    A SpatialError names units with missing values, and two with the same mean: their weight would be infinite.
    """
    name = "economic distance"
    missing = frame.loc[frame[column].isna(), unit].unique()
    if len(missing):
        raise SpatialError(f"'{column}' is missing for {some(missing)}: fill or drop these units first.")
    means = frame.groupby(unit, sort=True)[column].mean()
    gap = np.abs(np.subtract.outer(means.to_numpy(float), means.to_numpy(float)))
    _refuse_ties(gap, means.index, name, f"have the same mean of '{column}': the weight would be infinite")
    np.fill_diagonal(gap, np.inf)
    return _finish(1 / gap, means.index, "refuse", True, name)


def _finish(
    matrix: np.ndarray | sparse.sparray, units: pd.Index, islands: Islands, standardise: bool, name: str
) -> Weights:
    """Make the weights, or name the units that have no neighbour."""
    clean = sparse.csr_array(matrix)
    clean.eliminate_zeros()
    weights = Weights(clean, tuple(units), False, name)
    if weights.isolated and islands == "refuse":
        raise SpatialError(
            f"weights '{name}': no neighbour for {some(weights.isolated)}."
            ' Choose islands="nearest" to link them to the nearest unit,'
            ' or islands="keep" to give them an empty row.'
        )
    return weights.standardise() if standardise else weights


def _nearest(matrix: np.ndarray | sparse.sparray, near: np.ndarray | sparse.sparray) -> sparse.csr_array:
    """Return, both ways, the largest element of `near` in each row that is empty in `matrix`."""
    alone = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel() == 0)
    rows = sparse.csr_array(near).toarray()[alone]
    to, size = rows.argmax(axis=1), rows.max(axis=1, initial=0)
    links = sparse.csr_array((size, (alone, to)), shape=matrix.shape)
    return links.maximum(links.T)


def _refuse_ties(distance: np.ndarray, units: pd.Index, name: str, why: str) -> None:
    pairs = np.argwhere(np.triu(distance <= 0, k=1))
    if pairs.size:
        named = [f"{units[a]} and {units[b]}" for a, b in pairs]
        raise SpatialError(f"weights '{name}': {some(named)} {why}.")


def _geodesic(units: pd.Index, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return distances in kilometres, shape (N, N)."""
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if bad.any():
        raise SpatialError(f"no usable longitude and latitude (decimal degrees) for {some(units[bad])}.")
    from pyproj import Geod

    grid = np.broadcast_arrays(lon[:, None], lat[:, None], lon, lat)
    return Geod(ellps="WGS84").inv(*(side.ravel() for side in grid))[2].reshape(grid[0].shape) / 1000
