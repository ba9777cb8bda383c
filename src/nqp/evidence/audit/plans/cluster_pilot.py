"""Li & Wei (2025): innovative industrial clusters in 277 cities, 2011 to 2022."""

from nqp.data.rosters import first_treated, sample
from nqp.evidence.audit import (
    additive,
    bacon,
    counts,
    descriptives,
    distribution,
    fit,
    instruments,
    pvalues,
    repetition,
    stars,
    timing,
)
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.cluster_pilot_further import put_further
from nqp.evidence.audit.plans.common import put_balanced, put_descriptives, put_dummies, put_stars

STUDY = "cluster_pilot"
CLUSTER = "innovative_industrial_cluster"
VARIABLES = ("NQP", "STP", "GRP", "DAP", "INN", "EDU", "FIN", "URB", "ECO", "OPE", "MAR")
UNITS, PERIODS = 277, 12
SIZE = ("text.cities.n", "text.years.first", "text.years.last")
DIMENSIONS = {"STP": "t3.c2", "GRP": "t3.c3", "DAP": "t3.c4"}

_NO_R2 = "R2 of a column that shares rows and regressors with no other one; its type is not stated."
OUT_OF_REACH = {
    r"t3\.c[234]\.r2": _NO_R2,
    r"t4\.c[12]\.r2": _NO_R2,
    r"t7\.c\d\.r2": _NO_R2,
    r"t8\.c\d\.r2": "R2 of a spatial model has several definitions; none is stated, and nothing is printed beside it.",
    r"text\.placebo\.(reps|p)": "Describes a figure without numbers.",
    r"text\.iv2\.year": "A date that enters no calculation.",
    r"text\.pilots\.n": "Counts clusters; the printed numbers and the public list count cities.",
}


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    _table_2(cells)
    _sizes(cells)
    _treatment(cells)
    _stars(cells)
    _index_and_parts(cells)
    _fit(cells)
    _iv(cells)
    put_further(cells)
    _distribution(cells)


def _table_2(cells: Cells) -> None:
    put_descriptives(cells, VARIABLES, "t2.{name}.{stat}")
    put_dummies(cells, ["INN"], "t2.{name}.{stat}")
    shape = {
        k: f"t2.FIN.{v}" for k, v in (("mean", "mean"), ("sd", "sd"), ("minimum", "min"), ("maximum", "max"))
    }
    cells.put(descriptives.one_value_share, {**shape, "n": "t2.FIN.n"})


def _sizes(cells: Cells) -> None:
    full = [
        *cells.ids(r"t2\..*\.n"),
        *cells.ids(r"t3\..*\.n"),
        "t4.c3.n",
        "t4.c4.n",
        *cells.ids(r"t[568]\..*\.n"),
    ]
    put_balanced(cells, full, units=UNITS, periods=PERIODS, also=SIZE)
    put_balanced(
        cells,
        ["t4.c2.n"],
        units=UNITS,
        periods=9,
        also=("text.cities.n", "text.window.first", "text.window.last"),
    )
    listed = sample(STUDY)
    cells.put(
        pvalues.units_on_list,
        {"count": "text.cities.n"},
        listed=len(listed),
        what="Prefecture-level cities outside the municipalities and the four provinces that the paper names",
        also=("text.municipalities.n",),
    )
    cells.put(
        counts.one_to_one_bound,
        {"n": "t4.c1.n"},
        treated=362,
        also=("t2.INN.mean", "t2.INN.sd"),
        unstated="with how many controls a treated observation is matched",
    )
    cells.put(counts.at_most, {"n": "t4.c1.n"}, bound=UNITS * PERIODS, of="The panel")
    cells.put(
        counts.whole_units,
        {"n": "t4.c1.n"},
        periods=PERIODS,
        unstated="whether cities or city-years are matched",
        matters="The matched sample is no set of whole cities: some are in it in some years only, so the two-way"
        " effects rest on an unbalanced panel whose rows the matching chose.",
        resolve="The matching algorithm, caliper and whether matching is pooled or by year.",
    )
    halves = {
        "matters": "The text splits at the yearly mean of the private-employment share. Both parts are whole cities"
        " and differ by one city, as when cities are halved at their median, not when city-years are split at a mean.",
        "resolve": "The variable and value at which the sample is split.",
    }
    for column in ("c1", "c2", "c3", "c4"):
        extra = halves if column == "c3" else {}
        cells.put(counts.whole_units, {"n": f"t7.{column}.n"}, periods=PERIODS, **extra)
    for pair in (("t7.c1.n", "t7.c2.n"), ("t7.c3.n", "t7.c4.n")):
        cells.put(counts.parts_add_up, {"parts": pair, "total": "t3.c1.n"})


