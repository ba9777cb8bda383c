"""Industrial agglomeration (Ye 2024): checks on its printed numbers."""

from nqp.evidence.audit import (
    additive,
    counts,
    descriptives,
    distribution,
    dynamic,
    fit,
    groups,
    moments,
    shared_design,
    stars,
)
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import Interval
from nqp.evidence.audit.plans.common import put_balanced, put_descriptives, put_stars

OUT_OF_REACH: dict[str, str] = {}

UNITS, CONTROLS = 31, ("fin", "env", "stru", "urb", "trans")
PARTS = ("produ_inno", "produ_green", "produ_digit")
MISALLOCATION = ("M_cap", "M_lab")
VARIABLES = ("produ", *PARTS, "indus", "M_all", *MISALLOCATION, *CONTROLS)
SAMPLE = ("text.provinces.n", "text.years.first", "text.years.last")
REGIONS = {"c1": "east", "c2": "central", "c3": "west"}
# Columns on all 403 rows with the five controls and the location quotient, which differ in the outcome only.
ONE_DESIGN = ("t3.c2", "t4.c1", "t4.c2", "t4.c3", "t6.c2", "t7.c1", "t7.c2", "t7.c3")
ERRORS_UNSTATED = "whether standard errors are conventional, robust or clustered"
GMM_LOG = "The system-GMM command with its lag limits and the output of the column."


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    first, last = (int(cells[f"text.years.{end}"].middle) for end in ("first", "last"))
    years = last - first + 1
    _stars(cells)
    _counts(cells, years)
    _descriptives(cells)
    _parts(cells)
    _fit(cells, years)
    _regions(cells)
    _dynamic(cells, years)
    _sizes(cells)


def _t(cells: Cells, stem: str) -> Interval:
    return cells[f"{stem}.coef"] / cells[f"{stem}.se"]


def _pair(stem: str) -> list[str]:
    return [f"{stem}.coef", f"{stem}.se"]


def _stars(cells: Cells) -> None:
    put_stars(cells, df=UNITS - 1)
    coef = cells.ids(r".*\.coef")
    cells.put(
        stars.what_parentheses_hold,
        {"coef": coef, "parenthesis": [one.removesuffix("coef") + "se" for one in coef]},
        stars=[cells.stars(one) for one in coef],
        said="t",
        df=UNITS - 1,
        matters="Every table note calls the numbers in parentheses t values. Read so, no starred coefficient would be "
        "significant, and they are positive under negative coefficients too; read as standard errors they agree with "
        "the stars, and the rest of this audit reads them so.",
        resolve="The output of one column of Table 3.",
    )


def _counts(cells: Cells, years: int) -> None:
    full = cells.ids(r"t[23467]\..*\.n")
    short = "t6.c3.n"
    put_balanced(cells, [n for n in full if n != short], units=UNITS, periods=years, also=SAMPLE)
    dropped = int(cells["text.drop.last"].middle - cells["text.drop.first"].middle) + 1
    put_balanced(
        cells,
        [short],
        units=UNITS,
        periods=years - dropped,
        also=(*SAMPLE, "text.drop.first", "text.drop.last"),
    )
    regional = [f"t8.{column}.n" for column in REGIONS]
    for number in regional:
        cells.put(counts.whole_units, {"n": number}, periods=years)
    cells.put(counts.parts_add_up, {"parts": regional, "total": "t3.c2.n"})


def _descriptives(cells: Cells) -> None:
    put_descriptives(cells, VARIABLES, r"t2\.{name}\.{stat}")
    column = {
        argument: [f"t2.{name}.{stat}" for name in VARIABLES]
        for argument, stat in (("mean", "mean"), ("spread", "sd"), ("minimum", "min"), ("maximum", "max"))
    }
    cells.put(moments.errors_or_deviations, column, n=int(cells["t2.produ.n"].middle))
    for name in VARIABLES:
        at = {"mean": "mean", "sd": "sd", "minimum": "min", "maximum": "max", "n": "n"}
        inputs = {argument: f"t2.{name}.{stat}" for argument, stat in at.items()}
        cells.put(
            moments.winsorised_extremes, {**inputs, "cut": "text.winsor.low"}, also=["text.winsor.high"]
        )


