import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from spatial_cases import ROOT, cells

from nqp.spatial import (
    SpatialError,
    Weights,
    bridges,
    contiguity,
    economic_distance,
    inverse_distance,
    moran_by_period,
    spatial_panel,
    toggled,
)

PAIRS = pd.DataFrame({"adcode_i": ["a", "b", "c"], "adcode_j": ["b", "c", "z"]})
PLACES = pd.DataFrame(
    {"id": list("abcd"), "lon": [116.4, 117.2, 121.5, 121.6], "lat": [39.9, 39.1, 31.2, 29.9]}
)


def test_contiguity_counts_a_pair_both_ways_and_leaves_out_units_not_wanted():
    weights = contiguity(PAIRS, ["c", "a", "b"], standardise=False)
    assert weights.ids == ("c", "a", "b")
    np.testing.assert_array_equal(weights.matrix.toarray(), [[0, 0, 1], [0, 0, 1], [1, 1, 0]])


def test_islands_are_refused_by_name_kept_or_linked():
    with pytest.raises(SpatialError, match=r"no neighbour for d\. Choose islands=\"nearest\""):
        contiguity(PAIRS, list("abcd"))
    kept = contiguity(PAIRS, list("abcd"), islands="keep")
    assert kept.isolated == ("d",)
    linked = contiguity(PAIRS, list("abcd"), islands="nearest", coordinates=PLACES)
    assert linked.isolated == ()
    assert linked.matrix[3, 2] == 1
    assert linked.matrix[2, 3] == 0.5
    with pytest.raises(SpatialError, match="needs `coordinates`"):
        contiguity(PAIRS, list("abcd"), islands="nearest")


def test_bridges_join_units_that_share_an_outer_neighbour_and_do_not_touch():
    around_z = pd.DataFrame({"adcode_i": ["a", "b", "z", "a", "d"], "adcode_j": ["z", "z", "c", "b", "y"]})
    assert bridges(around_z, list("dcba")) == [("c", "b"), ("c", "a")]  # a and b touch; d has y to itself


def test_toggled_links_come_and_go_both_ways():
    chain = contiguity(PAIRS, list("abc"))
    triangle = toggled(chain, [("c", "a")])
    np.testing.assert_array_equal(triangle.matrix.toarray(), (1 - np.eye(3)) / 2)
    np.testing.assert_array_equal(toggled(triangle, [("a", "c")]).matrix.toarray(), chain.matrix.toarray())
    assert toggled(chain, [("b", "a")]).isolated == ("a",)
    with pytest.raises(SpatialError, match="'x'.* does not join two of their units"):
        toggled(chain, [("a", "x")])


def test_distances_are_geodesics():
    """From Wellington to Salamanca 19959679.267 m, in the documentation of GeographicLib."""
    far = pd.DataFrame({"id": ["w", "s"], "lon": [174.81, -5.5], "lat": [-41.32, 40.96]})
    weights = inverse_distance(far, power=2, standardise=False)
    np.testing.assert_allclose(weights.matrix.toarray()[0, 1] ** -0.5, 19959.679267, atol=1e-6)


def test_moran_of_the_open_panel_is_printed(panel, root):
    """Columns 3 and 4 of the open paper's Table 15, from the coordinates that it ships."""
    places = pd.read_csv(root / "data/open/coordinates.csv")
    found = moran_by_period(panel, "entreact", inverse_distance(places), unit="id", time="year")
    cells = pd.read_csv(root / "data/papers/open_benchmark/published.csv", dtype=str).set_index("id")
    for row in found.itertuples():
        assert f"{row.moran:.3f}" == cells.at[f"t15.c3.year{row.year}.moran", "printed"]
        assert f"{row.z_randomisation:.3f}" == cells.at[f"t15.c4.year{row.year}.z", "printed"]


