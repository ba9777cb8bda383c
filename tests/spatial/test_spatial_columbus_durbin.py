"""The Durbin model on Columbus with R's own list of neighbours: estimates, errors and effects as R prints them."""

import libpysal
import numpy as np
import pytest
import yaml
from scipy import sparse
from spatial_cases import REFERENCE, expected_errors, spreg_direct_income

from nqp.spatial import Weights, moran_by_period, spatial_effects, spatial_panel

KEYS = {"unit": "id", "time": "year"}


@pytest.fixture(scope="module")
def printed():
    return yaml.safe_load((REFERENCE / "spatial_columbus_r_230.yaml").read_text())


@pytest.fixture(scope="module")
def links(printed):
    w = libpysal.weights.W(
        printed["neighbours"], id_order=sorted(printed["neighbours"]), silence_warnings=True
    )
    w.transform = "r"
    return w


@pytest.fixture(scope="module")
def weights(links):
    assert links.nonzero == 230
    return Weights(sparse.csr_array(links.sparse), tuple(links.id_order), True, "columbus, 230 links")


@pytest.fixture(scope="module")
def frame(columbus):
    return columbus[0].assign(id=np.arange(1, 50))


@pytest.fixture(scope="module")
def fit(frame, weights):
    return spatial_panel(frame, "CRIME", ["INC", "HOVAL"], weights, **KEYS, effects="none")


def test_estimates_and_errors(fit, frame, weights, printed):
    durbin = printed["durbin"]
    assert fit.rho == pytest.approx(durbin["rho"], abs=1e-5)
    assert fit.loglik == pytest.approx(durbin["loglik"], abs=1e-6)
    assert fit.sigma2 == pytest.approx(durbin["sigma2"], rel=1e-5)
    for name, value in durbin["coefficients"].items():
        assert fit.params[name] == pytest.approx(value, rel=1e-4), name
    errors = expected_errors(fit, frame, ["INC", "HOVAL"], weights)
    for name, value in durbin["std_errors"].items():
        assert errors[name] == pytest.approx(value, rel=1e-4), name


def test_effects(fit, printed):
    table = spatial_effects(fit, method="delta").set_index(["effect", "term"])["estimate"]
    for effect in ("direct", "indirect", "total"):
        for name, value in printed["durbin"][effect].items():
            assert table[effect, name] == pytest.approx(value, rel=1e-4), (effect, name)


def test_spreg_drops_a_term_of_the_direct_effect(frame, links, printed):
    theirs = spreg_direct_income(frame, links)
    assert theirs == pytest.approx(-0.9768, abs=1e-4)
    assert theirs - printed["durbin"]["direct"]["INC"] > 0.06


def test_moran(frame, weights, printed):
    found = moran_by_period(frame, "CRIME", weights, **KEYS).iloc[0]
    assert float(found.drop("year").iloc[0]) == pytest.approx(printed["moran"]["I"], abs=1e-8)
