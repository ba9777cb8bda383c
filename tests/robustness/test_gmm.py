"""Difference and system GMM, against what R plm, Ox DPD and Stata xtabond2 print for EmplUK."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nqp.panel import PanelError, tidy, two_way
from nqp.robustness import dynamic_gmm, gmm

KEYS = {"unit": "firm", "time": "year"}
ARELLANO_BOND = {"n": [1, 2], "w": [0, 1], "k": [0], "ys": [0, 1]}
BLUNDELL_BOND = {"n": [1], "w": [0, 1], "k": [0, 1]}
ALL_LAGS = dict.fromkeys("nwk", (2, None))
DIFFERENCES = {"gmm": {"n": (2, None)}, "system": False}
YEARS = [f"yr{year}" for year in range(1980, 1985)]
STATA = {"n": [1, 2], "w": [0, 1], "k": [0, 1, 2], "ys": [0, 1, 2], **{year: [0] for year in YEARS}}
OPTIONS = {
    "arellano_bond_b_one_step": {"lags": ARELLANO_BOND, **DIFFERENCES, "steps": 1},
    "arellano_bond_b": {"lags": ARELLANO_BOND, **DIFFERENCES},
    "arellano_bond_b_collapsed": {"lags": ARELLANO_BOND, **DIFFERENCES, "collapse": True},
    "arellano_bond_b_no_years": {"lags": ARELLANO_BOND, **DIFFERENCES, "time_effects": False},
    "blundell_bond_one_step": {"lags": BLUNDELL_BOND, "gmm": ALL_LAGS, "steps": 1},
    "dpd_differences": {"lags": BLUNDELL_BOND, "gmm": ALL_LAGS, "system": False},
    "dpd_system_one_step": {"lags": BLUNDELL_BOND, "gmm": ALL_LAGS, "steps": 1},
    "dpd_system": {"lags": BLUNDELL_BOND, "gmm": ALL_LAGS},
    "stata_system": {
        "lags": STATA,
        "gmm": {"n": (2, None), "w": (1, None), "k": (1, None)},
        "own": YEARS,
        "time_effects": False,
    },
}


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    path = Path(__file__).parents[1] / "reference" / "empluk.csv"
    frame = pd.read_csv(path, comment="#")
    for name, source in {"n": "employment", "w": "wage", "k": "capital", "ys": "output"}.items():
        frame[name] = np.log(frame[source])
    return frame.assign(**{year: (frame["year"] == int(year[2:])).astype(int) for year in YEARS})


def assert_printed(value: float, text: str) -> None:
    """Within one unit of the last printed digit, the fifth at most: Stata and Ox read the logs in single precision."""
    digits = min(len(text.split(".")[1]), 5)
    assert abs(value - float(text)) <= 1.0001 * 10**-digits


@pytest.mark.parametrize("name", OPTIONS)
def test_as_other_programs_print_it(firms, reference, monkeypatch, name):
    if name.startswith("dpd_system"):
        monkeypatch.setattr(gmm, "_weight", without_covariance)
    fit = dynamic_gmm(firms, "n", **OPTIONS[name], **KEYS)
    printed = reference["empluk"][name]
    scale = np.sqrt(140 / 139 * 750 / 735) if name == "stata_system" else 1
    for said, ours in {
        "estimates": fit.params,
        "errors": scale * fit.std_errors,
        "uncorrected": fit.uncorrected,
    }.items():
        for term, text in printed.get(said, {}).items():
            assert_printed(ours[term], text)
    if hansen := printed.get("hansen"):
        assert fit.hansen.df == hansen["df"]
        assert_printed(fit.hansen.statistic, hansen["statistic"])
        assert_printed(fit.hansen.p_value, hansen["p_value"])
    for test, text in zip(fit.serial, printed.get("serial", []), strict=False):
        assert test.statistic == pytest.approx(float(text), abs=1e-5)
    assert fit.instruments == printed.get("instruments", fit.instruments)
    assert fit.nobs == printed.get("nobs", fit.nobs)


def without_covariance(periods: int, system: bool) -> np.ndarray:
    """Return the first-step weights of Ox: differences and levels as if they were independent."""
    change = np.eye(periods) - np.eye(periods, k=-1)
    weight = np.eye(2 * periods)
    weight[:periods, :periods] = change @ change.T
    return weight


def test_the_serial_tests_of_plm_for_a_system_leave_out_the_levels(firms, reference, monkeypatch):
    ours = gmm._serial

    def without_levels(rows, moments, beta, cov, influence, order):
        errors = rows.y - rows.x @ beta
        errors[:, rows.periods :] = 0
        return ours(rows, np.einsum("irm,ir->im", rows.z, errors), beta, cov, influence, order)

    monkeypatch.setattr(gmm, "_serial", without_levels)
    fit = dynamic_gmm(firms, "n", BLUNDELL_BOND, ALL_LAGS, steps=1, **KEYS)
    for test, text in zip(fit.serial, reference["empluk"]["blundell_bond_plm_serial"], strict=True):
        assert test.statistic == pytest.approx(float(text), abs=1e-5)


def test_the_hansen_test_of_plm_is_at_the_one_step_coefficients(firms):
    one, two = (
        dynamic_gmm(firms, "n", BLUNDELL_BOND, ALL_LAGS, steps=steps, **KEYS).hansen for steps in (1, 2)
    )
    assert one == two
    assert (one.df, round(one.statistic, 3)) == (
        100,
        110.701,
    )  # plm's 118.763 is larger: it is not the minimum


def test_rows_in_any_order_and_any_units(firms):
    how = {"lags": BLUNDELL_BOND, "gmm": ALL_LAGS, **KEYS}
    first = dynamic_gmm(firms, "n", **how)
    shuffled = dynamic_gmm(firms.sample(frac=1, random_state=1), "n", **how)
    pd.testing.assert_series_equal(first.params, shuffled.params, rtol=1e-8)
    larger = dynamic_gmm(firms.assign(w=firms["w"] * 100), "n", **how)
    assert larger.params["w"] == pytest.approx(first.params["w"] / 100, rel=1e-5)


def test_tidy_reads_it(firms):
    rows = tidy(dynamic_gmm(firms, "n", ARELLANO_BOND, **DIFFERENCES, **KEYS)).set_index("term")
    assert rows.loc["L1.n", "statistic"] == pytest.approx(2.5575, abs=1e-4)
    assert set(rows["n"]) == {611}
    assert set(rows["engine"]) == {"nqp.robustness"}


def test_finds_the_lag_that_the_within_regression_misses():
    rng = np.random.default_rng(3)
    y = [rng.normal(size=400)]
    effect = rng.normal(size=400)
    for _ in range(27):
        y.append(0.8 * y[-1] + 0.2 * effect + rng.normal(size=400))
    wide = pd.DataFrame(np.array(y[20:]).T).reset_index(names="unit")
    frame = wide.melt("unit", var_name="time", value_name="y").astype({"time": int})
    frame["before"] = frame.sort_values("time").groupby("unit")["y"].shift()
    within = two_way(frame.dropna(), "y", ["before"], unit="unit", time="time").loc[0, "estimate"]
    fit = dynamic_gmm(frame, "y", {"y": [1]}, {"y": (2, None)}, unit="unit", time="time", collapse=True)
    assert within < 0.55
    assert abs(fit.params["L1.y"] - 0.8) < 3 * fit.std_errors["L1.y"] < 0.25


def test_hansen_does_not_exceed_the_units(firms):
    few = firms[firms["firm"] <= 25]
    fit = dynamic_gmm(few, "n", BLUNDELL_BOND, ALL_LAGS, **KEYS)
    assert fit.instruments > 2 * 25
    assert 0 < fit.hansen.statistic <= 25
    assert fit.hansen.p_value > 0.99  # whatever the data


def test_refusals(firms):
    with pytest.raises(PanelError, match="no column wages"):
        dynamic_gmm(firms, "n", {"n": [1], "wages": [0]}, {"n": (2, 3)}, **KEYS)
    with pytest.raises(PanelError, match="year holds parts of periods"):
        dynamic_gmm(firms.assign(year=firms["year"] + 0.5), "n", {"n": [1]}, {"n": (2, 3)}, **KEYS)
    with pytest.raises(PanelError, match="more than one row for 1 in 1977"):
        dynamic_gmm(pd.concat([firms, firms[:1]]), "n", {"n": [1]}, {"n": (2, 3)}, **KEYS)
    with pytest.raises(PanelError, match="1 instruments cannot identify 2 coefficients: give more lags"):
        dynamic_gmm(
            firms, "n", {"n": [1, 2]}, {"n": (2, 2)}, system=False, collapse=True, time_effects=False, **KEYS
        )
