"""On the noise-free outcome the paper's regressions, run by other libraries, return the paper's printed numbers."""

import copy

import numpy as np
import pandas as pd
import pyfixest
import pytest
import yaml
from linearmodels import IV2SLS, PanelOLS

import nqp.twin
from nqp.book.verify import reference
from nqp.data import path_of
from nqp.evidence import published
from nqp.twin.assemble import setting_of
from nqp.twin.declared import TwinError
from nqp.twin.reading import parse_study
from nqp.twin.solve import build_setting, solve_world

STUDY = "cluster_pilot"
CONTROLS = ["EDU", "FIN", "URB", "ECO", "OPE", "MAR"]
PRINTED = published(STUDY)["value"]
CALIBRATED = ("as_printed", "exclusion_violated", "heterogeneous_effects", "valid_instruments")


def stata_xtreg(frame: pd.DataFrame, outcome: str, terms: list[str]) -> pd.Series:
    """City effects, year dummies with the first year as base, and the constant as Stata's ``xtreg, fe`` reports it."""
    panel = frame.set_index(["adcode", "year"], drop=False)
    years = pd.get_dummies(panel["year"], prefix="y", dtype=float).iloc[:, 1:]
    x = pd.concat([panel[[*terms, *CONTROLS]].astype(float), years], axis=1).assign(Constant=1.0)
    fit = PanelOLS(panel[outcome], x, entity_effects=True, singletons=True).fit()
    return fit.params


