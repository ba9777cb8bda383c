"""Ye (2024), industrial agglomeration in 31 provinces, 2010 to 2022: checks on its printed numbers."""

from printcheck import (
    Cells,
    Interval,
    batches,
    counts,
    descriptives,
    distribution,
    dynamic,
    fit,
    groups,
    moments,
    repetition,
    shared_design,
    stars,
    sums,
)

OUT_OF_REACH: dict[str, str] = {}

UNITS, CONTROLS = 31, ("fin", "env", "stru", "urb", "trans")
SAMPLE = ("text.provinces.n", "text.years.first", "text.years.last")
PARTS = ("produ_inno", "produ_green", "produ_digit")
MISALLOCATION = ("M_cap", "M_lab")
VARIABLES = ("produ", *PARTS, "indus", "M_all", *MISALLOCATION, *CONTROLS)
REGIONS = {"c1": "east", "c2": "central", "c3": "west"}
# columns on all 403 rows with the five controls and the location quotient, which differ in the outcome only
ONE_DESIGN = ("t3.c2", "t4.c1", "t4.c2", "t4.c3", "t6.c2", "t7.c1", "t7.c2", "t7.c3")
SUMS = {"t3.c2": ("t4.c1", "t4.c2", "t4.c3"), "t7.c1": ("t7.c2", "t7.c3")}
ERRORS_UNSTATED = "whether standard errors are conventional, robust or clustered"
MOMENTS = r"t2\.{name}\.{stat}"


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    issues(cells)
    years = cells.whole("text.years.last") - cells.whole("text.years.first") + 1
    batches.put_stars(cells, df=UNITS - 1)
    held = cells.ids(r".*\.coef")
    batches.put_parentheses(cells, held, said="t", df=UNITS - 1, raises="parentheses")
    _counts(cells, years)
    _descriptives(cells)
    _parts(cells)
    _fit(cells, years)
    _regions(cells)
    _dynamic(cells, years)
    _effects(cells)


def issues(cells: Cells) -> None:
    """Declare what the findings mean for the reading of the paper."""
    log = "The system-GMM command with its lag limits and the output of the column."
    cells.issue(
        "parentheses",
        "Standard errors called t values",
        matters="Every table note calls the numbers in parentheses t values. Read so, no starred coefficient would be "
        "significant at 10 %, and they are positive under negative coefficients too; read as standard errors they "
        "agree with all stars. The rest of this audit takes them for standard errors, so that the note "
        "alone is affected.",
        resolve="The output of one column of Table 3.",
        rank=1,
    )
    cells.issue(
        "conventional-errors",
        "Errors as conventional ones move",
        matters="The standard errors move together over eight outcomes as conventional errors must, and as "
        "clustered ones in general do not. Conventional errors take the thirteen years of a province as independent.",
        resolve="The errors clustered by province, with a wild cluster bootstrap for so few clusters.",
        rank=2,
    )
    cells.issue(
        "regions",
        "The positive average rests on the east",
        matters="The paper prints no test between regions. The east differs from the west, as it does from the "
        "centre; elsewhere the sign is negative, so the positive average over all provinces rests on the eastern "
        "ones.",
        resolve="The interaction of agglomeration with region in one regression, errors clustered by province.",
        rank=3,
    )
    cells.issue(
        "gmm-lag",
        "A lag coefficient above one",
        matters="The robustness check by system GMM estimates an index whose deviations grow from year to year, in "
        f"column 1 with a lag coefficient {_above_one(cells, 't5.c1.L.y')} standard errors above one. The level "
        "moments of system GMM are derived for lags below one only. With such a lag an effect has no long-run value, "
        "and the usual formula for one gives the opposite sign.",
        resolve=log,
        rank=4,
    )
    cells.issue(
        "turning-point",
        "A turning point inside the data",
        matters="The square's own t of about 1.3 does not reject a straight line, and does not show one either: the "
        "point estimates turn inside the range of the data, with a negative slope below the turning point, as the "
        "paper's central and western provinces have.",
        resolve="A test of the slopes at both ends of the range.",
        rank=5,
    )
    cells.issue(
        "heading",
        "The heading of Table 2",
        matters="Table 2 heads a column as standard errors (标准误) that can only be standard deviations (标准差); one "
        "character of the heading would explain it. No result is affected.",
        resolve="The output behind Table 2.",
        rank=8,
    )
    cells.issue(
        "many-instruments",
        "A Hansen p near one",
        matters="In one of four columns the Hansen p is near one, which with few provinces is the usual sign of many "
        "instruments; it then does not show that they are valid. The paper prints no number of instruments.",
        resolve=log,
        rank=6,
    )
    cells.issue(
        "ar2-print",
        "z and p of one AR(2) test",
        matters="The printed z and p of one AR(2) test do not belong together; a misprint in either would explain "
        "it. Under either the test does not reject.",
        resolve=log,
        rank=7,
    )


def _counts(cells: Cells, years: int) -> None:
    short = "t6.c3.n"
    units = cells.whole("text.provinces.n")
    full = [n for n in cells.ids(r"t[23467]\..*\.n") if n != short]
    batches.put_balanced(cells, full, units=units, periods=years, also=SAMPLE)
    ends = ("text.drop.first", "text.drop.last")
    dropped = cells.whole(ends[1]) - cells.whole(ends[0]) + 1
    batches.put_balanced(cells, [short], units=units, periods=years - dropped, also=(*SAMPLE, *ends))
    regional = [f"t8.{column}.n" for column in REGIONS]
    for number in regional:
        cells.put(counts.whole_units, {"n": number}, periods=years)
    cells.put(sums.adds_up, {"parts": regional, "total": "t3.c2.n"})


