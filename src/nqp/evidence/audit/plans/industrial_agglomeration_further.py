"""Industrial agglomeration (Ye 2024): fit and errors of the columns, regions, and system GMM."""

from nqp.evidence.audit import dynamic, fit, groups, moments, shared_design
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import Interval

UNITS, CONTROLS = 31, ("fin", "env", "stru", "urb", "trans")
SAMPLE = ("text.provinces.n", "text.years.first", "text.years.last")
REGIONS = {"c1": "east", "c2": "central", "c3": "west"}
# Columns on all 403 rows with the five controls and the location quotient, which differ in the outcome only.
ONE_DESIGN = ("t3.c2", "t4.c1", "t4.c2", "t4.c3", "t6.c2", "t7.c1", "t7.c2", "t7.c3")
ERRORS_UNSTATED = "whether standard errors are conventional, robust or clustered"
GMM_LOG = "The system-GMM command with its lag limits and the output of the column."


def put_further(cells: Cells, years: int) -> None:
    """Put columns, regions and the dynamic panel of `years` years to the checks."""
    _fit(cells, years)
    _regions(cells)
    _dynamic(cells, years)


def _t(cells: Cells, stem: str) -> Interval:
    return cells[f"{stem}.coef"] / cells[f"{stem}.se"]


def _pair(stem: str) -> list[str]:
    return [f"{stem}.coef", f"{stem}.se"]


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
        rank=2,
    )
    _added_regressors(cells, years)
    _room(cells, years)
    means = [f"t2.{name}.mean" for name in ("indus", *CONTROLS)]
    for column, terms in (("t3.c1", ("indus",)), ("t3.c2", ("indus", *CONTROLS))):
        cells.put(
            moments.mean_period_effect,
            {
                "mean_y": "t2.produ.mean",
                "constant": f"{column}.Constant.coef",
                "coef": [f"{column}.{term}.coef" for term in terms],
                "means": means[: len(terms)],
            },
            assumes="The unit effects that the constant leaves out average zero.",
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
        matters="The square's own t of about 1.3 does not reject a straight line, and does not show one either: the "
        "point estimates turn inside the range of the data, with a negative slope below the turning point, as the "
        "paper's central and western provinces have.",
        resolve="A test of the slopes at both ends of the range.",
        also=["t3.c3.indus2.se"],
        rank=5,
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
            "centre; elsewhere the sign is negative, so the positive average over all provinces rests on the eastern "
            "ones." * west,
            resolve="The interaction of agglomeration with region in one regression, errors clustered by province."
            * west,
            also=_pair("t8.c2.indus") if west else (),
            rank=3 * west,
        )


def _dynamic(cells: Cells, years: int) -> None:
    for column in ("t5.c1", "t5.c2", "t5.c3", "t5.c4"):
        headline = column == "t5.c1"
        cells.put(dynamic.rows_after_lag, {"n": f"{column}.n"}, units=UNITS, years=years, also=[SAMPLE[0]])
        cells.put(
            dynamic.lag_inside_unit_interval,
            {"lag": f"{column}.L.y.coef", "se": f"{column}.L.y.se"},
            unstated="whether the index may grow away from any level, which a short panel can",
            matters="The robustness check by system GMM estimates an index whose deviations grow from year to year, "
            "outside the case for which its level moments are derived. With such a lag an effect has no long-run "
            "value, and the usual formula for one gives the opposite sign." * headline,
            resolve=GMM_LOG * headline,
            rank=4 * headline,
        )
        cells.put(
            dynamic.long_run_effect,
            {"effect": f"{column}.indus.coef", "lag": f"{column}.L.y.coef"},
        )
        _specification(cells, column, years)


def _specification(cells: Cells, column: str, years: int) -> None:
    for test, side in (("AR1", "below"), ("AR2", "above")):
        apart = (column, test) == ("t5.c2", "AR2")
        cells.put(
            dynamic.z_against_p,
            {"z": f"{column}.{test}.z", "p": f"{column}.{test}.p"},
            matters="The printed z and p of one AR(2) test do not belong together; a misprint in either would explain "
            "it. Under either the test does not reject." * apart,
            resolve=GMM_LOG * apart,
            rank=7 * apart,
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
        matters="In one of four columns the Hansen p is near one, which with few provinces is the usual sign of many "
        "instruments; it then does not show that they are valid. The paper prints no number of instruments."
        * near,
        resolve=GMM_LOG * near,
        rank=6 * near,
    )
