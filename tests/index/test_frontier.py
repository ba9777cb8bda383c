"""The stochastic frontier against FRONTIER 4.1's own answers, and against truth that is planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from nqp.index import stochastic_frontier
from nqp.panel import PanelError

REFERENCE = Path(__file__).parents[1] / "reference"
PRINTED = yaml.safe_load((REFERENCE / "frontier.yaml").read_text(encoding="utf-8"))


def logs(name: str, keys: list[str]) -> pd.DataFrame:
    table = pd.read_csv(REFERENCE / name, comment="#").set_index(keys)
    return np.log(table).reset_index()


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    return logs("frontier_firms.csv", ["firm"])


@pytest.fixture(scope="module")
def rice() -> pd.DataFrame:
    return logs("frontier_rice.csv", ["period", "farm"])


INPUTS = {"firms": ["capital", "labour"], "rice": ["area", "labour", "fertiliser"]}


def estimate(rows: pd.DataFrame, study: str, how: dict):
    return stochastic_frontier(rows, "output", INPUTS[study], **how)


@pytest.mark.parametrize("name", PRINTED["models"])
def test_estimates_are_those_of_frontier(name, request):
    printed = PRINTED["models"][name]
    study = printed["data"]
    found = estimate(request.getfixturevalue(study), study, printed["options"])
    for term, (value, error) in printed["estimates"].items():
        # FRONTIER stops when two steps agree to its tolerance, and its errors are the last step's approximation
        near = 5e-5 + 1e-4 * float(error)
        assert found.estimates.at[term, "estimate"] == pytest.approx(float(value), abs=near), term
        assert found.estimates.at[term, "std_error"] == pytest.approx(float(error), rel=0.07), term
    assert f"{found.log_likelihood:.5g}" == printed["log_likelihood"]
    assert f"{found.efficiency.mean():.5g}" == printed["mean_efficiency"]


def test_efficiencies_of_the_sixty_firms_to_the_printed_digit(firms):
    found = estimate(firms, "firms", {}).efficiency
    assert [f"{value:.3f}" for value in found] == PRINTED["efficiencies"]["firms"].split()


def test_decaying_inefficiency_gives_the_printed_years(rice):
    found = estimate(rice, "rice", {"unit": "farm", "time": "period"}).efficiency
    assert [f"{v:.5f}" for v in found.groupby(rice["period"]).mean()] == PRINTED["efficiencies"][
        "years"
    ].split()
    first = found[rice["farm"] == 1]
    assert [f"{value:.3f}" for value in first] == PRINTED["efficiencies"]["farm_1"].split()


def test_order_of_rows_and_names_of_units_do_not_matter(rice):
    how = {"unit": "farm", "time": "period"}
    straight = estimate(rice, "rice", how)
    mixed = rice.sample(frac=1, random_state=3).assign(farm=lambda t: "farm " + t["farm"].astype(str))
    again = estimate(mixed, "rice", how)
    assert np.allclose(straight.estimates, again.estimates, atol=2e-4)
    assert np.allclose(straight.efficiency, again.efficiency.sort_index(), atol=1e-4)


def test_a_larger_unit_of_output_moves_the_intercept_alone(firms):
    here = estimate(firms, "firms", {})
    there = estimate(firms.assign(output=firms["output"] + np.log(1000)), "firms", {})
    gap = there.estimates["estimate"] - here.estimates["estimate"]
    assert gap["intercept"] == pytest.approx(np.log(1000), abs=1e-4)
    assert np.allclose(gap.drop("intercept"), 0, atol=1e-4)
    assert np.allclose(here.efficiency, there.efficiency, atol=1e-4)


def test_likelihood_and_efficiency_are_the_integrals_over_inefficiency(rice):
    """By quadrature over u, farm by farm, on a panel in which one farm lacks its last three years."""
    kept = rice[(rice["farm"] != 1) | (rice["period"] <= 5)]
    found = estimate(kept, "rice", {"unit": "farm", "time": "period", "truncated": True})
    p = found.estimates["estimate"]
    of_u, of_v = p["sigma2"] * p["gamma"], p["sigma2"] * (1 - p["gamma"])
    u = np.linspace(0, 6, 60_001)
    prior = stats.truncnorm(-p["mu"] / of_u**0.5, np.inf, loc=p["mu"], scale=of_u**0.5).pdf(u)
    total = 0.0
    for _, own in kept.groupby("farm"):
        e = own["output"] - p["intercept"] - own[INPUTS["rice"]] @ p[INPUTS["rice"]]
        decay = np.exp(-p["eta"] * (own["period"] - 8)).to_numpy()
        noise = stats.norm.logpdf(e.to_numpy()[:, None] + np.outer(decay, u), scale=of_v**0.5).sum(axis=0)
        joint = np.exp(noise) * prior
        whole = np.trapezoid(joint, u)
        part = [np.trapezoid(np.exp(-g * u) * joint, u) for g in decay]
        assert found.efficiency[own.index].to_numpy() == pytest.approx(np.array(part) / whole, rel=1e-6)
        total += np.log(whole)
    assert found.log_likelihood == pytest.approx(total, abs=1e-5)


def test_planted_parameters_are_found():
    rng = np.random.default_rng(11)
    units, periods = 400, 8
    rows = pd.DataFrame(list(np.ndindex(units, periods)), columns=["unit", "year"])
    rows["x"] = rng.normal(size=len(rows))
    u = np.abs(rng.normal(0, 0.6, units))[rows["unit"]] * np.exp(-0.1 * (rows["year"] - 7))
    rows["y"] = 1 + 0.5 * rows["x"] + rng.normal(0, 0.3, len(rows)) - u
    found = stochastic_frontier(rows, "y", ["x"], unit="unit", time="year")
    truth = {"intercept": 1, "x": 0.5, "sigma2": 0.45, "gamma": 0.8, "eta": 0.1}
    for term, value in truth.items():
        estimate, error = found.estimates.loc[term]
        assert error < 0.1, term
        assert abs(estimate - value) < 4 * error, term
    assert np.corrcoef(found.efficiency, np.exp(-u))[0, 1] > 0.9


def test_refusals(firms, rice):
    skewed = firms.assign(output=firms["capital"] + np.random.default_rng(2).exponential(1, len(firms)))
    with pytest.raises(PanelError, match="the data do not tell inefficiency from noise"):
        stochastic_frontier(skewed, "output", ["capital", "labour"])
    with pytest.raises(PanelError, match="name the unit column"):
        stochastic_frontier(rice, "output", ["area"], time="period")
    twice = pd.concat([rice, rice.iloc[[5]]], ignore_index=True)
    with pytest.raises(PanelError, match="farm and period name 1 rows twice"):
        stochastic_frontier(twice, "output", ["area"], unit="farm", time="period")
    with pytest.raises(PanelError, match="collinear"):
        stochastic_frontier(firms.assign(again=firms["capital"]), "output", ["capital", "again"])
    with pytest.raises(PanelError, match="missing or infinite"):
        stochastic_frontier(firms.assign(capital=np.nan), "output", ["capital"])
