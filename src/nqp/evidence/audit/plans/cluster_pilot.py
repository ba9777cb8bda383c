"""Li & Wei (2025): innovative industrial clusters in 277 cities, 2011 to 2022."""

from nqp.data.rosters import first_treated, sample
from nqp.evidence.audit import (
    additive,
    bacon,
    counts,
    descriptives,
    distribution,
    fit,
    pvalues,
    repetition,
    shared_design,
    stars,
    timing,
)
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.cluster_pilot_further import put_further
from nqp.evidence.audit.plans.common import (
    put_balanced,
    put_descriptives,
    put_distribution,
    put_dummies,
    put_stars,
)

STUDY = "cluster_pilot"
CLUSTER = "innovative_industrial_cluster"
VARIABLES = ("NQP", "STP", "GRP", "DAP", "INN", "EDU", "FIN", "URB", "ECO", "OPE", "MAR")
UNITS, PERIODS = 277, 12
SIZE = ("text.cities.n", "text.years.first", "text.years.last")
DIMENSIONS = {"STP": "t3.c2", "GRP": "t3.c3", "DAP": "t3.c4"}

_NO_R2 = (
    "R2 whose outcome and rows no column shares with more or fewer regressors; the errors are robust, so that no t"
    " value ties it down."
)
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
    put_further(cells)
    _distribution(cells)


def _table_2(cells: Cells) -> None:
    put_descriptives(cells, VARIABLES, "t2.{name}.{stat}")
    put_dummies(cells, ["INN"], "t2.{name}.{stat}")
    shape = {
        k: f"t2.FIN.{v}" for k, v in (("mean", "mean"), ("sd", "sd"), ("minimum", "min"), ("maximum", "max"))
    }
    cells.put(descriptives.one_value_share, {**shape, "n": "t2.FIN.n"})


def _years(cells: Cells, name: str) -> int:
    first, last = (int(cells[f"text.{name}.{end}"].middle) for end in ("first", "last"))
    return last - first + 1


def _sizes(cells: Cells) -> None:
    full = [
        *cells.ids(r"t2\..*\.n"),
        *cells.ids(r"t3\..*\.n"),
        "t4.c3.n",
        "t4.c4.n",
        *cells.ids(r"t[568]\..*\.n"),
    ]
    units = int(cells["text.cities.n"].middle)
    put_balanced(cells, full, units=units, periods=_years(cells, "years"), also=SIZE)
    put_balanced(
        cells,
        ["t4.c2.n"],
        units=units,
        periods=_years(cells, "window"),
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
    _matched(cells)
    for column in ("c1", "c2"):
        cells.put(counts.whole_units, {"n": f"t7.{column}.n"}, periods=PERIODS)
    cells.put(
        counts.halves_at_median,
        {"parts": ["t7.c3.n", "t7.c4.n"]},
        units=units,
        periods=PERIODS,
        also=SIZE,
        matters="The text splits cities at the yearly mean of the private-employment share. The sizes are those of"
        " halves at a median, taken once or year by year; a mean gives just these by coincidence only.",
        resolve="The variable and value at which the sample is split, and whether a city can change its group.",
        rank=8,
    )
    for pair in (("t7.c1.n", "t7.c2.n"), ("t7.c3.n", "t7.c4.n")):
        cells.put(counts.parts_add_up, {"parts": pair, "total": "t3.c1.n"})


def _matched(cells: Cells) -> None:
    """Put the size of the matched sample to the checks; the treated rows are those that the dummy's mean implies."""
    treated = counts.integer_totals(cells["t2.INN.mean"], cells["t2.INN.n"])
    cells.put(
        counts.one_to_one_bound,
        {"n": "t4.c1.n"},
        treated=treated[-1],
        also=("t2.INN.mean", "t2.INN.n"),
        unstated="with how many controls a treated observation is matched",
    )
    cells.put(
        counts.whole_units,
        {"n": "t4.c1.n"},
        periods=PERIODS,
        unstated="whether cities or city-years are matched",
        matters="The matched sample is no set of whole cities: some are in it in some years only, so the two-way"
        " effects rest on an unbalanced panel whose rows the matching chose.",
        resolve="The matching algorithm, caliper and whether matching is pooled or by year.",
        rank=7,
    )


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
        matters="The public list of pilots, with the paper's rule for approvals after July, gives the printed number of"
        " treated cities, mean and standard deviation to the last digit. The treatment can be taken from public lists.",
        resolve="The authors' list of treated cities with first treated years.",
        rank=6,
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
    # the second and third batch were approved after July of their years
    approved = tuple(int(cells[f"text.batch{batch}.year"].middle) for batch in (1, 2, 3))
    readings = {
        "approval year": approved,
        "year after approval": tuple(year + 1 for year in approved),
        "approval by July counts at once": (approved[0], approved[1] + 1, approved[2] + 1),
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
        assumes="The paper decomposes the baseline estimate, whose regression has controls: they change the weights.",
    )
    cells.put(
        timing.cohorts_from_weights,
        {**counted, "treated": "text.placebo.treated.n", **span_of, **weights},
        years=tuple(sizes),
        percent=True,
        unstated="whether the decomposition includes the controls",
        also=batches,
    )


def _stars(cells: Cells) -> None:
    provinces = sample(STUDY)["province_zh"].nunique()
    put_stars(cells, df=provinces - 1)
    cells.put(
        stars.stars_from_error,
        {"coef": "text.INNxHCP.coef", "se": "t6.c2.INNxHCP.se"},
        stars=cells.stars("text.INNxHCP.coef"),
        df=provinces - 1,
    )
    cells.put(
        repetition.printed_twice,
        {"first": "t6.c2.INNxHCP.coef", "second": "text.INNxHCP.coef"},
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
        matters="If the index is a sum of its three dimensions with fixed weights that add up to one, one set of"
        " weights gives its mean, treatment effect and constant. None does, though mean and effect alone allow some."
        " How much of the effect each dimension brings cannot be read from Table 3.",
        resolve="The entropy weights of the 17 indicators and how each dimension is normalised.",
        rank=5,
    )


def _fit(cells: Cells) -> None:
    base = {"r2_short": "t3.c1.r2"}
    left = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=9)
    for column in ("t6.c1", "t6.c2", "t6.c3", "t4.c3", "t4.c4"):
        cells.put(fit.several_added, {**base, "r2_long": f"{column}.r2"})
    for column in ("t6.c1", "t6.c2", "t6.c3"):
        cells.put(fit.joint_f, {**base, "r2_long": f"{column}.r2"}, added=2, df=left)
    cells.put(fit.joint_f, {**base, "r2_long": "t4.c4.r2"}, added=3, df=left - 1)
    columns = ("c1", "c2", "c3", "c4")
    ratio = {
        "term": [f"t3.{one}.INN.se" for one in columns],
        "other": [f"t3.{one}.Constant.se" for one in columns],
    }
    cells.put(shared_design.error_ratio_shared, ratio, robust=True)


def _distribution(cells: Cells) -> None:
    doubtful = cells.ids(r"t6\.c2\..*HCP\.coef")
    at = put_distribution(cells, thresholds=(1.645, 1.96, 2.576), leave_out=doubtful)
    cells.put(distribution.spread_of_t, at)
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
