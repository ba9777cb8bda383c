"""Averages of cohort-and-period effects, against the packages `differences` and `diff_diff`."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from diff_diff import ImputationDiD
from differences import ATTgt

from nqp.baseline import average_effect, cohorts
from nqp.baseline.averages import average_weights


@pytest.fixture
def dated(panel):
    panel["cohort"] = cohorts(panel, "did", unit="id", time="year")
    label = "c" + panel["cohort"].fillna(0).astype(int).astype(str) + "y" + panel["year"].astype(str)
    panel["sa"] = label.where(panel["cohort"].notna() & (panel["year"] != panel["cohort"] - 1), "base")
    panel["treated"] = label.where(panel["did"] == 1, "base")
    return panel


def cells_of(fit, panel):
    cells = fit.coef().index.str.extract(r"c(?P<cohort>\d{4})y(?P<time>\d{4})").astype(int)
    sizes = panel.drop_duplicates("id")["cohort"].value_counts()
    cells = cells.assign(estimate=fit.coef().to_numpy(), n=cells["cohort"].map(sizes).to_numpy())
    late = (cells["time"] >= cells["cohort"]).to_numpy()
    return cells[late], fit._vcov[np.ix_(late, late)]


@pytest.mark.parametrize(
    ("kind", "theirs"), [("simple", "simple"), ("group", "cohort"), ("calendar", "time"), ("event", "event")]
)
def test_saturated_averages_equal_callaway_santanna_with_never_treated(dated, kind, theirs):
    """Without covariates the two estimators have the same cells, so the averages must agree to the last digit."""
    fit = pf.feols('entreact ~ i(sa, ref="base") | id + year', dated, vcov={"CRV1": "id"})
    ours = average_effect(*cells_of(fit, dated), kind)
    attgt = ATTgt(
        dated[["id", "year", "entreact", "cohort"]].set_index(["id", "year"]), cohort_column="cohort"
    )
    found = attgt.fit("entreact", control_group="never_treated", progress_bar=False)
    average = found.aggregate(theirs, overall=theirs != "simple").iloc[0]
    assert ours["estimate"] == pytest.approx(float(average.iloc[0]), abs=1e-7)
    assert ours["std_error"] == pytest.approx(
        float(average.iloc[1]), rel=0.05
    )  # theirs counts estimated weights


def test_imputation_equals_diff_diff(dated):
    fit = pf.did2s(
        dated,
        yname="entreact",
        first_stage="~ 0 | id + year",
        second_stage='~ i(treated, ref="base")',
        treatment="did",
        cluster="id",
    )
    ours = average_effect(*cells_of(fit, dated), "simple")
    theirs = ImputationDiD().fit(
        dated.assign(cohort=dated["cohort"].fillna(0)),
        outcome="entreact",
        unit="id",
        time="year",
        first_treat="cohort",
    )
    assert ours["estimate"] == pytest.approx(theirs.overall_att, abs=1e-5)  # iterative demeaning
    assert ours["std_error"] == pytest.approx(theirs.overall_se, rel=0.01)


def test_weights_by_hand():
    cells = pd.DataFrame({"cohort": [1, 1, 1, 3], "time": [1, 2, 3, 3], "n": [2, 2, 2, 6]})
    assert average_weights(cells, "simple") == pytest.approx(np.array([2, 2, 2, 6]) / 12)
    assert average_weights(cells, "group") == pytest.approx([0.25 / 3, 0.25 / 3, 0.25 / 3, 0.75])
    assert average_weights(cells, "calendar") == pytest.approx([1 / 3, 1 / 3, 0.25 / 3, 0.75 / 3])
    assert average_weights(cells, "event") == pytest.approx([0.25 / 3, 1 / 3, 1 / 3, 0.75 / 3])


def test_refusals():
    cells = pd.DataFrame({"cohort": [2], "time": [1], "n": [1], "estimate": [0.0]})
    with pytest.raises(ValueError, match="unknown average 'mean'; use one of simple, group, calendar, event"):
        average_weights(cells, "mean")
    with pytest.raises(ValueError, match="1 cells lie before treatment"):
        average_weights(cells, "simple")
    with pytest.raises(ValueError, match=r"vcov has shape \(2, 2\) for 1 cells"):
        average_effect(cells.assign(time=2), np.eye(2), "simple")