def _treatment(cells: Cells) -> None:
    counted = {"mean": "t2.INN.mean", "n": "t2.INN.n", "last": "text.years.last"}
    batches = ("text.batch1.year", "text.batch2.year", "text.batch3.year", "text.timing.month")
    first = first_treated(STUDY, CLUSTER)
    sizes = {int(year): int(size) for year, size in first.value_counts().sort_index().items()}
    by_batch = tuple(sizes.values())
    cells.put(
        pvalues.units_on_list,
        {"count": "text.placebo.treated.n"},
        listed=len(first),
        what="Cities of the first three batches in the sample",
    )
    cells.put(
        timing.moments_from_cohorts,
        {**counted, "sd": "t2.INN.sd", "treated": "text.placebo.treated.n"},
        sizes=sizes,
        matters="The public list of pilots, with the paper's rule for approvals after July, gives the printed mean and"
        " standard deviation to the last digit: the treatment is known city by city.",
        resolve="The authors' list of treated cities with first treated years.",
    )
    cells.put(
        timing.cohorts_from_counts,
        {**counted, "treated": "text.placebo.treated.n"},
        years=tuple(sizes),
        at_least=(by_batch[0], 0, 0),
        at_most=(by_batch[0], 52, 52),
        assumes="The first cohort is the public list's.",
        also=batches,
    )
    readings = {
        "approval year": (2013, 2014, 2017),
        "year after approval": (2014, 2015, 2018),
        "approval by July counts at once": (2013, 2015, 2018),
    }
    cells.put(timing.timing_readings, counted, readings=readings, sizes=by_batch, also=batches)
    weights = {"earlier": "text.bacon.early.weight", "never": "text.bacon.never.weight"}
    span_of = {"units": "text.cities.n", "first": "text.years.first", "last": "text.years.last"}
    cells.put(
        bacon.weights_from_cohorts,
        {**span_of, **weights},
        sizes=sizes,
        percent=True,
        unstated="whether the decomposition includes the controls",
        matters="The cohorts that give the printed treatment counts do not give the printed Goodman-Bacon weights"
        " without controls.",
        resolve="The command behind the decomposition, and the third weight.",
    )


def _stars(cells: Cells) -> None:
    provinces = sample(STUDY)["province_zh"].nunique()
    doubtful = ["t6.c2.HCP.coef", "t6.c2.INNxHCP.coef"]
    put_stars(cells, df=provinces - 1, exactly=[c for c in cells.ids(r".*\.(coef|rho)") if c not in doubtful])
    for number in doubtful:
        cells.put(
            stars.stars_from_error,
            {"coef": number, "se": number.replace(".coef", ".se")},
            stars=cells.stars(number),
            df=provinces - 1,
        )
    cells.put(
        stars.stars_from_error,
        {"coef": "text.INNxHCP.coef", "se": "t6.c2.INNxHCP.se"},
        stars=cells.stars("text.INNxHCP.coef"),
        df=provinces - 1,
    )
    cells.put(
        repetition.printed_twice,
        {"first": "t6.c2.INNxHCP.coef", "second": "text.INNxHCP.coef"},
        matters="The human-capital channel rests on an interaction that the table prints without stars and the text at"
        " 1 %; with the table's standard error only the text's value is significant.",
        resolve="The printed page: our scan of this column is damaged. If it has the table's value, the log.",
    )
    held = [c for c in cells.ids(r"t[34567]\..*\.coef") if c.replace(".coef", ".se") in cells.numbers.index]
    held = [c for c in held if not c.startswith("t6.c2")]
    cells.put(
        stars.what_parentheses_hold,
        {"coef": held, "parenthesis": [c.replace(".coef", ".se") for c in held]},
        stars=[cells.stars(c) for c in held],
        said="se",
        df=provinces - 1,
    )


