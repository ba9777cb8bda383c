"""Goodman-Bacon decomposition, against printed tables and regressions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from nqp.panel import PanelError
from nqp.robustness import goodman_bacon

KEYS = {"unit": "id", "time": "year"}
ROOT = Path(__file__).parents[2]


def test_with_controls_gives_the_printed_table(open_panel, controls, printed):
    found = goodman_bacon(open_panel, "entreact", "did", controls, **KEYS).by_comparison()
    names = {"timing_groups": "Timing_groups", "never_vs_timing": "Never_v_Timing", "within": "Within"}
    for ours, theirs in names.items():
        assert f"{found.loc[ours, 'estimate']:.3f}" == printed[f"t9.c1.{theirs}.coef"]
        assert f"{found.loc[ours, 'weight']:.3f}" == printed[f"t9.c2.{theirs}.weight"]


def test_castle_doctrine_as_r_prints_it(reference):
    wide = pd.read_csv(ROOT / "tests" / "reference" / "castle.csv", comment="#")
    frame = wide.melt(["state", "first_year"], var_name="year", value_name="homicide").astype({"year": int})
    frame["post"] = (frame["year"] >= frame["first_year"]).astype(int)
    found = goodman_bacon(frame, "homicide", "post", unit="state", time="year")
    assert f"{found.coefficient:.4f}" == reference["bacon"]["coefficient"]
    for name, cells in reference["bacon"]["comparisons"].items():
        for column, text in cells.items():
            assert f"{found.by_comparison().loc[name, column]:.5f}" == text


@pytest.mark.parametrize("some_controls", [(), ("gdp",), ("gdp", "fin", "stru", "wage", "gov", "human")])
def test_adds_up_to_the_regression(open_panel, some_controls):
    found = goodman_bacon(open_panel, "entreact", "did", some_controls, **KEYS)
    regressors = " + ".join(["did", *some_controls])
    fit = pf.feols(f"entreact ~ {regressors} | id + year", open_panel)
    rows = found.comparisons
    assert rows["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (rows["weight"] * rows["estimate"]).sum() == pytest.approx(fit.coef()["did"], abs=1e-10)
    assert found.coefficient == pytest.approx(fit.coef()["did"], abs=1e-10)


def test_each_comparison_without_controls_is_its_own_regression(open_panel):
    rows = goodman_bacon(open_panel, "entreact", "did", **KEYS).comparisons
    starts = open_panel[open_panel["did"] == 1].groupby("id")["year"].min()
    cohort = open_panel["id"].map(starts)
    for row in rows.itertuples():
        never = row.control_cohort == "never"
        pair = (cohort == row.cohort) | (cohort.isna() if never else cohort == row.control_cohort)
        window = {
            "treated_vs_never": True,
            "earlier_vs_later": never or open_panel["year"] < row.control_cohort,
            "later_vs_earlier": never or open_panel["year"] >= row.control_cohort,
        }[row.comparison]
        fit = pf.feols("entreact ~ did | id + year", open_panel[pair & window])
        assert row.estimate == pytest.approx(fit.coef()["did"], abs=1e-9)


@pytest.mark.parametrize(
    ("column", "policy", "years", "sizes", "units"),
    [
        ("c2", "cluster", (2013, 2015, 2017), (10, 19, 24), 275),
        ("c1", "broadband", (2014, 2015, 2016), (37, 35, 34), 275),
    ],
)
def test_weights_follow_from_cohort_sizes(column, policy, years, sizes, units):
    """Zhang & Ma (2025), table 6: weights depend on who was treated when, not on outcomes."""
    starts = np.repeat([*years, 9999], [*sizes, units - sum(sizes)])
    frame = pd.DataFrame(
        {"id": np.repeat(np.arange(units), 11), "year": np.tile(np.arange(2011, 2022), units)}
    )
    frame["did"] = (frame["year"] >= starts[frame["id"]]).astype(int)
    frame["y"] = np.random.default_rng(0).normal(size=len(frame))
    found = goodman_bacon(frame, "y", "did", **KEYS).by_comparison()["weight"]
    cells = pd.read_csv(ROOT / "data" / "papers" / "dual_pilot" / "published.csv", dtype=str).set_index("id")[
        "printed"
    ]
    names = {"treated_vs_never": "NEVER", "earlier_vs_later": "LATER", "later_vs_earlier": "EARLIER"}
    for ours, theirs in names.items():
        # the printed fourth decimal is always 0
        assert f"{found[ours]:.3f}0" == cells[f"t6.{column}.BACON_{theirs}.weight"], policy


def test_row_order_and_labels_change_nothing(open_panel, controls):
    for some_controls in ((), controls):
        one = goodman_bacon(open_panel, "entreact", "did", some_controls, **KEYS)
        mixed = goodman_bacon(
            open_panel.sample(frac=1, random_state=1), "entreact", "did", some_controls, **KEYS
        )
        moved = open_panel.assign(year=open_panel["year"] - 2013)  # period 0 is then a real cohort
        renamed = goodman_bacon(moved, "entreact", "did", some_controls, **KEYS)
        pd.testing.assert_frame_equal(one.comparisons, mixed.comparisons)
        np.testing.assert_allclose(renamed.comparisons["estimate"], one.comparisons["estimate"])
        np.testing.assert_allclose(renamed.comparisons["weight"], one.comparisons["weight"])
        assert renamed.comparisons["cohort"][0] == one.comparisons["cohort"][0] - 2013


def test_refusals(open_panel):
    never = open_panel[open_panel.groupby("id")["did"].transform("max") == 1]
    with pytest.raises(PanelError, match="no unit is never treated"):
        goodman_bacon(never, "entreact", "did", **KEYS)
    always = open_panel.assign(did=open_panel["did"].where(open_panel["id"] != 110000, 1))
    with pytest.raises(PanelError, match="units 110000 are treated in the first period 2009"):
        goodman_bacon(always, "entreact", "did", **KEYS)
    with pytest.raises(PanelError, match="control area is absorbed"):
        goodman_bacon(open_panel, "entreact", "did", ["area"], **KEYS)
    with pytest.raises(PanelError, match="not balanced"):
        goodman_bacon(open_panel.iloc[1:], "entreact", "did", **KEYS)