def test_cutoff_isolates_and_nearest_keeps_the_link():
    with pytest.raises(SpatialError, match="no neighbour for c, d"):
        inverse_distance(PLACES, cutoff_km=130)
    linked = inverse_distance(PLACES, cutoff_km=130, islands="nearest")
    assert linked.matrix[2, 3] == pytest.approx(1)
    assert linked.matrix.nnz == 4


def test_places_that_cannot_be_used_are_named():
    same = PLACES.assign(lon=116.4, lat=39.9)
    with pytest.raises(SpatialError, match=r"a and b, a and c.*at the same place"):
        inverse_distance(same)
    with pytest.raises(SpatialError, match=r"decimal degrees\) for b"):
        inverse_distance(PLACES.assign(lat=[39.9, np.nan, 31.2, 29.9]))


def test_economic_distance_uses_means_over_years_and_refuses_ties():
    frame = pd.DataFrame({"city": list("aabbcc"), "gdp": [1.0, 3.0, 4.0, 4.0, 10.0, 12.0]})
    weights = economic_distance(frame, "gdp", unit="city")
    raw = np.array([[0, 1 / 2, 1 / 9], [1 / 2, 0, 1 / 7], [1 / 9, 1 / 7, 0]])
    np.testing.assert_allclose(weights.matrix.toarray(), raw / raw.sum(axis=1, keepdims=True))
    with pytest.raises(SpatialError, match="b and c have the same mean of 'gdp'"):
        economic_distance(frame.assign(gdp=[1.0, 3, 4, 4, 3, 5]), "gdp", unit="city")
    with pytest.raises(SpatialError, match="'gdp' is missing for b"):
        economic_distance(frame.assign(gdp=[1.0, 3, np.nan, 4, 3, 5]), "gdp", unit="city")


def test_libpysal_gets_the_same_matrix_and_ids():
    weights = cells(3)
    links = weights.to_libpysal()
    assert tuple(links.id_order) == weights.ids
    np.testing.assert_allclose(links.full()[0], weights.matrix.toarray())


def test_columbus_moran_is_that_of_r(columbus):
    from esda import Moran

    frame, weights, _ = columbus
    test = Moran(frame["CRIME"].to_numpy(), weights.to_libpysal(), permutations=0)
    # R: moran.test(columbus$CRIME, nb2listw(poly2nb(columbus))), printed in several public lectures
    np.testing.assert_allclose([test.I, test.VI_rand], [0.500188557, 0.008689289], atol=1e-9)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.ones((2, 3)), "the matrix is"),
        (np.array([[0, -1.0], [1, 0]]), "finite, zero or positive"),
        (np.array([[1.0, 0], [1, 0]]), "their own neighbour: a"),
    ],
)
def test_a_matrix_that_is_no_weights_matrix_is_refused(matrix, message):
    with pytest.raises(SpatialError, match=message):
        Weights(sparse.csr_array(matrix), ("a", "b"), False, "w")


def test_weights_for_other_units_are_refused_with_the_units_named(panel36):
    smaller = cells(5)
    with pytest.raises(
        SpatialError, match=r"hold 25 units and the panel 36. Not in the weights: 25, 26.*and 6 more"
    ):
        spatial_panel(panel36, "y", ["x1"], smaller, unit="id", time="year")
    text = cells(6)
    text = Weights(text.matrix, tuple(map(str, text.ids)), True, "queen")
    with pytest.raises(SpatialError, match="ids of the same type"):
        spatial_panel(panel36, "y", ["x1"], text, unit="id", time="year")


def test_the_project_map_covers_the_open_panel(open_cities):
    panel, weights = open_cities
    pairs = pd.read_csv(ROOT / "data/geography/contiguity.csv")
    alone = contiguity(pairs, weights.ids, islands="keep").isolated
    assert alone == (540100, 630100, 650100, 650200)
    assert weights.n == panel["id"].nunique() == 284
    np.testing.assert_allclose(weights.row_sums, 1)