def _index_and_parts(cells: Cells) -> None:
    totals = ["t3.c1.INN.coef", "t3.c1.Constant.coef", "t2.NQP.mean"]
    rows = [
        [f"{column}.INN.coef" for column in DIMENSIONS.values()],
        [f"{column}.Constant.coef" for column in DIMENSIONS.values()],
        [f"t2.{name}.mean" for name in DIMENSIONS],
    ]
    how = "how the three dimensions enter the index"
    for chosen in ([0], [2], [0, 2]):
        cells.put(
            additive.fixed_weights,
            {"totals": [totals[i] for i in chosen], "parts": [one for i in chosen for one in rows[i]]},
            components=tuple(DIMENSIONS),
            unstated=how,
        )
    cells.put(
        additive.fixed_weights,
        {"totals": totals, "parts": [one for row in rows for one in row]},
        components=tuple(DIMENSIONS),
        unstated=how,
        assumes="A mean is the coefficient on a constant alone.",
        matters="Fixed weights of the three dimensions give the index's mean and treatment effect, but not its"
        " constant too; what the effect on the index is made of cannot be read from Table 3.",
        resolve="The entropy weights of the 17 indicators and how each dimension is normalised.",
    )


def _fit(cells: Cells) -> None:
    base = {"r2_short": "t3.c1.r2"}
    left = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=9)
    for column in ("t6.c1", "t6.c2", "t6.c3", "t4.c3", "t4.c4"):
        cells.put(fit.several_added, {**base, "r2_long": f"{column}.r2"})
    for column in ("t6.c1", "t6.c2", "t6.c3"):
        cells.put(fit.joint_f, {**base, "r2_long": f"{column}.r2"}, added=2, df=left)
    cells.put(fit.joint_f, {**base, "r2_long": "t4.c4.r2"}, added=3, df=left - 1)


def _iv(cells: Cells) -> None:
    for first, second, name in (("c1", "c2", "IV1"), ("c3", "c4", "IV2")):
        coef, se = f"t5.{second}.INN.coef", f"t5.{second}.INN.se"
        f = f"t5.{second}.KPF.F"
        cells.put(
            instruments.f_from_first_stage,
            {"coef": f"t5.{first}.{name}.coef", "se": f"t5.{first}.{name}.se", "f": f},
        )
        cells.put(instruments.tf_adjusted, {"iv": coef, "iv_se": se, "f": f}, stars=cells.stars(coef))
        cells.put(pvalues.chi2_p, {"statistic": f"t5.{second}.KPLM.LM", "p": f"t5.{second}.KPLM.p"})
        cells.put(pvalues.chi2_p, {"statistic": f, "p": f"t5.{second}.KPF.p"})
        matters = {
            "matters": "The IV estimates are many times the baseline, and their intervals do not hold it. An effect of"
            " the instruments on the index by another way than the pilots would show in the same numbers.",
            "resolve": "The reduced form, and trends of the index by the instruments before 2013.",
        }
        cells.put(
            instruments.iv_against_ols,
            {"iv": coef, "iv_se": se, "ols": "t3.c1.INN.coef", "sd": "t2.NQP.sd"},
            **(matters if name == "IV1" else {}),
        )
        cells.put(
            distribution.exaggeration,
            {"se": se, "supposed": "t3.c1.INN.coef"},
            because="that of the baseline",
        )


def _distribution(cells: Cells) -> None:
    t = distribution.t_values(STUDY)
    interest = [one for one in t.loc[t["of_interest"], "id"] if "HCP" not in one]
    at = {"coef": interest, "parenthesis": [one.rpartition(".")[0] + ".se" for one in interest]}
    for threshold in (1.645, 1.96, 2.576):
        cells.put(distribution.caliper, at, threshold=threshold)
    cells.put(distribution.spread_of_t, at)
    cells.put(distribution.right_skew, at)
    for column, outcome in (("c1", "NQP"), *((c[-2:], name) for name, c in DIMENSIONS.items())):
        coef, se = f"t3.{column}.INN.coef", f"t3.{column}.INN.se"
        moments = {"outcome_sd": f"t2.{outcome}.sd"}
        cells.put(distribution.effect_in_sd, {"coef": coef, **moments, "outcome_mean": f"t2.{outcome}.mean"})
        cells.put(distribution.detectable_effect, {"coef": coef, "se": se, **moments})
    for column in ("c1", "c2", "c3", "c4"):
        at = {"coef": f"t7.{column}.INN.coef", "se": f"t7.{column}.INN.se", "outcome_sd": "t2.NQP.sd"}
        cells.put(distribution.detectable_effect, at)
    cells.put(
        distribution.exaggeration,
        {"se": "t3.c1.INN.se", "supposed": "t2.NQP.sd"},
        share=0.1,
        because="a tenth of a standard deviation of the index",
    )
