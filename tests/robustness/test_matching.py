"""Matching, against Stata's nnmatch, R's Matching and the printed PSM-DID table."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
import statsmodels.api as sm

from nqp.panel import PanelError
from nqp.robustness import Rule, match
from nqp.robustness.matching import match_scores
from nqp.robustness.score import propensity_score

NSW = ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]
RULES = {
    "c1": ("probit", Rule("nearest", 4, caliper=0.05, support="both", estimand="ate")),
    "c2": ("logit", Rule("radius", caliper=0.01, support="both", estimand="ate")),
    "c3": ("logit", Rule("kernel", support="both", estimand="ate")),
}


@pytest.fixture(scope="module")
def cities(open_panel):
    return open_panel.assign(ever=open_panel.groupby("id")["did"].transform("max"))


@pytest.mark.filterwarnings("ignore:.*singleton fixed effect")
@pytest.mark.parametrize("column", RULES)
def test_the_printed_psm_did_table(cities, controls, printed, column):
    """Pooled city-years, ever-treated cities; two-way fixed effects on rows on support, unweighted."""
    link, rule = RULES[column]
    found = match(cities, "ever", controls, rule, link=link)
    rows = cities[found["on_support"]]
    regressors = " + ".join(["did", *controls])
    fit = pf.feols(f"entreact ~ {regressors} + C(year) | id", rows, vcov={"CRV1": "id"}, fixef_rm="singleton")
    low, high = fit.confint().loc["did"]
    assert str(fit._N) == printed[f"t6.{column}.model.n"]
    assert f"{fit.coef()['did']:.3f}" == printed[f"t6.{column}.did.coef"]
    assert f"{low:.3f}" == printed[f"t6.{column}.did.ci_low"]
    assert f"{high:.3f}" == printed[f"t6.{column}.did.ci_high"]
    assert f"{fit._adj_r2:.3f}" == printed[f"t6.{column}.model.r2_adj"]


def difference(found, outcome):
    """Difference of weighted means: the ATT or ATE."""
    used = found[found["weight"] > 0].assign(y=outcome)
    means = [np.average(rows["y"], weights=rows["weight"]) for _, rows in used.groupby("treated")]
    return means[1] - means[0]


def test_stata_nnmatch_with_ties(nsw, reference):
    found = match_scores(nsw["age"], nsw["treat"], Rule("nearest", 1, support="none", estimand="ate"))
    # earnings here are rounded to cents
    assert difference(found, nsw["re78"]) == pytest.approx(reference["nnmatch"]["age_1"], abs=0.002)


@pytest.mark.parametrize(
    ("model", "estimand"), [("main_effects", "att"), ("with_squares", "att"), ("with_squares", "ate")]
)
def test_r_matching(nsw, reference, model, estimand):
    squares = {f"{name}2": nsw[name] ** 2 for name in ("age", "educ", "re74", "re75")}
    zeros = {name: (nsw[f"re{name[1:]}"] == 0).astype(int) for name in ("u74", "u75")}
    frame = nsw.assign(**squares, **zeros)
    covariates = NSW if model == "main_effects" else [*NSW, *squares, *zeros]
    score = propensity_score(frame, "treat", covariates)
    near = float(np.sqrt(1e-5) * score.std())
    found = match_scores(score, nsw["treat"], Rule(support="none", tie_tolerance=near, estimand=estimand))
    assert f"{difference(found, nsw['re78']):.1f}" == reference["matching"][model][estimand]


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_scores_equal_statsmodels_on_raw_covariates(nsw, link):
    model = {"logit": sm.Logit, "probit": sm.Probit}[link]
    theirs = model(nsw["treat"], sm.add_constant(nsw[NSW])).fit(disp=0, maxiter=200).predict()
    np.testing.assert_allclose(propensity_score(nsw, "treat", NSW, link), theirs, rtol=1e-6)


def by_hand(nsw, score, rule):
    """The same estimand from the definition, one treated person at a time."""
    y, d, p = nsw["re78"].to_numpy(), nsw["treat"].to_numpy(), score.to_numpy()
    gaps = []
    for i in np.flatnonzero(d == 1):
        distance = np.abs(p[d == 0] - p[i])
        if rule.method == "nearest":
            weight = (distance <= np.sort(distance)[rule.neighbours - 1] + 1e-14) & (distance <= rule.caliper)
        elif rule.method == "radius":
            weight = distance <= rule.caliper
        else:
            weight = np.maximum(0, 1 - (distance / 0.06) ** 2)
        if weight.sum() > 0:
            gaps.append(y[i] - np.average(y[d == 0], weights=weight))
    return np.mean(gaps), len(gaps)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("nearest", 1, support="none"),
        Rule("nearest", 3, caliper=0.001, support="none"),
        Rule("radius", caliper=0.002, support="none"),
        Rule("kernel", support="none"),
    ],
    ids=lambda rule: f"{rule.method}-{rule.neighbours}",
)
def test_weights_give_the_definition(nsw, rule):
    score = propensity_score(nsw, "treat", NSW)
    found = match_scores(score, nsw["treat"], rule)
    effect, matched = by_hand(nsw, score, rule)
    weight, treated = found["weight"], found["treated"] == 1
    assert difference(found, nsw["re78"]) == pytest.approx(effect, rel=1e-9)
    assert (weight[treated] > 0).sum() == matched
    assert weight[~treated].sum() == pytest.approx(matched)


def test_common_support(nsw):
    score = propensity_score(nsw, "treat", NSW)
    one, zero = score[nsw["treat"] == 1], score[nsw["treat"] == 0]
    treated_only = match_scores(score, nsw["treat"], Rule(support="treated"))
    outside = (one < zero.min()) | (one > zero.max())
    assert outside.any()
    assert not treated_only.loc[one.index[outside], "on_support"].any()
    assert treated_only.loc[zero.index, "on_support"].all()
    both = match_scores(score, nsw["treat"], Rule(support="both"))
    outside = (zero < one.min()) | (zero > one.max())
    assert outside.any()
    assert (both.loc[zero.index[outside], "weight"] == 0).all()


def test_row_order_changes_nothing(cities, controls):
    mixed = cities.sample(frac=1, random_state=3)
    for link, rule in RULES.values():
        one = match(cities, "ever", controls, rule, link=link)
        two = match(mixed, "ever", controls, rule, link=link).loc[cities.index]
        assert one.to_numpy(float).tobytes() == two.to_numpy(float).tobytes()


def test_by_year_is_each_year_alone(cities, controls):
    rule = Rule("nearest", 2, caliper=0.05)
    together = match(cities, "ever", controls, rule, by="year")
    alone = match(cities[cities["year"] == 2012], "ever", controls, rule)
    pd.testing.assert_frame_equal(together[cities["year"] == 2012], alone)
    assert list(together.index) == list(cities.index)


def test_refusals(nsw):
    def refuse(text, frame=nsw, covariates=tuple(NSW), rule=None, **options):
        with pytest.raises(PanelError, match=text):
            match(frame, "treat", list(covariates), rule or Rule(), **options)

    refuse(
        "oracle separate treated from untreated rows perfectly",
        nsw.assign(oracle=nsw["treat"] * 2.0),
        ["oracle"],
    )
    quasi = nsw.assign(hint=(nsw["treat"] == 1) & (nsw["age"] > 30)).astype({"hint": int})
    refuse("hint separate", quasi, ["age", "hint"])
    refuse(
        "covariate twice is collinear with covariate age", nsw.assign(twice=2 * nsw["age"]), ["age", "twice"]
    )
    refuse("covariate one is absorbed by the constant", nsw.assign(one=1), ["age", "one"])
    refuse("treatment treat is 1 in every row", nsw[nsw["treat"] == 1])
    refuse("treatment treat must be 0 or 1", nsw.assign(treat=nsw["treat"] * 2))
    refuse("index repeats", pd.concat([nsw, nsw]))
    refuse(
        "half 1: treatment treat is 1 in every row",
        nsw.assign(half=nsw["treat"]).replace({"half": {0: 1}}).query("treat == 1"),
        by="half",
    )
    gap = nsw.assign(age=nsw["age"].where(nsw.index != nsw.index[-1]), late=nsw.index == nsw.index[-1])
    with pytest.raises(PanelError, match=r"late True: missing or infinite values in age \(1\) of 1 rows"):
        match(gap, "treat", list(NSW), Rule("radius", caliper=1.0), by="late")
    apart = pd.Series(np.where(nsw["treat"] == 1, 0.9, 0.1), name="score")
    with pytest.raises(
        PanelError, match=r"no common support: treated scores run from 0\.9 to 0\.9 and untreated"
    ):
        match_scores(apart, nsw["treat"], Rule())
    with pytest.raises(PanelError, match="no common support"):
        match_scores(apart, nsw["treat"], Rule("radius", caliper=0.1, support="none"))
    with pytest.raises(PanelError, match="radius matching needs a finite caliper"):
        Rule("radius")
    with pytest.raises(PanelError, match="neighbours must be at least 1"):
        Rule(neighbours=0)
