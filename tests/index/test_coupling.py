"""Coupling coordination: bounds, invariances, and the printed example of R package coupling."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nqp.index import coupling_coordination
from nqp.panel import PanelError

FORMS = ("standard", "without n", "modified")
PRINTED = yaml.safe_load(
    (Path(__file__).parents[1] / "reference" / "coupling.yaml").read_text(encoding="utf-8")
)


def uniform_of_r(seed: int, n: int) -> np.ndarray:
    """Return R's ``set.seed(seed); runif(n)``: the Mersenne Twister with R's own initial scrambling."""
    words = []
    for k in range(50 + 625):
        seed = (69069 * seed + 1) % 2**32
        if k >= 50:
            words.append(seed)
    twister = np.random.MT19937()
    twister.state = {
        "bit_generator": "MT19937",
        "state": {"key": np.array(words[1:], dtype=np.uint32), "pos": 624},
    }
    return twister.random_raw(n) * 2.3283064365386963e-10


def test_printed_example_of_the_r_package():
    drawn = uniform_of_r(42, 20)
    assert drawn[:3] == pytest.approx([0.9148060, 0.9370754, 0.2861395], abs=1e-7)  # as R prints them
    found = coupling_coordination(pd.DataFrame(drawn.reshape(4, 5).T))
    for name in ("C", "D"):
        assert [f"{value:.7f}" for value in found[name]] == PRINTED[name]


@st.composite
def systems(draw) -> pd.DataFrame:
    n = draw(st.integers(2, 5))
    value = st.one_of(st.just(0.0), st.floats(1e-6, 1))
    rows = draw(st.lists(st.lists(value, min_size=n, max_size=n), min_size=1, max_size=6))
    return pd.DataFrame(rows, columns=[f"u{k}" for k in range(n)])


@settings(deadline=None)
@given(systems())
def test_bounds(u):
    highest = {"standard": 1, "without n": 1 / u.shape[1], "modified": 1}
    for form in FORMS:
        found = coupling_coordination(u, form=form)
        assert (found >= 0).all(axis=None)
        assert (found["C"] <= highest[form] + 1e-12).all()
        assert (found["D"] <= np.sqrt(highest[form] * found["T"]) + 1e-12).all()
        assert np.allclose(found["D"] ** 2, found["C"] * found["T"])
        assert (found.loc[(u == 0).any(axis=1), "C"] == 0).all()


@settings(deadline=None)
@given(systems())
def test_order_of_subsystems_and_rows_does_not_matter(u):
    for form in FORMS:
        straight = coupling_coordination(u, form=form)
        turned = coupling_coordination(u.iloc[::-1, ::-1], form=form)
        assert np.allclose(straight, turned.loc[u.index])


@settings(deadline=None)
@given(systems(), st.floats(0.1, 1))
def test_standard_coupling_sees_ratios_only(u, factor):
    whole, part = coupling_coordination(u), coupling_coordination(factor * u)
    assert np.allclose(whole["C"], part["C"])
    assert np.allclose(factor * whole["T"], part["T"])


@settings(deadline=None)
@given(st.integers(2, 5), st.floats(0.01, 1))
def test_equal_subsystems_couple_fully_however_low(n, level):
    u = pd.DataFrame([[level] * n])
    assert coupling_coordination(u)["C"][0] == pytest.approx(1)
    assert coupling_coordination(u, form="modified")["C"][0] == pytest.approx(1)
    assert coupling_coordination(u, form="without n")["C"][0] == pytest.approx(1 / n)


def test_two_subsystems_by_hand():
    u = pd.DataFrame({"digital": [0.2], "real": [0.8]})
    assert coupling_coordination(u)["C"][0] == pytest.approx(2 * np.sqrt(0.16) / 1.0)
    assert coupling_coordination(u, form="without n")["C"][0] == pytest.approx(0.4)
    assert coupling_coordination(u, form="modified")["C"][0] == pytest.approx(np.sqrt((1 - 0.6) * 0.25))
    assert coupling_coordination(u)["T"][0] == pytest.approx(0.5)


def test_refusals():
    u = pd.DataFrame({"digital": [0.2, 0.5], "real": [0.8, 0.4]})
    for bad in (u + 0.5, u - 0.5, u[["real"]]):
        with pytest.raises(ValueError, match="two or more subsystems, from 0 to 1"):
            coupling_coordination(bad)
    with pytest.raises(ValueError, match="form is 'fan'"):
        coupling_coordination(u, form="fan")
    with pytest.raises(PanelError, match="missing"):
        coupling_coordination(u.assign(real=np.nan))
