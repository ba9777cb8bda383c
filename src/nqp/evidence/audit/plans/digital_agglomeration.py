"""Digital industry agglomeration (Zhao, Jiang & Xu 2026): checks on its printed numbers."""

from nqp.data import roster_cities
from nqp.evidence.audit import (
    descriptives,
    distribution,
    fit,
    moments,
    sensitivity,
    shared_design,
    spatial,
)
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import Interval
from nqp.evidence.audit.maps import map_weights
from nqp.evidence.audit.plans.common import (
    put_balanced,
    put_descriptives,
    put_distribution,
    put_parentheses,
    put_stars,
)

OUT_OF_REACH = {
    r"text\.moran\.sig": "A level at which most Moran statistics are said to be significant; none of them is printed.",
}

UNITS = 280
CONTROLS = ("develop", "unemployed", "finance", "human", "traffic", "support")
REGRESSORS = ("agglomeration", *CONTROLS)
VARIABLES = ("New-productivity", *REGRESSORS)
FAR = ("New-productivity", "agglomeration", "unemployed", "finance", "traffic")
SAMPLE = ("text.cities.n", "text.years.first", "text.years.last")
MATRICES = (
    "row-standardised contiguity",
    "binary contiguity",
    "contiguity over its largest eigenvalue",
    "row-standardised inverse distance",
)
MECHANISMS = tuple(f"t4.c{column}" for column in range(1, 7))
ESTIMATOR_UNSTATED = "with which estimator columns 1 and 2 are made, nor which R2 is printed"
ERRORS_UNSTATED = "whether standard errors are conventional, robust or clustered"
W_TAKEN = "The map here is that of all prefecture-level cities."
W_UNSTATED = "which cities its matrix links, nor how it is normalised"


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    years = int(cells["text.years.last"].middle - cells["text.years.first"].middle) + 1
    _stars(cells)
    put_balanced(
        cells, cells.ids(r"t\d\..*\.n"), units=int(cells["text.cities.n"].middle), periods=years, also=SAMPLE
    )
    _descriptives(cells)
    _first_column(cells)
    _means(cells)
    _fit(cells, years)
    _sensitivity(cells, years)
    _spatial(cells)
    _effects(cells)


def _t(cells: Cells, stem: str) -> Interval:
    return cells[f"{stem}.coef"] / cells[f"{stem}.se"]


def _pair(stem: str) -> list[str]:
    return [f"{stem}.coef", f"{stem}.se"]


def _stars(cells: Cells) -> None:
    put_stars(cells, df=UNITS - 1)
    put_parentheses(
        cells,
        said="se",
        df=UNITS - 1,
    )


def _descriptives(cells: Cells) -> None:
    put_descriptives(cells, VARIABLES, r"t2\.{name}\.{stat}")
    for name in FAR:
        at = {"mean": "mean", "sd": "sd", "minimum": "min", "maximum": "max", "n": "n"}
        first = name == "traffic"
        cells.put(
            descriptives.one_value_share,
            {argument: f"t2.{name}.{stat}" for argument, stat in at.items()},
            assumes="All printed digits are significant; mean and spread of unemployment look rounded to two decimals."
            * (name == "unemployed"),
            matters="The paper says that outliers and extreme values were replaced by interpolation. One city-year "
            "still carries a fifth of the sum of squares of the road measure, and one a good part of that of the "
            "unemployment rate; both are controls." * first,
            resolve="The city and year of the maximum, and which values were replaced." * first,
            also=[f"t2.unemployed.{stat}" for stat in ("mean", "sd", "max")] if first else (),
            rank=8 * first,
        )


