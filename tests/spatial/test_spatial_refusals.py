import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nqp.panel import PanelError
from nqp.spatial import SpatialError, Weights, spatial_panel

KEYS = {"unit": "id", "time": "year"}


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda f: f.query("id != 4 or year != 2003"), {}, "1 of 36 units lack some of the 7 periods: 4"),
        (lambda f: pd.concat([f, f.iloc[[9]]]), {}, "more than one row for 1 in 2002"),
        (lambda f: f.assign(x1=f["x1"].where(f["id"] != 3)), {}, r"infinite values in x1 \(7\) of 252"),
        (lambda f: f[f["year"] == 2000], {}, "x1 is absorbed by the two-way effects"),
        (
            lambda f: f.assign(x2=f["year"] * 1.0),
            {},
            "x2 is absorbed by the two-way effects",
        ),
        (lambda f: f.assign(x2=f["id"] * 1.0), {"durbin": ["x1"]}, "x2 is absorbed by the two-way effects"),
        (
            lambda f: f.assign(x2=2 * f["x1"] + f["id"]),
            {"durbin": []},
            "x2 is collinear with x1: leave one out",
        ),
        (lambda f: f.assign(x2="high"), {}, "x2: not numeric"),
        (lambda f: f, {"durbin": ["x3"]}, "x3: in `durbin` but not among the regressors"),
        (lambda f: f, {"durbin": ["x1"], "model": "sar"}, 'model="sar" has no lagged regressors'),
        (lambda f: f, {"model": "sac"}, "model='sac' is not known"),
        (lambda f: f, {"effects": "city"}, "effects='city' is not known"),
        (lambda f: f, {"vcov": "robust"}, "vcov='robust' is not known"),
        (lambda f: f, {"lee_yu": True, "effects": "none"}, "there are none"),
        (lambda f: f.drop(columns="x2"), {}, "no column x2"),
        (lambda f: f.assign(id=f["id"].where(f["id"] != 3)), {}, r"infinite values in id \(7\) of 252"),
        (lambda f: f.assign(id=f["id"].where(f["id"] != 3, 99)), {}, "Not in the weights: 99. Only in the"),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_words(change, options, message, map36, panel36):
    with pytest.raises(PanelError, match=message):
        spatial_panel(change(panel36), "y", ["x1", "x2"], map36, **KEYS, **options)


def test_lee_yu_needs_rows_that_sum_to_one(panel36, map36):
    matrix = map36.matrix.toarray()
    matrix[5], matrix[:, 5] = 0, 0
    island = Weights(sparse.csr_array(matrix), map36.ids, False, "with an island").standardise()
    with pytest.raises(SpatialError, match="5 have no neighbour"):
        spatial_panel(panel36, "y", ["x1"], island, **KEYS, lee_yu=True)
    assert spatial_panel(panel36, "y", ["x1"], island, **KEYS).n_units == 36


def test_rho_that_runs_to_its_bound_is_said_so(map36):
    rng = np.random.default_rng(0)
    keys = pd.MultiIndex.from_product([range(36), range(8)], names=["id", "year"]).to_frame(index=False)
    common = np.cumsum(rng.standard_normal(8)) * 1e3  # one trend for all, and no time effects to take it away
    frame = keys.assign(y=common[keys["year"]] + 1e-6 * rng.standard_normal(288), x1=rng.standard_normal(288))
    with pytest.raises(SpatialError, match=r"still rises at rho = 0\.99.*edge of the admissible interval"):
        spatial_panel(frame, "y", ["x1"], map36, **KEYS, effects="unit")
