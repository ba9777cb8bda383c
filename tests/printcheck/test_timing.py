"""Timing checks: against castle doctrine weights, a second engine, and the counts and weights that papers print."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nqp.data import first_treated
from nqp.robustness import goodman_bacon
from printcheck import Cells, Interval, interval, rounding
from printcheck.bacon import estimate_from_comparisons, share_of_weights, weights_from_cohorts
from printcheck.cohorts import bacon_weights, cohort_solutions
from printcheck.timing import (
    cohorts_from_counts,
    cohorts_from_weights,
    moments_from_cohorts,
    timing_readings,
)

ROOT = Path(__file__).parents[3]
CLUSTER = "innovative_industrial_cluster"
DUAL = {
    "BCS": ("c1", "broadband_china", (2014, 2015, 2016)),
    "IIC": ("c2", CLUSTER, (2013, 2015, 2017)),
    "DID": ("c3", "overlap", (2014, 2015, 2016, 2017)),
}


def dual_inputs(name: str) -> dict[str, str]:
    """Return the ids of counts, years and weights of one policy of Zhang & Ma (2025)."""
    column = DUAL[name][0]
    ids = {"mean": f"t2.c2.{name}.mean", "n": f"t2.c1.{name}.n", "treated": f"text.N_{name}.n"}
    ids |= {"units": "text.N_CITIES.n", "first": "text.YEAR_START.other", "last": "text.YEAR_END.other"}
    return ids | {one: f"t6.{column}.BACON_{one.upper()}.weight" for one in ("later", "earlier", "never")}


def without(ids: dict[str, str], *names: str) -> dict[str, str]:
    """Return the ids but for some arguments."""
    return {name: one for name, one in ids.items() if name not in names}


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
    cells, sizes = Cells.of("cluster_pilot"), rostered("cluster_pilot", CLUSTER)
    ids = COUNTS | {"sd": "t2.INN.sd", "treated": "text.placebo.treated.n"}
    found = cells.put(moments_from_cohorts, ids, sizes=sizes)
    assert found.verdict == "consistent"
    assert "362 of 3324 unit-years" in found.sentence
    one_moved = cells.put(moments_from_cohorts, ids, sizes=sizes | {2015: 18, 2018: 25})
    assert one_moved.verdict == "inconsistent"


def test_li_wei_cohorts_and_the_reading_of_their_timing_rule():
    cells = Cells.of("cluster_pilot")
    ids = COUNTS | {"treated": "text.placebo.treated.n"}
    found = cells.put(
        cohorts_from_counts, ids, years=(2013, 2015, 2018), at_least=(9, 0, 0), at_most=(9, 52, 52)
    )
    assert found.implied == "9/19/24"
    assert "2013/2015/2018 and hold at least 9/0/0 units and hold at most 9/52/52 units" in found.sentence
    same_year = cells.put(
        cohorts_from_counts, ids, years=(2013, 2014, 2017), at_least=(9, 0, 0), at_most=(9, 52, 52)
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
    cells, sizes = Cells.of("cluster_pilot"), rostered("cluster_pilot", CLUSTER)
    ids = {"units": "text.cities.n", "first": "text.years.first", "last": "text.years.last"}
    ids |= {"earlier": "text.bacon.early.weight", "never": "text.bacon.never.weight"}
    found = cells.put(weights_from_cohorts, ids, sizes=sizes, percent=True)
    assert found.verdict == "inconsistent"
    assert found.implied == "earlier 0.03844, never 0.94021"
    unsure = cells.put(
        weights_from_cohorts, ids, sizes=sizes, percent=True, unstated="whether controls enter"
    )
    assert unsure.verdict == "cannot tell"


# --- Zhang & Ma (2025) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "solution"), [("BCS", "37/35/34"), ("IIC", "10/19/24")])
def test_zhang_ma_cohorts_follow_from_counts_and_weights(name, solution):
    cells, years = Cells.of("dual_pilot"), DUAL[name][2]
    counted = cells.put(
        cohorts_from_counts,
        without(dual_inputs(name), "units", "first", "later", "earlier", "never"),
        years=years,
    )
    assert "lists, within" in counted.implied
    found = cells.put(cohorts_from_weights, dual_inputs(name), years=years, to=0.001)
    assert (found.verdict, found.implied) == ("consistent", solution)
    sizes = dict(zip(years, map(int, solution.split("/")), strict=True))
    ids = without(dual_inputs(name), "mean", "n", "treated")
    assert cells.put(weights_from_cohorts, ids, sizes=sizes, to=0.001).verdict == "consistent"


def test_zhang_ma_overlap_is_one_list_within_the_roster():
    cells, years = Cells.of("dual_pilot"), DUAL["DID"][2]
    found = cells.put(cohorts_from_weights, dual_inputs("DID"), years=years, to=0.001)
    assert found.verdict == "consistent"
    assert {"5/12/3/10", "5/13/1/11"} <= set(found.implied.split(" or "))
    roster = tuple(rostered("dual_pilot", "overlap")[year] for year in years)
    within = cells.put(cohorts_from_weights, dual_inputs("DID"), years=years, to=0.001, at_most=roster)
    assert within.implied == "5/12/3/10"


def test_a_moved_city_is_caught_and_the_fourth_decimal_is_a_rounding_artefact():
    cells = Cells.of("dual_pilot")
    ids = without(dual_inputs("BCS"), "mean", "n", "treated")
    sizes = {2014: 37, 2015: 35, 2016: 34}
    moved = {2014: 32, 2015: 40, 2016: 34}
    assert cells.put(weights_from_cohorts, ids, sizes=moved, to=0.001).verdict == "inconsistent"
    # at the printed four decimals the paper's own cohorts would fail: the fourth digit is not one
    assert cells.put(weights_from_cohorts, ids, sizes=sizes).verdict == "inconsistent"
    weights = [f"t6.c1.BACON_{one}.weight" for one in ("LATER", "EARLIER", "NEVER")]
    assert cells.put(share_of_weights, {"weight": weights}, share=1).verdict == "inconsistent"
    assert cells.put(share_of_weights, {"weight": weights}, share=1, to=0.001).verdict == "consistent"


@pytest.mark.parametrize("name", DUAL)
def test_zhang_ma_estimates_and_shares_follow_from_their_weights(name):
    cells, column = Cells.of("dual_pilot"), DUAL[name][0]
    kinds = ("LATER", "EARLIER", "NEVER")
    weight = [f"t6.{column}.BACON_{one}.weight" for one in kinds]
    estimate = [f"t6.{column}.BACON_{one}.coef" for one in kinds]
    ids = {"weight": weight, "estimate": estimate, "total": f"t6.{column}.BACON_DID.coef"}
    assert cells.put(estimate_from_comparisons, ids, to=0.001).verdict == "consistent"
    good = {"weight": [weight[0], weight[2]], "share": f"text.BACON_GOOD_{name}.share"}
    bad = {"weight": [weight[1]], "share": f"text.BACON_BAD_{name}.share"}
    for share in (good, bad):
        assert cells.put(share_of_weights, share, percent=True, to=0.001).verdict == "consistent"
    swapped = good | {"share": bad["share"]}
    assert cells.put(share_of_weights, swapped, percent=True, to=0.001).verdict == "inconsistent"


def test_castle_estimate_adds_up_and_a_planted_slip_does_not():
    weight = [rounding(one) for one in ("0.05976", "0.03190", "0.90834")]
    estimate = [rounding(one) for one in ("-0.00554", "0.07032", "0.08796")]
    assert estimate_from_comparisons(weight, estimate, rounding(".0818")).verdict == "consistent"
    assert estimate_from_comparisons(weight, estimate, rounding(".0828")).verdict == "inconsistent"


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
        found = cohorts_from_weights(
            rounding(f"{mean:.4f}"), units=units, first=2011, **counts, **printed, years=tuple(sizes)
        )
        assert found.verdict == "consistent"
        assert (
            moments_from_cohorts(rounding(f"{mean:.4f}"), counts["n"], 2022, sizes=sizes).verdict
            == "consistent"
        )


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