def _first_column(cells: Cells) -> None:
    """Put the identities of a pooled regression on one variable to column 1."""
    rows = int(cells["t3.c1.n"].middle)
    cells.put(
        fit.one_regressor,
        {"r2": "t3.c1.r2"},
        also=_pair("t3.c1.agglomeration"),
        t=_t(cells, "t3.c1.agglomeration"),
        df=rows - 2,
        unstated=ESTIMATOR_UNSTATED,
    )
    cells.put(
        moments.pooled_r2_of_slope,
        {
            "coef": "t3.c1.agglomeration.coef",
            "sd_x": "t2.agglomeration.sd",
            "sd_y": "t2.New-productivity.sd",
            "r2": "t3.c1.r2",
        },
        unstated=ESTIMATOR_UNSTATED,
        also=["t3.c1.agglomeration.se"],
        matters="Column 1 is said to have neither controls nor fixed effects. As a pooled regression its slope and its "
        "R2 exclude each other, whatever its errors; with conventional errors so do its t value and its R2. A "
        "random-effects column with another kind of R2 could fit. The step from columns 1 and 2 to columns 3 and 4 "
        "would then change the estimator, not only add effects.",
        resolve="The command and output of column 1.",
        rank=5,
    )
    cells.put(
        moments.pooled_error_ratio,
        {
            "constant_se": "t3.c1.Constant.se",
            "coef_se": "t3.c1.agglomeration.se",
            "mean_x": "t2.agglomeration.mean",
            "sd_x": "t2.agglomeration.sd",
            "n": "t3.c1.n",
        },
        unstated=ESTIMATOR_UNSTATED,
    )


def _means(cells: Cells) -> None:
    for column, terms in (("t3.c1", REGRESSORS[:1]), ("t3.c2", REGRESSORS), ("t3.c3", REGRESSORS)):
        cells.put(moments.through_the_means, _at_means(column, terms))
    cells.put(moments.mean_period_effect, _at_means("t3.c4", REGRESSORS))


def _at_means(column: str, terms: tuple[str, ...]) -> dict[str, str | list[str]]:
    return {
        "mean_y": "t2.New-productivity.mean",
        "constant": f"{column}.Constant.coef",
        "coef": [f"{column}.{term}.coef" for term in terms],
        "means": [f"t2.{term}.mean" for term in terms],
    }


def _fit(cells: Cells, years: int) -> None:
    columns = ("t3.c4", *MECHANISMS)
    cells.put(
        shared_design.error_ratio_shared,
        {
            "term": [f"{column}.agglomeration.se" for column in columns],
            "other": [f"{column}.Constant.se" for column in columns],
        },
        matters="The standard errors of seven outcomes move together to the last digit, as conventional errors must "
        "and clustered ones in general do not. Conventional errors take the ten years of a city as independent.",
        resolve="The errors clustered by city.",
        rank=3,
    )
    cells.put(fit.several_added, {"r2_short": "t3.c1.r2", "r2_long": "t3.c2.r2"}, unstated=ESTIMATOR_UNSTATED)
    left = UNITS * years - UNITS - len(REGRESSORS)
    cells.put(
        fit.joint_f,
        {"r2_short": "t3.c2.r2", "r2_long": "t3.c3.r2"},
        added=UNITS - 1,
        df=left,
        matters="As shares of one total variance the printed R2 would have 279 city effects add less than as many "
        "unrelated regressors. The R2 of columns 2 and 3 are then of different kinds, as where column 3 prints a "
        "within R2, and cannot be compared. The same holds of Table 5, which prints a small part of column 4's R2.",
        resolve="The commands and output of columns 2 and 3, and the definition of the R2 in Table 5.",
        also=["t3.c4.r2", "t5.c1.r2"],
        rank=6,
    )
    cells.put(
        fit.joint_f, {"r2_short": "t3.c3.r2", "r2_long": "t3.c4.r2"}, added=years - 1, df=left - years + 1
    )
    cells.put(
        fit.several_added,
        {"r2_short": "t3.c4.r2", "r2_long": "t5.c1.r2"},
        unstated="which R2 the spatial table prints",
    )
    for column in ("t3.c2", "t3.c3", "t3.c4", *MECHANISMS):
        effects = {"t3.c2": 1, "t3.c3": UNITS}.get(column, UNITS + years - 1)
        cells.put(
            fit.room_for_t,
            {"r2": f"{column}.r2"},
            also=_pair(f"{column}.agglomeration"),
            t=_t(cells, f"{column}.agglomeration"),
            df=UNITS * years - effects - len(REGRESSORS),
            unstated=ERRORS_UNSTATED,
        )


