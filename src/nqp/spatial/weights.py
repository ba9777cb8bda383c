"""Spatial weights: who is whose neighbour, and by how much."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from libpysal.weights import W

Islands = Literal["refuse", "keep", "nearest"]
EARTH_RADIUS_KM = 6371.0088


class SpatialError(ValueError):
    """Weights or a panel that a spatial model cannot use; the message says which units and what to do."""


@dataclass(frozen=True)
class Weights:
    """A spatial weights matrix with the names of its units.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array, shape (N, N)
        Row i holds the weights that unit i gives to the others; non-negative, zero diagonal.
    ids : tuple
        Unit names in the order of rows and columns.
    standardised : bool
        Whether every row that is not empty sums to one.
    name : str
        What the weights measure, for tables.
    """

    matrix: sparse.csr_array
    ids: tuple[Hashable, ...]
    standardised: bool
    name: str

    def __post_init__(self) -> None:
        n = len(self.ids)
        if self.matrix.shape != (n, n):
            raise SpatialError(
                f"weights '{self.name}': the matrix is {self.matrix.shape}, but {n} ids were given."
            )
        if len(set(self.ids)) < n:
            repeated = pd.Index(self.ids)
            raise SpatialError(
                f"weights '{self.name}': ids appear twice: {_some(repeated[repeated.duplicated()].unique())}."
            )
        if not np.isfinite(self.matrix.data).all() or (self.matrix.data < 0).any():
            raise SpatialError(
                f"weights '{self.name}': every weight must be a finite number, zero or positive."
            )
        own = np.flatnonzero(self.matrix.diagonal())
        if own.size:
            raise SpatialError(
                f"weights '{self.name}': these units are their own neighbour: {_some([self.ids[i] for i in own])}."
                " Set the diagonal to zero."
            )
        sums = self.row_sums[self.row_sums > 0]
        if self.standardised and not np.allclose(sums, 1, atol=1e-9):
            raise SpatialError(
                f"weights '{self.name}' are declared row-standardised, but rows do not sum to one."
            )

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.ids)

    @property
    def row_sums(self) -> np.ndarray:
        """Sum of the weights that each unit gives, shape (N,)."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    @property
    def isolated(self) -> tuple[Hashable, ...]:
        """Units without any neighbour: their spatial lag is zero, whatever happens elsewhere."""
        return tuple(np.asarray(self.ids, dtype=object)[self.row_sums == 0])

    def standardise(self) -> "Weights":
        """Return the same weights with every row divided by its sum; empty rows stay empty."""
        sums = self.row_sums
        scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
        return Weights(sparse.csr_array(sparse.diags_array(scale) @ self.matrix), self.ids, True, self.name)

    def lag(self, values: np.ndarray) -> np.ndarray:
        """Return W times `values`, whose first axis runs over units in the order of `ids`."""
        flat = self.matrix @ values.reshape(self.n, -1)
        return np.asarray(flat).reshape(values.shape)

    def to_libpysal(self) -> "W":
        """Return the weights as a `libpysal.weights.W` with the same ids, for esda and spreg."""
        from libpysal.weights import W

        rows = [self.matrix[[i]] for i in range(self.n)]
        ids = np.asarray(self.ids, dtype=object)
        neighbours = {unit: ids[row.indices].tolist() for unit, row in zip(self.ids, rows, strict=True)}
        values = {unit: row.data.tolist() for unit, row in zip(self.ids, rows, strict=True)}
        return W(neighbours, values, id_order=list(self.ids), silence_warnings=True)


