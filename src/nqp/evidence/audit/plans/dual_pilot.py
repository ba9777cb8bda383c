"""Zhang & Ma (2025): "Broadband China" cities, innovative industrial clusters, and both."""

from nqp.evidence.audit import counts, descriptives, distribution, fit, groups, repetition, variation
from nqp.evidence.audit import instruments as iv
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import Interval, interval
from nqp.evidence.audit.plans.common import put_balanced, put_descriptives, put_dummies, put_stars
from nqp.evidence.audit.plans.dual_pilot_design import (
    CONTROLS,
    DESIGN,
    DF,
    PANEL,
    PERIODS,
    POLICIES,
    REGRESSORS,
    TREATED,
    UNITS,
    cohorts,
    column,
    put_shared,
)
from nqp.evidence.audit.plans.dual_pilot_extensions import (
    put_heterogeneity,
    put_mediation,
    put_overlap,
    put_timing,
)

OUT_OF_REACH = {
    r"t4\.c[135]\.KP_rk_LM\.LM": "robust to heteroskedasticity: no other printed number determines it",
    r"text\.(BCS_STRATEGY|IIC_LAUNCH)_YEAR\.other": "date of a public document, which enters no printed result",
    r"text\.N_IIC_UNITS\.n": "clusters, of which a city may have several; the tables count cities",
    r"text\.PLACEBO_REPS\.n": "the placebo results are a figure without numbers",
    r"text\.PSM_STDBIAS\.threshold": "the standardised biases are not printed",
    r"text\.BOOT_CI_LEVEL_(EG|TEC)\.other": "the limits of the bootstrap intervals are not printed",
    r"text\.POP_THRESHOLD\.threshold": "a definition; city populations are not printed",
}


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    put_stars(cells)
    _index(cells)
    _descriptives(cells)
    _baseline(cells)
    _instruments(cells)
    _matching_and_lag(cells)
    _other_panels(cells)
    put_timing(cells)
    put_overlap(cells)
    put_mediation(cells)
    put_heterogeneity(cells)
    _t_values(cells)


def _index(cells: Cells) -> None:
    weights = cells.ids(r"t1\..*\.weight")
    cells.put(descriptives.weights_sum, {"weights": weights})
    cells.put(
        repetition.printed_twice,
        {"second": "text.N_INDICATORS.n"},
        first=interval(len(weights)),
        also=weights,
        assumes="The first number counts the weights of Table 1.",
    )
    from nqp.data import read_table

    levels = read_table("published/dual_pilot_indicators.csv")["level1"].nunique()
    cells.put(
        repetition.printed_twice,
        {"second": "text.N_DIMENSIONS.n"},
        first=interval(levels),
        also=weights,
        assumes="The first number counts the dimensions of Table 1.",
    )