def moderated(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame.assign(**{f"INNx{name}": frame["INN"] * (frame[name] - frame[name].mean())})


@pytest.mark.parametrize(("column", "outcome"), [("c1", "NQP"), ("c2", "STP"), ("c3", "GRP"), ("c4", "DAP")])
def test_baseline(exact, column, outcome):
    found = stata_xtreg(exact, outcome, ["INN"])
    assert found["INN"] == pytest.approx(PRINTED[f"t3.{column}.INN.coef"], abs=1e-6)
    if outcome != "DAP":  # the one constant of the four that cannot hold with the others
        assert found["Constant"] == pytest.approx(PRINTED[f"t3.{column}.Constant.coef"], abs=1e-6)


def test_shorter_window(exact):
    found = stata_xtreg(exact[exact["year"] <= 2019], "NQP", ["INN"])
    assert found["INN"] == pytest.approx(PRINTED["t4.c2.INN.coef"], abs=1e-6)
    assert found["Constant"] == pytest.approx(PRINTED["t4.c2.Constant.coef"], abs=1e-6)


def test_province_by_year_effects(exact):
    frame = exact.assign(province_year=exact["province_zh"] + exact["year"].astype(str))
    fit = pyfixest.feols(f"NQP ~ INN + {' + '.join(CONTROLS)} | adcode + province_year", frame)
    b = fit.coef()
    assert b["INN"] == pytest.approx(PRINTED["t4.c3.INN.coef"], abs=1e-6)
    constant = frame["NQP"].mean() - frame[["INN", *CONTROLS]].mean() @ b[["INN", *CONTROLS]]
    assert constant == pytest.approx(PRINTED["t4.c3.Constant.coef"], abs=1e-6)


def test_other_policies(exact):
    found = stata_xtreg(exact, "NQP", ["INN", "DOU", "IPR", "BIG"])
    for term in ("INN", "DOU", "IPR", "BIG", "Constant"):
        assert found[term] == pytest.approx(PRINTED[f"t4.c4.{term}.coef"], abs=1e-6)


@pytest.mark.parametrize(("column", "name"), [("c1", "QUA"), ("c2", "HCP"), ("c3", "ISU")])
def test_moderation(exact, column, name):
    found = stata_xtreg(moderated(exact, name), "NQP", ["INN", name, f"INNx{name}"])
    text = {"INNxHCP": "text.INNxHCP.coef"}  # the text and the table disagree; the text is the target
    for term in ("INN", name, f"INNx{name}", "Constant"):
        number = text.get(term, f"t6.{column}.{term}.coef")
        assert found[term] == pytest.approx(PRINTED[number], abs=1e-6)


@pytest.mark.parametrize(
    ("column", "query"),
    [("c1", "north == 1"), ("c2", "north == 0"), ("c3", "MAR_high == 1"), ("c4", "MAR_high == 0")],
)
def test_groups(exact, column, query):
    rows = exact.query(query)
    assert len(rows) == PRINTED[f"t7.{column}.n"]
    found = stata_xtreg(rows, "NQP", ["INN"])
    assert found["INN"] == pytest.approx(PRINTED[f"t7.{column}.INN.coef"], abs=1e-6)
    assert found["Constant"] == pytest.approx(PRINTED[f"t7.{column}.Constant.coef"], abs=1e-6)


@pytest.mark.parametrize(("first", "second", "name"), [("t5.c1", "t5.c2", "IV1"), ("t5.c3", "t5.c4", "IV2")])
def test_instruments(exact, first, second, name):
    wanted = ["NQP", "INN", *CONTROLS, name]
    x = exact[wanted].astype(float)
    city, year = exact["adcode"], exact["year"]
    net = x - x.groupby(city).transform("mean") - x.groupby(year).transform("mean") + x.mean()
    fit = IV2SLS(net["NQP"], net[CONTROLS], net[["INN"]], net[[name]]).fit()
    assert fit.params["INN"] == pytest.approx(PRINTED[f"{second}.INN.coef"], abs=1e-6)
    stage = fit.first_stage.individual["INN"].params[name]
    assert round(stage, 4) == PRINTED[f"{first}.{name}.coef"]


def test_event_study_is_flat_before_and_rises_after(exact):
    since = (exact["year"] - exact["first_treated"]).where(exact["first_treated"] > 0)
    steps = [k for k in range(-7, 10) if k != -1]
    frame = exact.assign(**{f"e{k}": (since == k).astype(float) for k in steps})
    found = stata_xtreg(frame, "NQP", [f"e{k}" for k in steps])
    assert max(abs(found[f"e{k}"]) for k in steps if k < 0) < 1e-6
    after = [found[f"e{k}"] for k in steps if k >= 0]
    assert (np.diff(after) > 0).all()
    assert after[0] > 0


def test_every_world_meets_its_targets():
    for world in CALIBRATED:
        table = nqp.twin.pseudo_true(STUDY, world=world)
        assert table["difference"].abs().max() < 1e-6, world


def test_worlds_differ_in_what_carries_the_instruments():
    truth = {w: nqp.twin.generate(STUDY, 1, world=w).truth for w in CALIBRATED}
    size = {w: t.groupby("group")["NQP"].apply(lambda b: b.abs().max()) for w, t in truth.items()}
    assert size["exclusion_violated"]["exclusion"] > 0 == size["exclusion_violated"]["effect by count"]
    assert size["heterogeneous_effects"]["effect by count"] > 0 == size["heterogeneous_effects"]["exclusion"]
    assert size["valid_instruments"]["exclusion"] == size["valid_instruments"]["effect by count"] == 0


def declared() -> dict:
    return copy.deepcopy(yaml.safe_load(path_of("papers/cluster_pilot/twin.yml").read_text(encoding="utf-8")))


def test_contradicting_targets_are_named_with_the_residual():
    """The four printed constants against weights that reproduce means and effects: arithmetic, outside this code."""
    w = setting_of(STUDY).weights
    parts = [PRINTED[f"t3.{c}.Constant.coef"] for c in ("c2", "c3", "c4")]
    residual = parts[2] - (PRINTED["t3.c1.Constant.coef"] - w[:2] @ parts[:2]) / w[2]
    spec = declared()
    spec["targets"].append("t3.c4.Constant.coef")
    with pytest.raises(nqp.twin.ContradictoryTargets) as raised:
        solve_world(build_setting(parse_study(STUDY, spec)), "as_printed")
    said = str(raised.value)
    assert (
        "t3.c1.Constant.coef = -0.3118, t3.c2.Constant.coef = -0.4698, t3.c3.Constant.coef = 0.3112" in said
    )
    assert f"t3.c4.Constant.coef comes out at {parts[2] - residual:.6f}: residual {residual:+.6f}" in said
    assert "t4." not in said
    assert "t6." not in said


def test_two_values_for_one_coefficient_are_refused():
    spec = declared()
    spec["targets"].append("t6.c2.INNxHCP.coef")
    with pytest.raises(nqp.twin.ContradictoryTargets, match=r"are the same coefficient.*residual -0.017000"):
        parse_study(STUDY, spec)


def test_a_number_that_is_not_printed_is_refused():
    spec = declared()
    spec["targets"][0] = "t3.c1.INM.coef"
    with pytest.raises(TwinError, match=r"'t3.c1.INM.coef'.*did you mean t3.c1.INN.coef"):
        parse_study(STUDY, spec)


def test_dimension_weights_reproduce_the_index():
    """Three equations in print: weights sum to one, means and effects of the dimensions give those of the index."""
    w = setting_of(STUDY).weights
    assert w == pytest.approx([0.281, 0.105, 0.614], abs=5e-4)
    assert w.sum() == pytest.approx(1)
    assert w @ [PRINTED[f"t2.{d}.mean"] for d in ("STP", "GRP", "DAP")] == pytest.approx(
        PRINTED["t2.NQP.mean"]
    )
    assert w @ [PRINTED[f"t3.{c}.INN.coef"] for c in ("c2", "c3", "c4")] == pytest.approx(
        PRINTED["t3.c1.INN.coef"]
    )


@pytest.mark.parametrize(("column", "outcome"), [("c1", "NQP"), ("c2", "STP"), ("c3", "GRP"), ("c4", "DAP")])
def test_a_twins_clustered_errors_in_the_ledger_carry_a_second_engines_factor(twin, column, outcome):
    """Nothing in print holds them: a twin's errors are drawn, so only another engine tells a wrong factor."""
    fit = pyfixest.feols(
        f"{outcome} ~ INN + {' + '.join(CONTROLS)} | adcode + year", twin.panel, vcov={"CRV1": "adcode"}
    )
    rows = reference().query("study == @STUDY and evidence == 'twin'").set_index("id")["replicated"]
    assert rows[f"t3.{column}.INN.se"] == pytest.approx(fit.se()["INN"], rel=1e-8)
    assert rows[f"t3.{column}.INN.coef"] == pytest.approx(fit.coef()["INN"], rel=1e-8)