def _sensitivity(cells: Cells, years: int) -> None:
    known = sensitivity.conventions(
        UNITS * years, len(REGRESSORS) + years - 1, effects=UNITS - 1, groups=UNITS
    )
    estimate = {"coef": "t3.c4.agglomeration.coef", "se": "t3.c4.agglomeration.se"}
    share, impact = {"share": "text.rir.share"}, {"threshold": "text.itcv.impact"}
    cells.put(sensitivity.share_recomputed, {**estimate, **share}, conventions=known)
    cells.put(sensitivity.impact_recomputed, {**estimate, **impact}, conventions=known)
    cells.put(
        sensitivity.which_convention,
        {**estimate, **share, **impact, "correlation": "text.itcv.corr_x"},
        conventions=known,
        matters="One of the documented programs gives the printed sensitivity numbers: so far they can be recomputed. "
        "It takes the cities off the degrees of freedom twice for the threshold and once for the estimate; with one "
        "count for both the threshold is slightly larger, and no conclusion hangs on it.",
        resolve="The name and version of the program, and its output.",
        rank=7,
    )
    cells.put(
        sensitivity.impact_is_product,
        {**impact, "correlation_x": "text.itcv.corr_x", "correlation_y": "text.itcv.corr_y"},
        matters="The text reads this product as the influence that omitted variables have, and as small. It is the "
        "influence that an omitted variable would need for the result to lose significance; what omitted variables do "
        "is not estimated.",
        resolve="The same thresholds beside the impacts of the observed controls.",
        rank=4,
    )


def _spatial(cells: Cells) -> None:
    roster = roster_cities()
    cities = roster.loc[roster["name_zh"].str.endswith("市"), "adcode"].tolist()
    stem = "t5.c1"
    errors = {"beta_se": f"{stem}.agglomeration.se", "theta_se": f"{stem}.Wxagglomeration.se"}
    for name in MATRICES:
        weights, headline = map_weights(name, cities), name == MATRICES[0]
        cells.put(
            spatial.rho_admissible,
            {"rho": f"{stem}.rho.rho"},
            weights=weights,
            assumes=W_TAKEN,
            unstated=W_UNSTATED,
            also=[*errors.values(), f"{stem}.rho.se"] if headline else (),
            matters="The matrix is said to be contiguity. The printed spatial coefficient lies outside the interval "
            "around zero that contiguity on our map allows, whether its rows sum to one, it is binary, or (by less "
            "than one standard error) it is divided by its largest eigenvalue; a dense distance matrix would allow "
            "it. The large error of the lagged regressor points to a dense matrix too. Another matrix, or a program "
            "that does not hold rho in the interval, would explain both." * headline,
            resolve="The matrix, its normalisation and the command of Table 5." * headline,
            rank=1 * headline,
        )
        if not weights.standardised:
            continue  # the check takes rows that sum to one
        cells.put(spatial.durbin_coefficient_errors, errors, weights=weights, assumes=W_TAKEN)
    cells.put(
        spatial.durbin_total,
        {
            "beta": f"{stem}.agglomeration.coef",
            "theta": f"{stem}.Wxagglomeration.coef",
            "rho": f"{stem}.rho.rho",
        },
        also=[f"{stem}.rho.se", f"{stem}.agglomeration.se", f"{stem}.Wxagglomeration.se"],
        matters="With rows of W that sum to one the printed coefficients imply a negative total effect of digital "
        "agglomeration, though beta and theta sum to only about 1.5 times the error of theta. The paper reads the "
        "spillover from the coefficient of the lagged regressor alone and prints no effects.",
        resolve="Direct, indirect and total effects with their errors.",
        rank=2,
    )


def _effects(cells: Cells) -> None:
    for term in ("agglomeration", "support"):
        cells.put(
            distribution.effect_in_sd,
            {
                "coef": f"t3.c4.{term}.coef",
                "outcome_sd": "t2.New-productivity.sd",
                "outcome_mean": "t2.New-productivity.mean",
            },
            change=cells[f"t2.{term}.sd"].middle,
            also=[f"t2.{term}.sd"],
            assumes="The change is one standard deviation of the regressor.",
        )
    cells.put(
        distribution.detectable_effect,
        {
            "coef": "t3.c4.agglomeration.coef",
            "se": "t3.c4.agglomeration.se",
            "outcome_sd": "t2.New-productivity.sd",
        },
    )
    put_distribution(cells)
