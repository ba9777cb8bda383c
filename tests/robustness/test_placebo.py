"""Placebo by random assignment, against two regression engines."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from linearmodels.panel import PanelOLS

from nqp.panel import PanelError, balanced_panel
from nqp.robustness import placebo
from nqp.robustness.random_assignment import BLOCK, draw_assignments

KEYS = {"unit": "id", "time": "year"}


def treatments(frame, seed, count, dates="observed"):
    """The first draws that `placebo` makes with this seed, each as an N x T array of 0 and 1."""
    observed = balanced_panel(frame, ["did"], "id", "year")["did"]
    periods = observed.shape[1]
    first = np.where(observed.any(axis=1), observed.argmax(axis=1), periods)
    stream = np.random.SeedSequence(seed).spawn(1)[0]
    orders, starts = draw_assignments(first, periods, dates, stream, BLOCK)
    if dates == "observed":
        return observed[orders[:count]]
    return (np.arange(periods) >= starts[:count, :, None]).astype(float)


@pytest.mark.parametrize("dates", ["observed", "random"])
def test_draws_equal_pyfixest(open_panel, controls, dates):
    found = placebo(open_panel, "entreact", "did", controls, **KEYS, draws=BLOCK, seed=7, dates=dates)
    frame = open_panel.copy()
    for draw, values in enumerate(treatments(open_panel, 7, 3, dates)):
        frame["fake"] = values.ravel()
        fit = pf.feols(f"entreact ~ fake + {' + '.join(controls)} + C(year) | id", frame, vcov={"CRV1": "id"})
        ours = found.draws.iloc[draw]
        assert ours["coefficient"] == pytest.approx(fit.coef()["fake"], abs=1e-12)
        assert ours["std_error"] == pytest.approx(fit.se()["fake"], rel=1e-10)
        assert ours["t"] == pytest.approx(fit.tstat()["fake"], rel=1e-10)


def test_draws_equal_linearmodels(open_panel, controls):
    found = placebo(open_panel, "entreact", "did", controls, **KEYS, draws=2, seed=3)
    frame = open_panel.set_index(["id", "year"])
    fakes = [frame["did"].to_numpy(), *(values.ravel() for values in treatments(open_panel, 3, 2))]
    ours = [(found.coefficient, found.t), *found.draws[["coefficient", "t"]].to_numpy()]
    for fake, (coefficient, t) in zip(fakes, ours, strict=True):
        x = frame[controls].assign(fake=fake)
        model = PanelOLS(frame["entreact"], x, entity_effects=True, time_effects=True)
        fit = model.fit(cov_type="clustered", cluster_entity=True)
        assert coefficient == pytest.approx(fit.params["fake"], abs=1e-12)
        # linearmodels counts the city effects too, and takes no G/(G-1)
        counted = np.sqrt((4544 / (4544 - 8 - 16 - 283)) / (284 / 283 * 4543 / (4544 - 8 - 16)))
        assert t == pytest.approx(fit.tstats["fake"] * counted, rel=1e-10)


def test_actual_estimate_is_the_published_one(open_panel, controls, printed):
    found = placebo(open_panel, "entreact", "did", controls, **KEYS, draws=1, seed=0)
    assert f"{found.coefficient:.3f}" == printed["t3.c3.did.coef"]
    bounds = found.coefficient + np.array([-1, 1]) * 1.9684 * found.std_error  # t(283)
    assert [f"{b:.3f}" for b in bounds] == [printed["t3.c3.did.ci_low"], printed["t3.c3.did.ci_high"]]


def test_assignments_keep_cohorts(open_panel):
    observed = np.sort(open_panel.groupby("id")["did"].sum())
    for values in treatments(open_panel, 1, 20):
        assert (np.sort(values.sum(axis=1)) == observed).all()
        assert (values.sum(axis=1) != open_panel.groupby("id")["did"].sum().to_numpy()).any()


def test_drawn_dates_keep_the_number_and_spread_over_periods(open_panel):
    ever = open_panel.groupby("id")["did"].max().to_numpy() == 1
    drawn = treatments(open_panel, 1, BLOCK, "random")
    assert (drawn.any(axis=2).sum(axis=1) == ever.sum()).all()
    assert (drawn[:, :, 0] == 0).all()
    assert (np.diff(drawn, axis=2) >= 0).all()
    starts = np.bincount(drawn[drawn.any(axis=2)].argmax(axis=1), minlength=16)[1:]
    assert starts.min() > 0.8 * starts.mean()


def test_row_order_workers_and_prefix_change_nothing(open_panel, controls):
    args = ("entreact", "did", controls)
    one = placebo(open_panel, *args, **KEYS, draws=300, seed=5)
    shuffled = placebo(open_panel.sample(frac=1, random_state=2), *args, **KEYS, draws=300, seed=5)
    longer = placebo(open_panel, *args, **KEYS, draws=400, seed=5)
    assert one.draws.to_numpy().tobytes() == shuffled.draws.to_numpy().tobytes()
    assert (one.coefficient, one.t, one.p_value) == (shuffled.coefficient, shuffled.t, shuffled.p_value)
    np.testing.assert_allclose(longer.draws[:300], one.draws, rtol=1e-9)
    other = placebo(open_panel, *args, **KEYS, draws=300, seed=6)
    assert not np.allclose(other.draws, one.draws)


def test_relabelled_units_and_scaled_outcome(open_panel, controls):
    frame = open_panel.assign(id="c" + open_panel["id"].astype(str), entreact=1000 * open_panel["entreact"])
    one = placebo(open_panel, "entreact", "did", controls, **KEYS, draws=100, seed=5)
    two = placebo(frame, "entreact", "did", controls, **KEYS, draws=100, seed=5)
    np.testing.assert_allclose(two.draws["coefficient"], 1000 * one.draws["coefficient"], rtol=1e-9)
    np.testing.assert_allclose(two.draws["t"], one.draws["t"], rtol=1e-9)


def test_p_value_counts_the_actual_assignment(open_panel):
    found = placebo(open_panel, "entreact", "did", **KEYS, draws=200, seed=1)
    larger = (found.draws["coefficient"].abs() >= abs(found.coefficient)).sum()
    assert found.p_value == pytest.approx((1 + larger) / 201)
    assert len(found.draws) == 200


def test_t_is_close_to_normal_when_nothing_happens(open_panel, controls):
    noise = open_panel.assign(y=np.random.default_rng(0).normal(size=len(open_panel)))
    found = placebo(noise, "y", "did", controls, **KEYS, draws=2000, seed=1)
    assert 0.03 < (found.draws["t"].abs() > 1.96).mean() < 0.075
    assert found.p_value > 0.01


def test_continuous_treatment_paths_are_handed_over_whole(open_panel, controls):
    found = placebo(open_panel, "entreact", "gdp", controls[1:], **KEYS, draws=BLOCK, seed=1)
    paths = balanced_panel(open_panel, ["gdp"], "id", "year")["gdp"]
    stream = np.random.SeedSequence(1).spawn(1)[0]
    orders, _ = draw_assignments(np.full(284, 16), 16, "observed", stream, BLOCK)
    frame = open_panel.assign(fake=paths[orders[-1]].ravel())
    for x, t in (("gdp", found.t), ("fake", found.draws["t"].iloc[-1])):
        formula = f"entreact ~ {x} + {' + '.join(controls[1:])}"
        fit = pf.feols(f"{formula} | id + year", frame, vcov={"CRV1": "id"})
        assert t == pytest.approx(fit.tstat()[x], rel=1e-9)


def refuse(frame, match, treatment="did", controls=(), **options):
    with pytest.raises(PanelError, match=match):
        placebo(frame, "entreact", treatment, controls, **KEYS, draws=5, seed=1, **options)


def test_refusals(open_panel, controls):
    frame = open_panel
    refuse(frame.drop(index=[5, 40]), "balanced: 2 of 284 units lack some of the 16 periods: 110000, 130100")
    refuse(
        pd.concat([frame, frame.iloc[:1]]),
        r"more than one row for 110000 in 2009\. Keep one row",
    )
    refuse(frame.assign(did=0), "treatment did is absorbed by the unit and period effects")
    refuse(
        frame.assign(did=(frame["year"] > 2015) * 1),
        "treatment did is absorbed by the unit and period effects",
    )
    first = frame.assign(did=frame["did"].where(frame["id"] != 110000, 1))
    refuse(first, r"units 110000 are treated in the first period 2009")
    reversal = frame.assign(did=frame["did"].where(frame["year"] < 2024, 0))
    refuse(reversal, "treatment did switches off in units")
    refuse(frame, "treatment gdp must be 0 or 1", treatment="gdp", dates="random")
    refuse(frame, "control level is absorbed by the unit and period effects", controls=["gdp", "level"])
    twin = frame.assign(copy=2 * frame["gdp"] - frame["fin"] + frame["year"])
    refuse(twin, "control copy is collinear with control gdp, control fin", controls=["gdp", "fin", "copy"])
    refuse(frame, r"missing or infinite values in venture \(568\) of 4544 rows", controls=["venture"])
    refuse(frame, "no column gpd", controls=["gpd"])