def _parts(cells: Cells) -> None:
    """Put the checks on the index and its dimensions, and on misallocation and its two parts."""
    spread = {"total": "t2.produ.sd", "parts": [f"t2.{part}.sd" for part in PARTS]}
    cells.put(moments.average_correlation, spread)
    for total, parts in (("produ", PARTS), ("M_all", MISALLOCATION)):
        row = {stat: [f"t2.{part}.{stat}" for part in parts] for stat in ("mean", "min", "max")}
        cells.put(descriptives.mean_of_sum, {"parts": row["mean"], "total": f"t2.{total}.mean"})
        reached = total == "M_all"
        cells.put(
            descriptives.extremes_of_sum,
            {
                "parts_min": row["min"],
                "parts_max": row["max"],
                "total_min": f"t2.{total}.min",
                "total_max": f"t2.{total}.max",
            },
            matters="Total misallocation has the sum of its parts' minima and the sum of their maxima. That needs one "
            "province-year with the smallest of both and one with the largest of both, although the two are hardly "
            "correlated; adding up the two printed rows gives the same numbers."
            if reached
            else "",
            resolve="The minimum and maximum of the total, from the data." if reached else "",
        )
    cells.put(
        descriptives.correlation_of_parts,
        {"total": "t2.M_all.sd", "first": "t2.M_cap.sd", "second": "t2.M_lab.sd"},
    )
    cells.put(
        shared_design.r2_of_sum,
        {
            "r2": "t7.c1.r2",
            "r2_parts": ["t7.c2.r2", "t7.c3.r2"],
            "se": "t7.c1.indus.se",
            "se_parts": ["t7.c2.indus.se", "t7.c3.indus.se"],
        },
        unstated=ERRORS_UNSTATED,
    )
    sums = {"t3.c2": ("t4.c1", "t4.c2", "t4.c3"), "t7.c1": ("t7.c2", "t7.c3")}
    for total, parts in sums.items():
        for term in ("indus", "Constant"):
            at = {"total": f"{total}.{term}", "parts": [f"{part}.{term}" for part in parts]}
            coef = {"total": f"{at['total']}.coef", "parts": [f"{one}.coef" for one in at["parts"]]}
            cells.put(additive.parts_sum, coef)
            errors = {"total": f"{at['total']}.se", "parts": [f"{one}.se" for one in at["parts"]]}
            cells.put(shared_design.error_of_sum, errors)


def _fit(cells: Cells, years: int) -> None:
    cells.put(
        shared_design.error_ratio_shared,
        {
            "term": [f"{column}.indus.se" for column in ONE_DESIGN],
            "other": [f"{column}.Constant.se" for column in ONE_DESIGN],
        },
        matters="The standard errors move together over eight outcomes as conventional errors must, and as "
        "clustered ones in general do not. Conventional errors take the thirteen years of a province as independent.",
        resolve="The errors clustered by province, with a wild cluster bootstrap for so few clusters.",
    )
    _added_regressors(cells, years)
    _room(cells, years)
    means = [f"t2.{name}.mean" for name in ("indus", *CONTROLS)]
    for column, terms in (("t3.c1", ("indus",)), ("t3.c2", ("indus", *CONTROLS))):
        many = len(terms) > 1
        cells.put(
            moments.mean_period_effect,
            {
                "mean_y": "t2.produ.mean",
                "constant": f"{column}.Constant.coef",
                "coef": [f"{column}.{term}.coef" for term in terms],
                "means": means[: len(terms)],
            },
            matters="With controls the year effects that the table leaves out are on average larger than the outcome "
            "itself: the regressors that grow with time, urbanisation and roads, enter with large negative "
            "coefficients that the year effects must offset."
            if many
            else "",
            resolve="The year effects of column 2, and the fit without urbanisation and roads."
            if many
            else "",
        )
    cells.put(
        moments.turning_point,
        {
            "linear": "t3.c3.indus.coef",
            "square": "t3.c3.indus2.coef",
            "mean": "t2.indus.mean",
            "minimum": "t2.indus.min",
            "maximum": "t2.indus.max",
        },
        matters="That neither of two collinear terms is significant by itself does not show a line. The point "
        "estimates turn inside the range of the data, with a negative slope below the turning point.",
        resolve="The joint test of both terms, and a test of the slopes at both ends of the range.",
    )


def _added_regressors(cells: Cells, years: int) -> None:
    df = fit.residual_df(UNITS * years, units=UNITS, periods=years, regressors=1 + len(CONTROLS))
    stems = [f"t3.c2.{name}" for name in CONTROLS]
    cells.put(
        fit.several_added,
        {"r2_short": "t3.c1.r2", "r2_long": "t3.c2.r2"},
        also=[number for stem in stems for number in _pair(stem)],
        t=[_t(cells, stem) for stem in stems],
        df=df,
        unstated=ERRORS_UNSTATED,
    )
    cells.put(
        fit.one_added,
        {"r2_short": "t3.c2.r2", "r2_long": "t3.c3.r2"},
        also=_pair("t3.c3.indus2"),
        t=_t(cells, "t3.c3.indus2"),
        df=df - 1,
        unstated=ERRORS_UNSTATED,
    )