def contiguity(
    pairs: pd.DataFrame,
    ids: Sequence[Hashable],
    *,
    i: str = "adcode_i",
    j: str = "adcode_j",
    islands: Islands = "refuse",
    coordinates: pd.DataFrame | None = None,
    standardise: bool = True,
    name: str = "contiguity",
) -> Weights:
    """Weights from a list of neighbours.

    Parameters
    ----------
    pairs : DataFrame
        One row a pair of neighbours, in columns `i` and `j`. A pair counts in both directions whichever way
        it is written. Pairs with a unit outside `ids` are not used: a panel may hold fewer cities than the map.
    ids : sequence
        The units wanted, in the order wanted.
    islands : {"refuse", "keep", "nearest"}
        Units without neighbour: raise and name them; keep their empty row; or link each of them (both ways)
        to the nearest unit by great-circle distance, which needs `coordinates` (columns id, lon, lat).
    standardise : bool
        Divide each row by its sum.

    Raises
    ------
    SpatialError
        If units have no neighbour and ``islands="refuse"``, or an island has no coordinates.
    """
    units = pd.Index(ids)
    _refuse_repeated(units, name)
    rows, columns = units.get_indexer(pairs[i]), units.get_indexer(pairs[j])
    inside = (rows >= 0) & (columns >= 0) & (rows != columns)
    links = sparse.coo_array(
        (np.ones(inside.sum()), (rows[inside], columns[inside])), shape=(len(units),) * 2
    )
    matrix = _binary(links + links.T)
    alone = np.flatnonzero(matrix.sum(axis=1) == 0)
    if alone.size and islands == "nearest":
        if coordinates is None:
            raise SpatialError('islands="nearest" needs `coordinates` with columns id, lon, lat.')
        matrix = _binary(matrix + _nearest_links(alone, units, coordinates))
    _check_islands(matrix, units, islands, name)
    return _finish(matrix, units, standardise, name)


def inverse_distance(
    coordinates: pd.DataFrame,
    *,
    unit: str = "id",
    lon: str = "lon",
    lat: str = "lat",
    power: float = 1.0,
    cutoff_km: float | None = None,
    islands: Islands = "refuse",
    standardise: bool = True,
    name: str = "inverse distance",
) -> Weights:
    """Weights 1 / distance**power, from great-circle distances in kilometres.

    Parameters
    ----------
    coordinates : DataFrame
        One row a unit: `unit`, `lon` and `lat` in decimal degrees. Row order gives the order of the ids.
    power : float
        1 for inverse distance, 2 for inverse squared distance.
    cutoff_km : float, optional
        Units farther apart than this give each other no weight.
    islands : {"refuse", "keep", "nearest"}
        What to do with units that the cut-off leaves alone; "nearest" keeps their link to the nearest unit.

    Raises
    ------
    SpatialError
        If coordinates are missing or out of range, two units share a place, or the cut-off isolates units.
    """
    units = pd.Index(coordinates[unit])
    _refuse_repeated(units, name)
    distance = _great_circle(units, coordinates[lon].to_numpy(float), coordinates[lat].to_numpy(float))
    _refuse_ties(distance, units, name, "are at the same place: the inverse of their distance is infinite")
    with np.errstate(divide="ignore"):
        raw = distance**-power
    np.fill_diagonal(raw, 0)
    matrix = np.where(distance <= (np.inf if cutoff_km is None else cutoff_km), raw, 0.0)
    if islands == "nearest":
        np.fill_diagonal(distance, np.inf)
        for row in np.flatnonzero(matrix.sum(axis=1) == 0):
            near = distance[row].argmin()
            matrix[row, near] = matrix[near, row] = raw[row, near]
    _check_islands(matrix, units, islands, name)
    return _finish(sparse.csr_array(matrix), units, standardise, name)


def economic_distance(
    frame: pd.DataFrame,
    column: str,
    *,
    unit: str,
    standardise: bool = True,
    name: str = "economic distance",
) -> Weights:
    """Weights 1 / |mean of i - mean of j|, with means over all rows of a unit (its years).

    Raises
    ------
    SpatialError
        If values are missing, or two units have the same mean: their weight would be infinite.
    """
    missing = frame.loc[frame[column].isna(), unit].unique()
    if len(missing):
        raise SpatialError(f"'{column}' is missing for {_some(missing)}: fill or drop these units first.")
    means = frame.groupby(unit, sort=True)[column].mean()
    gap = np.abs(np.subtract.outer(means.to_numpy(float), means.to_numpy(float)))
    _refuse_ties(gap, means.index, name, f"have the same mean of '{column}': the weight would be infinite")
    np.fill_diagonal(gap, np.inf)
    return _finish(sparse.csr_array(1 / gap), means.index, standardise, name)


