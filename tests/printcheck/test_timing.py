"""Timing checks: against castle doctrine weights, a second engine, and the counts and weights that papers print."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nqp.data import first_treated
from nqp.evidence.findings import cells as open_cells
from nqp.robustness import goodman_bacon
from printcheck import Interval, interval, rounding
from printcheck.bacon import coarse, weights_from_cohorts
from printcheck.cohorts import bacon_weights, cohort_solutions
from printcheck.sums import adds_up
from printcheck.timing import (
    cohort_sizes,
    moments_from_cohorts,
    split_before_treatment,
    timing_readings,
)

ROOT = Path(__file__).parents[2]
CLUSTER = "innovative_industrial_cluster"
DUAL = {
    "BCS": ("c1", "broadband_china", (2014, 2015, 2016)),
    "IIC": ("c2", CLUSTER, (2013, 2015, 2017)),
    "DID": ("c3", "overlap", (2014, 2015, 2016, 2017)),
}


KINDS = ("later", "earlier", "never")
PANEL = {"units": "text.N_CITIES.n", "first": "text.YEAR_START.other", "last": "text.YEAR_END.other"}


def dual_counts(name: str) -> dict[str, str]:
    """Return the ids of counts and years of one policy of Zhang & Ma (2025)."""
    ids = {"mean": f"t2.c2.{name}.mean", "n": f"t2.c1.{name}.n", "treated": f"text.N_{name}.n"}
    return {**ids, **PANEL}


def dual_weights(cells, name: str, to: float = 0.001) -> dict[str, Interval]:
    """Return the weights of Table 6 as really rounded."""
    ids = {one: f"t6.{DUAL[name][0]}.BACON_{one.upper()}.weight" for one in KINDS}
    return {one: coarse(cells[number], to) for one, number in ids.items()}


def rostered(study: str, policy: str) -> dict[int, int]:
    """Return cohort sizes from the roster."""
    return first_treated(study, policy).value_counts().sort_index().to_dict()


# --- the arithmetic -------------------------------------------------------------------------------------


def test_castle_doctrine_weights(reference):
    states = pd.read_csv(ROOT / "tests/reference/castle.csv", comment="#")
    sizes = states["first_year"].dropna().astype(int).value_counts().to_dict()
    ours = bacon_weights(sizes, units=len(states), first=2000, last=2010)
    theirs = reference["bacon"]["comparisons"]
    names = {"earlier_vs_later": "later", "later_vs_earlier": "earlier", "treated_vs_never": "never"}
    for r_name, name in names.items():
        assert f"{getattr(ours, name):.5f}" == theirs[r_name]["weight"]


@pytest.fixture(scope="module")
def reference():
    """Return reference values of the robustness tests, with their provenance in the file."""
    import yaml

    return yaml.safe_load((ROOT / "tests/reference/robustness.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weights_equal_the_decomposition_of_a_random_panel(seed):
    draw = np.random.default_rng(seed)
    starts = draw.choice([2003, 2004, 2007, 2009, 9999], size=40)
    frame = pd.DataFrame({"id": np.repeat(np.arange(40), 10), "year": np.tile(np.arange(2001, 2011), 40)})
    frame["did"] = (frame["year"] >= starts[frame["id"]]).astype(int)
    frame["y"] = draw.normal(size=len(frame))
    theirs = goodman_bacon(frame, "y", "did", unit="id", time="year").by_comparison()["weight"]
    sizes = pd.Series(starts[starts < 9999]).value_counts().to_dict()
    ours = bacon_weights(sizes, units=40, first=2001, last=2010)
    assert ours.later == pytest.approx(theirs["earlier_vs_later"], abs=1e-10)
    assert ours.earlier == pytest.approx(theirs["later_vs_earlier"], abs=1e-10)
    assert ours.never == pytest.approx(theirs["treated_vs_never"], abs=1e-10)
    backwards = bacon_weights(dict(sorted(sizes.items(), reverse=True)), units=40, first=2001, last=2010)
    assert backwards == ours


@pytest.mark.parametrize("bounds", [{}, {"at_least": (2, 0, 1)}, {"at_most": (9, 3, 5)}])
def test_solutions_are_all_there_are(bounds):
    years, last = (2003, 2004, 2008), 2010
    low, high = bounds.get("at_least", (0, 0, 0)), bounds.get("at_most", (9, 9, 9))
    by_hand = [
        sizes
        for sizes in product(range(10), repeat=3)
        if sum(sizes) == 9
        and sum(n * (last + 1 - y) for n, y in zip(sizes, years, strict=True)) == 52
        and all(a <= n <= b for a, n, b in zip(low, sizes, high, strict=True))
    ]
    assert by_hand
    assert cohort_solutions(9, 52, years, last=last, **bounds) == by_hand


# --- Li & Wei (2025) ------------------------------------------------------------------------------------

COUNTS = {"mean": "t2.INN.mean", "n": "t2.INN.n", "last": "text.years.last"}


def test_li_wei_moments_from_the_roster():
    cells, sizes = open_cells("cluster_pilot"), rostered("cluster_pilot", CLUSTER)
    ids = COUNTS | {"sd": "t2.INN.sd", "treated": "text.placebo.treated.n"}
    found = cells.put(moments_from_cohorts, ids, sizes=sizes)
    assert found.verdict == "consistent"
    assert "362 of 3324 unit-years" in found.sentence
    one_moved = cells.put(moments_from_cohorts, ids, sizes=sizes | {2015: 18, 2018: 25})
    assert one_moved.verdict == "inconsistent"


def test_li_wei_cohorts_and_the_reading_of_their_timing_rule():
    cells = open_cells("cluster_pilot")
    ids = COUNTS | {"treated": "text.placebo.treated.n"}
    found = cells.put(cohort_sizes, ids, years=(2013, 2015, 2018), at_least=(9, 0, 0), at_most=(9, 52, 52))
    assert found.implied == "9/19/24"
    assert "2013/2015/2018 and hold at least 9/0/0 units and hold at most 9/52/52 units" in found.sentence
    same_year = cells.put(
        cohort_sizes, ids, years=(2013, 2014, 2017), at_least=(9, 0, 0), at_most=(9, 52, 52)
    )
    assert (same_year.verdict, same_year.implied) == ("inconsistent", "none")
    readings = {
        "approval year": (2013, 2014, 2017),
        "next year": (2014, 2015, 2018),
        "next year after July": (2013, 2015, 2018),
    }
    found = cells.put(timing_readings, COUNTS, readings=readings, sizes=(9, 19, 24))
    assert (found.verdict, found.implied) == ("consistent", "next year after July")
    del readings["next year after July"]
    found = cells.put(timing_readings, COUNTS, readings=readings, sizes=(9, 19, 24))
    assert (found.verdict, found.implied) == ("inconsistent", "no reading")


def test_li_wei_bacon_weights_are_not_those_without_controls():
    cells, sizes = open_cells("cluster_pilot"), rostered("cluster_pilot", CLUSTER)
    ids = {"units": "text.cities.n", "first": "text.years.first", "last": "text.years.last"}
    printed = {"earlier": "text.bacon.early.weight", "never": "text.bacon.never.weight"}
    weights = {name: cells[number] * 0.01 for name, number in printed.items()}
    found = cells.put(weights_from_cohorts, ids, sizes=sizes, weights=weights)
    assert found.verdict == "inconsistent"
    assert found.implied == "earlier 0.03844, never 0.94021"


# --- Zhang & Ma (2025) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "solution"), [("BCS", "37/35/34"), ("IIC", "10/19/24")])
def test_zhang_ma_cohorts_follow_from_counts_and_weights(name, solution):
    cells, years = open_cells("dual_pilot"), DUAL[name][2]
    counted = cells.put(cohort_sizes, dual_counts(name), years=years)
    assert "lists, within" in counted.implied
    weights = dual_weights(cells, name)
    found = cells.put(cohort_sizes, dual_counts(name), years=years, weights=weights)
    assert (found.verdict, found.implied) == ("consistent", solution)
    sizes = dict(zip(years, map(int, solution.split("/")), strict=True))
    assert cells.put(weights_from_cohorts, PANEL, sizes=sizes, weights=weights).verdict == "consistent"


def test_zhang_ma_overlap_is_one_list_within_the_roster():
    cells, years = open_cells("dual_pilot"), DUAL["DID"][2]
    given = {"years": years, "weights": dual_weights(cells, "DID")}
    found = cells.put(cohort_sizes, dual_counts("DID"), **given)
    assert found.verdict == "consistent"
    assert {"5/12/3/10", "5/13/1/11"} <= set(found.implied.split(" or "))
    roster = tuple(rostered("dual_pilot", "overlap")[year] for year in years)
    assert cells.put(cohort_sizes, dual_counts("DID"), **given, at_most=roster).implied == "5/12/3/10"


def test_a_moved_city_is_caught_and_the_fourth_decimal_is_a_rounding_artefact():
    cells = open_cells("dual_pilot")
    sizes, moved = {2014: 37, 2015: 35, 2016: 34}, {2014: 32, 2015: 40, 2016: 34}
    weights, as_printed = dual_weights(cells, "BCS"), dual_weights(cells, "BCS", to=0.0001)
    assert cells.put(weights_from_cohorts, PANEL, sizes=moved, weights=weights).verdict == "inconsistent"
    # at the printed four decimals the paper's own cohorts would fail: the fourth digit is not one
    assert cells.put(weights_from_cohorts, PANEL, sizes=sizes, weights=as_printed).verdict == "inconsistent"
    assert adds_up(list(as_printed.values()), 1.0).verdict == "inconsistent"
    assert adds_up(list(weights.values()), 1.0).verdict == "consistent"


@pytest.mark.parametrize("name", DUAL)
def test_zhang_ma_estimates_and_shares_follow_from_their_weights(name):
    cells, column = open_cells("dual_pilot"), DUAL[name][0]
    weights = dual_weights(cells, name)
    estimates = [coarse(cells[f"t6.{column}.BACON_{one.upper()}.coef"], 0.001) for one in KINDS]
    total = coarse(cells[f"t6.{column}.BACON_DID.coef"], 0.001)
    assert adds_up(estimates, total, weights=list(weights.values())).verdict == "consistent"
    good, bad = (cells[f"text.BACON_{one}_{name}.share"] * 0.01 for one in ("GOOD", "BAD"))
    assert adds_up([weights["later"], weights["never"]], good).verdict == "consistent"
    assert adds_up([weights["earlier"]], bad).verdict == "consistent"
    assert adds_up([weights["later"], weights["never"]], bad).verdict == "inconsistent"


def test_castle_estimate_adds_up_and_a_planted_slip_does_not():
    weights = [rounding(one) for one in ("0.05976", "0.03190", "0.90834")]
    estimates = [rounding(one) for one in ("-0.00554", "0.07032", "0.08796")]
    assert adds_up(estimates, rounding(".0818"), weights=weights).verdict == "consistent"
    assert adds_up(estimates, rounding(".0828"), weights=weights).verdict == "inconsistent"


def test_any_true_cohorts_pass():
    """A panel printed to three decimals is never called inconsistent with its own cohorts."""
    draw = np.random.default_rng(7)
    for _ in range(100):
        sizes = dict(zip((2013, 2015, 2018), draw.integers(1, 40, 3).tolist(), strict=True))
        units = sum(sizes.values()) + int(draw.integers(1, 200))
        true = bacon_weights(sizes, units=units, first=2011, last=2022)
        mean = sum(n * (2023 - year) for year, n in sizes.items()) / (12 * units)
        printed = {one: rounding(f"{getattr(true, one):.3f}") for one in ("later", "earlier", "never")}
        counts = {"n": 12 * units, "treated": sum(sizes.values()), "last": 2022}
        panel = {**counts, "units": units, "first": 2011}
        found = cohort_sizes(rounding(f"{mean:.4f}"), **panel, weights=printed, years=tuple(sizes))
        assert found.verdict == "consistent"
        assert (
            moments_from_cohorts(rounding(f"{mean:.4f}"), counts["n"], 2022, sizes=sizes).verdict
            == "consistent"
        )


def test_a_trait_taken_after_the_treatment_began_may_be_moved_by_it():
    assert split_before_treatment(interval(2008), taken=2007).verdict == "consistent"
    assert split_before_treatment(interval(2008), taken=2008).verdict == "cannot tell"
    assert "may have moved" in split_before_treatment(interval(2008), taken=2024).sentence


def test_refusals():
    with pytest.raises(ValueError, match="must start after 2011 and by 2022.*2011: 3"):
        bacon_weights({2011: 3}, units=10, first=2011, last=2022)
    with pytest.raises(ValueError, match="never treated; got cohorts .* among 3 units"):
        bacon_weights({2013: 3}, units=3, first=2011, last=2022)
    with pytest.raises(ValueError, match="2 bounds for the 3 cohorts"):
        cohort_solutions(9, 52, (2003, 2004, 2008), last=2010, at_least=(1, 1), at_most=(2, 2))
    with pytest.raises(ValueError, match="no whole number: give counts"):
        moments_from_cohorts(rounding("0.5"), Interval(9.5, 10.5), 2015, sizes={2010: 1})
    assert interval(3) == Interval(3, 3)