def _room(cells: Cells, years: int) -> None:
    """Ask of every column whether its R2 leaves room for its t."""
    units = {f"t8.{column}": int(cells[f"t8.{column}.n"].middle) // years for column in REGIONS}
    for number in cells.ids(r"t[34678]\..*\.r2"):
        column = number.removesuffix(".r2")
        rows, here = int(cells[f"{column}.n"].middle), units.get(column, UNITS)
        regressors = {"t3.c1": 1, "t3.c3": 2 + len(CONTROLS)}.get(column, 1 + len(CONTROLS))
        cells.put(
            fit.room_for_t,
            {"r2": number},
            also=_pair(f"{column}.indus"),
            t=_t(cells, f"{column}.indus"),
            df=fit.residual_df(rows, units=here, periods=rows // here, regressors=regressors),
            unstated=ERRORS_UNSTATED,
        )


def _regions(cells: Cells) -> None:
    """Compare the east with the others; the paper claims no difference between centre and west."""
    for other in ("c2", "c3"):
        west = other == "c3"
        cells.put(
            groups.difference_from_errors,
            {
                "first": "t8.c1.indus.coef",
                "second": f"t8.{other}.indus.coef",
                "se_first": "t8.c1.indus.se",
                "se_second": f"t8.{other}.indus.se",
            },
            assumes=f"East against {REGIONS[other]}.",
            matters="The paper prints no test between regions. The east differs from the west, as it does from the "
            "centre, so the positive average over all provinces rests on the eastern ones; elsewhere the sign is "
            "negative." * west,
            resolve="The interaction of agglomeration with region in one regression, errors clustered by province."
            * west,
        )


def _dynamic(cells: Cells, years: int) -> None:
    for column in ("t5.c1", "t5.c2", "t5.c3", "t5.c4"):
        headline = column == "t5.c1"
        cells.put(dynamic.rows_after_lag, {"n": f"{column}.n"}, units=UNITS, years=years, also=[SAMPLE[0]])
        cells.put(
            dynamic.lag_inside_unit_interval,
            {"lag": f"{column}.L.y.coef", "se": f"{column}.L.y.se"},
            matters="The robustness check by system GMM describes an index that grows away from any level, outside the "
            "case for which its level moments are derived." * headline,
            resolve=GMM_LOG * headline,
        )
        cells.put(
            dynamic.long_run_effect,
            {"effect": f"{column}.indus.coef", "lag": f"{column}.L.y.coef"},
            matters="The model that is read as confirming a positive effect implies a long-run effect of the opposite "
            "sign." * headline,
            resolve=GMM_LOG * headline,
        )
        _specification(cells, column, years)


def _specification(cells: Cells, column: str, years: int) -> None:
    for test, side in (("AR1", "below"), ("AR2", "above")):
        apart = (column, test) == ("t5.c2", "AR2")
        cells.put(
            dynamic.z_against_p,
            {"z": f"{column}.{test}.z", "p": f"{column}.{test}.p"},
            matters="The z and the p of one AR(2) test do not belong together; at most one of the two is as computed. "
            "Under either the test does not reject." * apart,
            resolve=GMM_LOG * apart,
        )
        cells.put(
            dynamic.decision_rule,
            {"p": f"{column}.{test}.p", "bound": f"text.{test.lower()}.rule"},
            side=side,
        )
    hansen = f"{column}.Hansen.p"
    cells.put(dynamic.decision_rule, {"p": hansen, "bound": "text.hansen.rule"}, side="above")
    near = column == "t5.c3"
    cells.put(
        dynamic.hansen_near_one,
        {"p": hansen},
        groups=UNITS,
        periods=years,
        matters="A Hansen p near one with few provinces is the usual sign of too many instruments, so it does not show "
        "that they are valid; the paper prints no number of instruments." * near,
        resolve=GMM_LOG * near,
    )


def _sizes(cells: Cells) -> None:
    """Put effects in units of the outcome and the distribution of t values."""
    for term in ("indus", "urb", "trans"):
        cells.put(
            distribution.effect_in_sd,
            {"coef": f"t3.c2.{term}.coef", "outcome_sd": "t2.produ.sd", "outcome_mean": "t2.produ.mean"},
            change=cells[f"t2.{term}.sd"].middle,
            also=[f"t2.{term}.sd"],
            assumes="The change is one standard deviation of the regressor.",
        )
    cells.put(
        distribution.detectable_effect,
        {"coef": "t3.c2.indus.coef", "se": "t3.c2.indus.se", "outcome_sd": "t2.produ.sd"},
    )
    tests = distribution.t_values(cells.study)
    coef = tests.loc[tests["of_interest"], "id"].tolist()
    inputs = {"coef": coef, "parenthesis": [one.removesuffix("coef") + "se" for one in coef]}
    for threshold in (1.645, 1.96):
        cells.put(distribution.caliper, inputs, threshold=threshold)
    cells.put(distribution.right_skew, inputs)