def _descriptives(cells: Cells) -> None:
    names = ("NQP", *POLICIES, *CONTROLS, "EG", "TEC")
    put_balanced(cells, cells.ids(r"t2\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    put_descriptives(cells, names, r"t2\.c\d\.{name}\.{stat}")
    put_dummies(cells, POLICIES, r"t2\.c\d\.{name}\.{stat}")
    for name in ("NQP", "OFI", "EG", "TEC"):
        stats = zip(("n", "mean", "sd", "minimum", "maximum"), ("n", "mean", "sd", "min", "max"), strict=True)
        ids = {key: f"t2.c{place}.{name}.{stat}" for place, (key, stat) in enumerate(stats, start=1)}
        cells.put(descriptives.one_value_share, ids)
    cells.put(
        descriptives.rescaling,
        {"mean": "t2.c2.NQP.mean", "minimum": "t2.c4.NQP.min", "maximum": "t2.c5.NQP.max"},
        matters="The index of new quality productive forces has a mean of exactly 0.6 and a range of exactly 0.4 to"
        " four digits, as a rescaling that the paper does not describe would give; the size of every effect"
        " depends on it.",
        resolve="The formula that turns component scores into the index.",
    )
    cells.put(
        counts.parts_add_up,
        {"parts": ["text.N_EAST.n", "text.N_CENTRAL_REGION.n", "text.N_WEST.n"], "total": "text.N_CITIES.n"},
    )


def _baseline(cells: Cells) -> None:
    columns = [column("t3", k, policy) for k, policy in enumerate(POLICIES, start=1)]
    put_balanced(cells, cells.ids(r"t3\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    put_shared(
        cells,
        columns,
        df=DF,
        matters="The three columns share one R2 without their policy exactly as classical errors require: the t"
        " values of the main tables are not clustered by city, where treatment varies.",
        resolve="Table 3 with standard errors clustered by city.",
    )
    ids = {key: [one[key] for one in columns] for key in ("coef", "t")}
    cells.put(groups.ranking, ids, names=POLICIES)
    _variation(cells, columns)
    for one in columns:
        cells.put(
            distribution.effect_in_sd,
            {"coef": one["coef"], "outcome_sd": "t2.c3.NQP.sd", "outcome_mean": "t2.c2.NQP.mean"},
        )


def _variation(cells: Cells, columns: list[dict[str, str]]) -> None:
    """Standard errors of Table 3 against cohort sizes, and against the clustered ones of Table 5 D."""
    for k, (one, policy) in enumerate(zip(columns, POLICIES, strict=True), start=1):
        for sizes in cohorts(cells, policy):
            cells.put(
                variation.variation_left,
                {**one, "sd": "t2.c3.NQP.sd", "n": f"t3.c{k}.N.n"},
                df=DF,
                effects_leave=variation.staggered_variation(sizes, units=UNITS, first=2011, last=2021),
                assumes=f"{DESIGN} Cohorts {sizes}: sizes that give the printed counts and Table 6 weights.",
            )
        other = column("t5.D", k, policy)
        cells.put(
            variation.errors_compared,
            {"coef": one["coef"], "t": one["t"], "coef_other": other["coef"], "t_other": other["t"]},
            assumes="Table 5 Panel D clusters by city; its coefficients are those of Table 3 to one unit of the last"
            " digit.",
        )


def _error(cells: Cells, stem: str) -> Interval:
    return groups.error_from_t(cells[f"{stem}.coef"], cells[f"{stem}.t"])


def _instruments(cells: Cells) -> None:
    put_balanced(cells, cells.ids(r"t4\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    second = [f"t4.c{2 * k}.{policy}" for k, policy in enumerate(POLICIES, start=1)]
    first = [f"t4.c{k}.IV" for k in (1, 3, 5)]
    cells.put(
        iv.reduced_form_constant,
        {"first": [f"{s}.coef" for s in first], "second": [f"{s}.coef" for s in second]},
        matters="The paper states one instrument, terrain relief times the dual-pilot dummy, for all three policies."
        " One instrument has one reduced form; the three columns imply three.",
        resolve="The instrument of each column.",
    )
    for k, (f, s, policy) in enumerate(zip(first, second, POLICIES, strict=True), start=1):
        cragg = f"{f.removesuffix('.IV')}.CD_Wald_F.F"
        cells.put(
            iv.f_from_t,
            {"t": f"{f}.t", "f": cragg},
            unstated="which standard errors stand behind the first-stage t (the Cragg-Donald F takes classical ones)",
        )
        cells.put(iv.partial_r2, {"f": cragg}, df=DF, assumes=DESIGN)
        error, strength = _error(cells, s), cells[f"{f}.t"].squared()
        cells.put(
            iv.iv_against_ols,
            {"iv": f"{s}.coef", "ols": f"t3.c{k}.{policy}.coef", "sd": "t2.c3.NQP.sd"},
            iv_se=error,
            also=[f"{s}.t"],
            assumes="The IV standard error is the coefficient over its printed t.",
        )
        cells.put(
            iv.tf_adjusted,
            {"iv": f"{s}.coef"},
            iv_se=error,
            f=strength,
            stars=cells.stars(f"{s}.coef"),
            also=[f"{s}.t", f"{f}.t"],
            assumes="The IV standard error is the coefficient over its printed t, F the square of the first-stage t.",
        )
    cells.put(groups.ranking, {key: [f"{s}.{key}" for s in second] for key in ("coef", "t")}, names=POLICIES)


def _matching_and_lag(cells: Cells) -> None:
    """Table 5 A and B."""
    for k, policy in enumerate(POLICIES, start=1):
        treated = counts.integer_totals(cells[f"t2.c2.{policy}.mean"], 3025)[-1]
        cells.put(
            counts.one_to_one_bound,
            {"n": f"t5.A.c{k}.N.n"},
            treated=treated,
            also=[f"t2.c2.{policy}.mean", f"t2.c1.{policy}.n"],
            assumes="Treated observations are city-years under the policy.",
        )
        last = policy == "DID"
        cells.put(
            counts.one_to_one_bound,
            {"n": f"t5.A.c{k}.N.n"},
            treated=TREATED[policy] * PERIODS,
            also=[f"text.N_{policy}.n"],
            assumes="The wider reading: treated observations are all years of cities ever under the policy.",
            matters="Panel A is called a 1:1 matched sample; all three columns hold more observations than 1:1"
            " matching can keep, even if every year of every treated city is matched."
            if last
            else "",
            resolve="The matching procedure, and which observations it kept." if last else "",
        )
        _lag(cells, k, policy)
        one = column("t5.A", k, policy)
        cells.put(fit.room_for_t, {"r2": one["r2"], "t": one["t"]}, df=1000, assumes="At least 1,000 df.")
    lagged = [column("t5.B", k, policy) for k, policy in enumerate(POLICIES, start=1)]
    df = fit.residual_df(2750, units=UNITS, periods=PERIODS - 1, regressors=REGRESSORS)
    put_shared(cells, lagged, df=df, assumes="2,750 observations: 275 cities, ten years.")
    _rankings(cells, "AB")


def _lag(cells: Cells, k: int, policy: str) -> None:
    put_balanced(cells, [f"t5.B.c{k}.N.n"], units=UNITS, periods=PERIODS - 1, also=PANEL)
    base, lagged = column("t3", k, policy), column("t5.B", k, policy)
    cells.put(
        repetition.identical_columns,
        {"first": list(base.values()), "second": list(lagged.values())},
        n_first=int(cells.row(f"t3.c{k}.N.n").value),
        n_second=int(cells.row(f"t5.B.c{k}.N.n").value),
        also=[f"t3.c{k}.N.n", f"t5.B.c{k}.N.n"],
        matters="The estimates with the policy lagged one year are those of Table 3 to the last digit in all three"
        " columns, on 275 observations fewer; they say nothing beyond Table 3."
        if policy == "BCS"
        else "",
        resolve="The estimates with lagged policies." if policy == "BCS" else "",
    )


def _rankings(cells: Cells, panels: str) -> None:
    for panel in panels:
        ids = [f"t5.{panel}.c{k}.{policy}" for k, policy in enumerate(POLICIES, start=1)]
        cells.put(
            groups.ranking, {key: [f"{one}.{key}" for one in ids] for key in ("coef", "t")}, names=POLICIES
        )


def _other_panels(cells: Cells) -> None:
    """Table 5 C to F."""
    put_balanced(cells, cells.ids(r"t5\.[CDF]\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    put_balanced(
        cells,
        cells.ids(r"t5\.E\..*\.n"),
        units=UNITS - 4,
        periods=PERIODS,
        also=PANEL,
    )
    put_shared(cells, [column("t5.C", k, p) for k, p in enumerate(POLICIES, start=1)], df=DF - 2)
    for k in (1, 2, 3):
        cells.put(
            fit.several_added,
            {
                "r2_short": f"t3.c{k}.R2.r2",
                "r2_long": f"t5.C.c{k}.R2.r2",
                "t": [f"t5.C.c{k}.BDZ.t", f"t5.C.c{k}.FIVEG.t"],
            },
            df=DF - 2,
        )
    without = fit.residual_df(2981, units=UNITS - 4, periods=PERIODS, regressors=REGRESSORS)
    put_shared(cells, [column("t5.E", k, p) for k, p in enumerate(POLICIES, start=1)], df=without)
    _interacted(cells)
    _rankings(cells, "CDEF")


def fewest_provinces(cities: int) -> int:
    """Return the smallest number of provinces, four municipalities included, that a sample of cities can span."""
    from nqp.data.rosters import MUNICIPALITIES, sample

    every = sample("dual_pilot")
    others = every[~every["adcode"].isin(MUNICIPALITIES)]
    held = others["province_zh"].value_counts().cumsum()
    return int((held < cities - len(MUNICIPALITIES)).sum()) + 1 + len(MUNICIPALITIES)


def _interacted(cells: Cells) -> None:
    """Table 5 D: province-year, city-year and province-city effects."""
    provinces = fewest_provinces(UNITS)
    added = (provinces - 1) * (PERIODS - 1)
    for k in (1, 2, 3):
        first = k == 1
        cells.put(
            fit.effects_leave_df,
            {"n": f"t5.D.c{k}.N.n", "r2": f"t5.D.c{k}.R2.r2"},
            effects=UNITS * PERIODS,
            regressors=REGRESSORS,
            assumes="City-year effects are one indicator for each city and year, as the text has it.",
            matters="Panel D is said to hold city-year effects; they leave no degrees of freedom, so its coefficients"
            " come from another specification, and R2 rises by no more than a few regressors would raise it."
            if first
            else "",
            resolve="The command behind Panel D; province-year effects in its place." if first else "",
        )
        both = {"r2_short": f"t3.c{k}.R2.r2", "r2_long": f"t5.D.c{k}.R2.r2"}
        cells.put(fit.several_added, both)
        cells.put(
            fit.joint_f,
            both,
            added=added,
            df=DF - added,
            assumes=f"Province-year effects alone: 275 cities lie in at least {provinces} provinces, so {added} or"
            " more are added.",
        )
        cells.put(
            fit.joint_f,
            both,
            added=3,
            df=DF - 3,
            assumes="Another reading: three interactions entered as three variables, products of identifiers.",
        )


def _t_values(cells: Cells) -> None:
    """Where the paper's t values lie."""
    found = distribution.t_values(cells.study)
    chosen = found.loc[found["of_interest"], "id"].tolist()
    ids = {"coef": chosen, "parenthesis": [one.removesuffix("coef") + "t" for one in chosen]}
    for threshold in (1.645, 1.96):
        cells.put(distribution.caliper, ids, threshold=threshold, holds="t")
    cells.put(distribution.right_skew, ids, holds="t")
