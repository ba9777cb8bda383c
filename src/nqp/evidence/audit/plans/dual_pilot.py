"""Zhang & Ma (2025): "Broadband China" cities, innovative industrial clusters, and both."""

from nqp.evidence.audit import counts, descriptives, distribution, groups, repetition, stars, variation
from nqp.evidence.audit import instruments as iv
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import Interval, interval
from nqp.evidence.audit.plans.common import (
    put_balanced,
    put_descriptives,
    put_distribution,
    put_dummies,
    put_stars,
)
from nqp.evidence.audit.plans.dual_pilot_design import (
    CONTROLS,
    DESIGN,
    DF,
    PANEL,
    PERIODS,
    POLICIES,
    UNITS,
    cohorts,
    column,
    put_shared,
)
from nqp.evidence.audit.plans.dual_pilot_groups import put_heterogeneity
from nqp.evidence.audit.plans.dual_pilot_mechanisms import put_mediation
from nqp.evidence.audit.plans.dual_pilot_overlap import put_overlap, put_timing
from nqp.evidence.audit.plans.dual_pilot_robustness import put_robustness

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
    """Put every check that the printed numbers allow.

    `error_ratio_shared` has no place here: columns that share regressors and differ in the outcome (Tables 3 and 8)
    print one term in common, so there is no second error to set it against.
    """
    put_stars(cells)
    _parentheses(cells)
    _index(cells)
    _descriptives(cells)
    _baseline(cells)
    _instruments(cells)
    put_robustness(cells)
    put_timing(cells)
    put_overlap(cells)
    put_mediation(cells)
    put_heterogeneity(cells)
    put_distribution(cells, holds="t")


def _parentheses(cells: Cells) -> None:
    """The note under Table 3 says t values, for all tables."""
    for table in ("t3", "t4", "t5", "t7", "t8", "t9", "t10"):
        held = [one.removesuffix("t") + "coef" for one in cells.ids(rf"{table}\..*\.t")]
        ids = {"coef": held, "parenthesis": [one.removesuffix("coef") + "t" for one in held]}
        cells.put(stars.what_parentheses_hold, ids, stars=[cells.stars(one) for one in held], said="t")


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

    levels = read_table("papers/dual_pilot/indicators.csv")["level1"].nunique()
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
        matters="The index of new quality productive forces has a mean of 0.6000 and a range of 0.4000, as a rescaling"
        " that the paper does not describe would give; the size of every effect depends on it.",
        resolve="The formula that turns component scores into the index.",
        rank=11,
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
        matters="The columns share one R2 without their policy, as classical standard errors require; errors clustered"
        " by city, the level of treatment, would give this only by chance. Clustered by city in Table 5 Panel D, the"
        f" standard errors of nearly the same coefficients are {_error_ratios(cells)} times as large; the effects keep"
        " three stars there.",
        resolve="Table 3 with standard errors clustered by city.",
        rank=1,
        also=[number for k, p in enumerate(POLICIES, start=1) for number in _both_tables(k, p)],
    )
    ids = {key: [one[key] for one in columns] for key in ("coef", "t")}
    cells.put(groups.ranking, ids, names=POLICIES)
    _variation(cells, columns)
    for one in columns:
        cells.put(
            distribution.effect_in_sd,
            {"coef": one["coef"], "outcome_sd": "t2.c3.NQP.sd", "outcome_mean": "t2.c2.NQP.mean"},
        )


def _both_tables(k: int, policy: str) -> list[str]:
    """Return the ids of a policy's coefficient and t in Table 3 and in Table 5 D."""
    clustered = column("t5.D", k, policy)
    return [column("t3", k, policy)["coef"], clustered["coef"], clustered["t"]]


def _error_ratios(cells: Cells) -> str:
    """Return the standard errors of Table 5 D over those of Table 3, smallest to largest as printed."""
    stems = [(f"t3.c{k}.{policy}", f"t5.D.c{k}.{policy}") for k, policy in enumerate(POLICIES, start=1)]
    ratios = [(_error(cells, other) / _error(cells, one)).middle for one, other in stems]
    return f"{min(ratios):.1f} to {max(ratios):.1f}"


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
        " One instrument has one reduced form; the three columns imply three, as terrain relief times the policy of"
        " each column would.",
        resolve="The instrument of each column.",
        rank=2,
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
