"""Two-way fixed effects in two engines: against pyfixest's own errors, and what is refused before it panics."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from nqp.baseline import cohorts, event_dummies
from nqp.panel import PanelError, tidy, two_way

CONTROLS = ["gdp", "fin", "stru", "wage", "gov", "human", "pubservice"]
RIGHT = ["did", *CONTROLS]
KEYS = {"unit": "id", "time": "year"}
SURE = {"fixef_rm": "none", "demeaner": pf.MapDemeaner(fixef_tol=1e-12)}
MEASURES = ["estimate", "std_error", "p_value", "conf_low", "conf_high"]


@pytest.fixture
def cities(panel):
    return panel.assign(province=panel["id"] // 10_000)


@pytest.mark.parametrize(
    ("options", "vcov"),
    [
        ({}, {"CRV1": "id"}),
        ({"cluster": "province"}, {"CRV1": "province"}),
        ({"cluster": "year"}, {"CRV1": "year"}),
        ({"cluster": ["id", "year"]}, {"CRV1": "id+year"}),
        ({"cov_type": "robust"}, "hetero"),
    ],
    ids=str,
)
def test_reghdfe_s_convention_is_pyfixest_s_own(cities, options, vcov):
    ours = two_way(cities, "entreact", RIGHT, **KEYS, **options).set_index("term")
    theirs = tidy(pf.feols(f"entreact ~ {' + '.join(RIGHT)} | id + year", cities, vcov=vcov)).set_index(
        "term"
    )
    np.testing.assert_allclose(ours.loc[RIGHT, MEASURES], theirs.loc[RIGHT, MEASURES], rtol=1e-8, atol=1e-12)
    assert ours["gap"].max() < 1e-10
    assert ours["convention"].iloc[0].startswith("reghdfe, ")


def test_the_printed_column_of_the_open_paper(cities, root):
    cells = pd.read_csv(root / "data" / "papers" / "open_benchmark" / "published.csv", dtype=str)
    printed = cells.set_index("id")["printed"]
    ours = two_way(cities, "entreact", RIGHT, **KEYS).set_index("term")
    for stat, column in {"coef": "estimate", "ci_low": "conf_low", "ci_high": "conf_high"}.items():
        assert f"{ours.loc['did', column]:.3f}" == printed[f"t3.c3.did.{stat}"]
        assert f"{ours.loc['Intercept', column]:.3f}" == printed[f"t3.c3._cons.{stat}"]


def test_a_two_way_variance_that_is_not_one_is_repaired_as_print_has_it(cities, root):
    """Column 4 of the open paper's Table 5, event study with both clusters: no engine repairs it alone."""
    event_time = cities["year"] - cohorts(cities, "did", unit="id", time="year")
    dummies = event_dummies(event_time, missing_is_infinite=True)
    frame, events = pd.concat([cities, dummies], axis=1), list(dummies.columns)
    ours = two_way(frame, "entreact", [*events, *CONTROLS], **KEYS, cluster=["id", "year"]).set_index("term")
    cells = pd.read_csv(root / "data" / "papers" / "open_benchmark" / "published.csv", dtype=str)
    printed = cells.set_index("id")["printed"]
    for term in events:
        for stat, column in {"coef": "estimate", "ci_low": "conf_low", "ci_high": "conf_high"}.items():
            assert f"{ours.loc[term, column]:.3f}" == printed[f"t5.c4.{term}.{stat}"]
    formula = f"entreact ~ {' + '.join([*events, *CONTROLS])} | id + year"
    plain = pf.feols(formula, frame, vcov={"CRV1": "id+year"}).se()[events]
    assert (ours.loc[events, "std_error"] / plain - 1).abs().max() > 0.02


def test_unbalanced_rows_and_province_years(cities):
    holes = cities.sample(frac=0.7, random_state=3)
    ours = two_way(holes, "entreact", RIGHT, **KEYS).set_index("term")
    theirs = pf.feols(
        f"entreact ~ {' + '.join(RIGHT)} | id + year",
        holes,
        {"CRV1": "id"},
        **SURE,
    )
    np.testing.assert_allclose(ours.loc[RIGHT, "std_error"], theirs.se()[RIGHT], rtol=1e-8)
    cells = cities.assign(cell=cities["province"].astype(str) + "-" + cities["year"].astype(str))
    ours = two_way(cells, "entreact", ["did", "gdp"], unit="id", time="cell").set_index("term")
    theirs = pf.feols(
        "entreact ~ did + gdp | id + province^year",
        cells,
        **SURE,
    )
    np.testing.assert_allclose(ours.loc[["did", "gdp"], "estimate"], theirs.coef(), rtol=1e-8)


def test_names_that_an_engine_stumbles_over_are_welcome(cities):
    odd = cities.rename(columns={"did": "i", "gdp": "log GDP"}).assign(year=cities["year"].astype("int16"))
    odd["id"] = "c" + odd["id"].astype(str)
    ours = two_way(odd.sample(frac=1, random_state=0), "entreact", ["i", "log GDP"], **KEYS)
    plain = two_way(cities, "entreact", ["did", "gdp"], **KEYS)
    np.testing.assert_allclose(ours[MEASURES], plain[MEASURES], rtol=1e-9)
    assert ours["term"].tolist() == ["i", "log GDP", "Intercept"]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda f: f.iloc[:0], {}, "no rows are left to regress entreact on did, gdp"),
        (lambda f: f.assign(did=0), {}, "did is absorbed by the effects of id and year"),
        (lambda f: f.assign(gdp=f["id"] % 7), {}, "gdp is absorbed by the effects of id and year"),
        (lambda f: f.assign(entreact=2.0), {}, "the outcome entreact is absorbed"),
        (lambda f: f.assign(gdp=2 * f["did"] + f["year"]), {}, "gdp is collinear with did"),
        (lambda f: f[f["id"] == 110000], {}, "entreact is absorbed"),
        (lambda f: pd.concat([f, f.iloc[:1]]), {}, "more than one row for 110000 in 2009"),
        (lambda f: f.assign(gdp=f["gdp"].where(f["year"] > 2010)), {}, r"infinite values in gdp \(568\)"),
        (lambda f: f.assign(province=1), {"cluster": "province"}, "at least two clusters, not 1"),
        (lambda f: f.query("id < 110001 or id == 120000").query("year < 2011"), {}, "cannot carry|absorbed"),
    ],
)
def test_what_an_engine_would_panic_at_is_refused_by_name(cities, change, options, message):
    with pytest.raises(PanelError, match=message):
        two_way(change(cities), "entreact", ["did", "gdp"], **KEYS, **options)


def test_engines_that_disagree_stop_it_and_name_the_term(cities, monkeypatch):
    from nqp.panel import two_engines as module

    real = module._pyfixest

    def other(coded, regressors, levels):
        return real(coded.assign(x2=coded["x2"] + 1e-5 * coded["x1"] * coded["time"]), regressors, levels)

    monkeypatch.setattr(module, "_pyfixest", other)
    with pytest.raises(PanelError, match="linearmodels and pyfixest disagree on did by"):
        two_way(cities, "entreact", ["did", "gdp"], **KEYS)