def _descriptives(cells: Cells) -> None:
    batches.put_descriptives(cells, VARIABLES, MOMENTS)
    every = [batches.moments(cells, MOMENTS, name) for name in VARIABLES]
    column = {"mean": "mean", "spread": "sd", "minimum": "minimum", "maximum": "maximum"}
    cells.put(
        moments.errors_or_deviations,
        {argument: [one[key] for one in every] for argument, key in column.items()},
        n=cells.whole("t2.produ.n"),
        unstated="from which term the heading was translated",
        raises="heading",
    )
    for at in every:
        winsorised = {**at, "cut": "text.winsor.low"}
        cells.put(
            descriptives.samuelson,
            winsorised,
            also=["text.winsor.high"],
            assumes="Winsorising was done last, on this variable, and sets values to the nearest kept one.",
        )


def _parts(cells: Cells) -> None:
    """Put the checks on the index and its dimensions, and on misallocation and its two parts."""
    for total, parts in (("produ", PARTS), ("M_all", MISALLOCATION)):
        row = {stat: [f"t2.{part}.{stat}" for part in parts] for stat in ("mean", "sd")}
        whole = {stat: f"t2.{total}.{stat}" for stat in row}
        cells.put(sums.error_of_sum, {"total": whole["sd"], "parts": row["sd"]}, what="deviations")
        cells.put(sums.adds_up, {"parts": row["mean"], "total": whole["mean"]}, what="means")
    for total, parts in SUMS.items():
        for term in ("indus", "Constant"):
            for check, stat in ((sums.adds_up, "coef"), (sums.error_of_sum, "se")):
                at = {"total": f"{total}.{term}.{stat}", "parts": [f"{one}.{term}.{stat}" for one in parts]}
                words = {"what": "coefficients", "assumes": sums.LINEAR} if stat == "coef" else {}
                cells.put(check, at, **words)


def _t(cells: Cells, stem: str) -> Interval:
    return cells[f"{stem}.coef"] / cells[f"{stem}.se"]


def _above_one(cells: Cells, stem: str) -> str:
    """Return by how many of its standard errors a lag coefficient as printed is above one."""
    return f"{(cells[f'{stem}.coef'].middle - 1) / cells[f'{stem}.se'].middle:.0f}"


def _pair(stem: str) -> list[str]:
    return [f"{stem}.coef", f"{stem}.se"]


def _fit(cells: Cells, years: int) -> None:
    errors = {
        key: [f"{column}.{name}.se" for column in ONE_DESIGN]
        for key, name in (("term", "indus"), ("other", "Constant"))
    }
    cells.put(shared_design.error_ratio_shared, errors, issue="conventional-errors")
    _added_regressors(cells, years)
    _room(cells, years)
    shape = {argument: f"t2.indus.{stat}" for argument, stat in (("mean", "mean"), ("minimum", "min"))}
    cells.put(
        moments.turning_point,
        {"linear": "t3.c3.indus.coef", "square": "t3.c3.indus2.coef", **shape, "maximum": "t2.indus.max"},
        also=["t3.c3.indus2.se"],
        issue="turning-point",
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
    units = {f"t8.{column}": cells.whole(f"t8.{column}.n") // years for column in REGIONS}
    for number in cells.ids(r"t[34678]\..*\.r2"):
        column = number.removesuffix(".r2")
        rows, here = cells.whole(f"{column}.n"), units.get(column, UNITS)
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
        ids = {
            "first": "t8.c1.indus.coef",
            "second": f"t8.{other}.indus.coef",
            "se_first": "t8.c1.indus.se",
            "se_second": f"t8.{other}.indus.se",
        }
        cells.put(groups.difference, ids, assumes=f"East against {REGIONS[other]}.", issue="regions")


def _dynamic(cells: Cells, years: int) -> None:
    for column in ("t5.c1", "t5.c2", "t5.c3", "t5.c4"):
        batches.put_balanced(cells, [f"{column}.n"], units=UNITS, periods=years - 1, also=[SAMPLE[0]])
        cells.put(
            dynamic.lag_inside_unit_interval,
            {"lag": f"{column}.L.y.coef", "se": f"{column}.L.y.se"},
            assumes="The parentheses hold standard errors.",
            raises="gmm-lag",
        )
        cells.put(dynamic.long_run_effect, {"effect": f"{column}.indus.coef", "lag": f"{column}.L.y.coef"})
        for test, side in (("AR1", "below"), ("AR2", "above")):
            p = f"{column}.{test}.p"
            cells.put(stars.p_of_statistic, {"statistic": f"{column}.{test}.z", "p": p}, raises="ar2-print")
            cells.put(repetition.stated_bound, {"value": p, "bound": f"text.{test.lower()}.rule"}, side=side)
        hansen = f"{column}.Hansen.p"
        cells.put(repetition.stated_bound, {"value": hansen, "bound": "text.hansen.rule"}, side="above")
        cells.put(
            dynamic.hansen_near_one, {"p": hansen}, groups=UNITS, periods=years, raises="many-instruments"
        )


def _effects(cells: Cells) -> None:
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
    batches.put_distribution(cells, cells.ids(r"t\d\..*\.indus2?\.coef"))