def nested(
    geographic: Weights, economic: Weights, *, standardise: bool = True, name: str = "nested"
) -> Weights:
    """Weights near in space *and* alike in the economy: the element-wise product of two matrices.

    Give both unstandardised (``standardise=False``); the product is standardised once, at the end.
    Both must hold the same units; the order of `geographic` is kept.
    """
    order = align(economic, geographic.ids, who="the geographic weights")
    return _finish(geographic.matrix.multiply(order.matrix), pd.Index(geographic.ids), standardise, name)


def align(weights: Weights, ids: Sequence[Hashable], *, who: str = "the panel") -> Weights:
    """Return `weights` in the order of `ids`, which must be the same units; name those that are not.

    Raises
    ------
    SpatialError
        If either side has units that the other lacks.
    """
    have, want = pd.Index(weights.ids), pd.Index(ids)
    lacking, extra = want.difference(have, sort=False), have.difference(want, sort=False)
    if len(lacking) or len(extra):
        raise SpatialError(
            f"weights '{weights.name}' hold {len(have)} units and {who} {len(want)}."
            + (f" Not in the weights: {_some(lacking)}." if len(lacking) else "")
            + (f" Only in the weights: {_some(extra)}." if len(extra) else "")
            + " Build the weights for exactly these units (and with ids of the same type)."
        )
    if have.equals(want):
        return weights
    order = have.get_indexer(want)
    return Weights(
        sparse.csr_array(weights.matrix[order][:, order]), tuple(want), weights.standardised, weights.name
    )


def _finish(matrix: sparse.sparray, units: pd.Index, standardise: bool, name: str) -> Weights:
    clean = sparse.csr_array(matrix)
    clean.eliminate_zeros()
    weights = Weights(clean, tuple(units), False, name)
    return weights.standardise() if standardise else weights


def _binary(matrix: sparse.sparray) -> sparse.csr_array:
    return sparse.csr_array((matrix != 0).astype(float))


def _refuse_repeated(units: pd.Index, name: str) -> None:
    if units.has_duplicates:
        raise SpatialError(
            f"weights '{name}': ids appear twice: {_some(units[units.duplicated()].unique())}."
        )


def _refuse_ties(distance: np.ndarray, units: pd.Index, name: str, why: str) -> None:
    pairs = np.argwhere(np.triu(distance <= 0, k=1))
    if pairs.size:
        named = [f"{units[a]} and {units[b]}" for a, b in pairs]
        raise SpatialError(f"weights '{name}': {_some(named)} {why}.")


def _check_islands(matrix: np.ndarray | sparse.sparray, units: pd.Index, rule: Islands, name: str) -> None:
    alone = units[np.asarray(matrix.sum(axis=1)).ravel() == 0]
    if len(alone) and rule == "refuse":
        raise SpatialError(
            f"weights '{name}': no neighbour for {_some(alone)}. Choose islands=\"nearest\" to link them to the"
            ' nearest unit, or islands="keep" to give them an empty row.'
        )


def _nearest_links(alone: np.ndarray, units: pd.Index, coordinates: pd.DataFrame) -> sparse.coo_array:
    places = coordinates.set_index("id").reindex(units)
    distance = _great_circle(units, places["lon"].to_numpy(float), places["lat"].to_numpy(float))
    np.fill_diagonal(distance, np.inf)
    near = distance[alone].argmin(axis=1)
    shape = (len(units),) * 2
    links = sparse.coo_array((np.ones(len(alone)), (alone, near)), shape=shape)
    return links + links.T


def _great_circle(units: pd.Index, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if bad.any():
        raise SpatialError(f"no usable longitude and latitude (decimal degrees) for {_some(units[bad])}.")
    lon, lat = np.radians(lon), np.radians(lat)
    half = (
        np.sin(np.subtract.outer(lat, lat) / 2) ** 2
        + np.multiply.outer(np.cos(lat), np.cos(lat)) * np.sin(np.subtract.outer(lon, lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _some(items: Sequence[object], most: int = 8) -> str:
    listed = [str(item) for item in items]
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
