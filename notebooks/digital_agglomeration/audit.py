"""Zhao, Jiang & Xu (2026), digital agglomeration in 280 cities, 2013 to 2022: checks on its printed numbers."""

from dataclasses import replace

from nqp.data import contiguity as neighbour_pairs
from nqp.data import roster_cities
from nqp.spatial import Weights, contiguity, inverse_distance
from nqp.spatial.logdet import determinant
from printcheck import (
    Cells,
    Interval,
    batches,
    descriptives,
    distribution,
    fit,
    moments,
    omitted,
    sensitivity,
    shared_design,
    spatial,
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
W_TAKEN = (
    "The map here is that of all prefecture-level cities; random sets of 280 of them have ends near these."
)
W_UNSTATED = "how its matrix is normalised"


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    issues(cells)
    years = cells.whole("text.years.last") - cells.whole("text.years.first") + 1
    batches.put_stars(cells, df=UNITS - 1)
    batches.put_parentheses(cells, cells.ids(r".*\.coef"), said="se", df=UNITS - 1)
    rows = cells.ids(r"t\d\..*\.n")
    batches.put_balanced(cells, rows, units=cells.whole("text.cities.n"), periods=years, also=SAMPLE)
    _descriptives(cells)
    _first_column(cells)
    _means(cells)
    _fit(cells, years)
    _sensitivity(cells, years)
    _spatial(cells)
    _effects(cells)


def issues(cells: Cells) -> None:
    """Declare what the findings mean for the reading of the paper."""
    cells.issue(
        "rho-range",
        "A spatial coefficient outside the range of contiguity",
        matters="The matrix is said to be contiguity. The printed spatial coefficient lies outside the interval "
        "around zero in which the model has a solution, for contiguity whose rows sum to one and for binary "
        "contiguity, on all cities of our map and on random sets of as many as the paper has. Divided by its largest "
        "eigenvalue, contiguity comes within one standard error of it; a dense distance matrix would allow it. The "
        "error of the lagged regressor is many times too large for contiguity and points to a dense matrix too. "
        "Another matrix, or a program that does not hold rho in the interval, would explain both.",
        resolve="The matrix, its normalisation and the command of Table 5.",
        rank=1,
    )
    cells.issue(
        "total-effect",
        "A negative total effect",
        matters="With rows of W that sum to one the printed coefficients imply a negative total effect of digital "
        "agglomeration, though beta and theta sum to only about 1.5 times the error of theta. The paper reads the "
        "spillover from the coefficient of the lagged regressor alone and prints no effects.",
        resolve="Direct, indirect and total effects with their errors.",
        rank=2,
    )
    cells.issue(
        "year-effects",
        "The effect nearly doubles with year effects",
        matters="Year effects take out what all cities have in common in a year, and the coefficient nearly doubles; "
        "that of income turns negative and that of finance loses its significance. Outcome and regressors thus share "
        "strong movements over time, and the estimate rests on how these are taken out.",
        resolve="The same column with trends by group of cities, and by province and year.",
        rank=3,
    )
    cells.issue(
        "shared-parts",
        "Outcome and regressors share parts",
        matters="The index counts government expenditure on science and on education among its 16 indicators; the "
        "control for support is their share of the budget, and has one of the largest effects. The index also counts "
        "telecommunication services, internet connections, staff of research services and green patents, beside a "
        "treatment that measures digital employment and mechanism variables that count research staff and patents. A "
        "part of such coefficients is the variable's relation to itself.",
        resolve="Table 3 with an index without the shared indicators, or without the control.",
        rank=4,
    )
    cells.issue(
        "conventional-errors",
        "Errors as conventional ones move",
        matters="The standard errors of seven outcomes move together to the last digit, as conventional errors must "
        "and clustered ones in general do not. Conventional errors take the ten years of a city as independent.",
        resolve="The errors clustered by city.",
        rank=5,
    )
    cells.issue(
        "itcv-reading",
        "What the impact threshold says",
        matters="The text reads this product as the influence that omitted variables have, and as small. It is the "
        "influence that an omitted variable would need for the result to lose significance; what omitted variables do "
        "is not estimated.",
        resolve="The same thresholds beside the impacts of the observed controls.",
        rank=6,
    )
    cells.issue(
        "first-column",
        "Column 1 is no pooled regression",
        matters="Column 1 is said to have neither controls nor fixed effects. As a pooled regression its slope and its "
        "R2 exclude each other, whatever its errors; with conventional errors so do its t value and its R2. A "
        "random-effects column with another kind of R2 could fit. The step from columns 1 and 2 to columns 3 and 4 "
        "would then change the estimator, not only add effects.",
        resolve="The command and output of column 1.",
        rank=7,
    )
    cells.issue(
        "kinds-of-r2",
        "R2 of different kinds",
        matters="As shares of one total variance the printed R2 would have 279 city effects add less than as many "
        "unrelated regressors. The R2 of columns 2 and 3 are then of different kinds, as where column 3 prints a "
        "within R2, and cannot be compared. The same holds of Table 5, which prints a small part of column 4's R2.",
        resolve="The commands and output of columns 2 and 3, and the definition of the R2 in Table 5.",
        rank=8,
    )
    cells.issue(
        "sensitivity-program",
        "Which program gives the sensitivity numbers",
        matters="One of the documented programs gives the printed sensitivity numbers: so far they can be recomputed. "
        "It takes the cities off the degrees of freedom twice for the threshold and once for the estimate; with one "
        "count for both the threshold is slightly larger, and no conclusion hangs on it.",
        resolve="The name and version of the program, and its output.",
        rank=9,
    )
    cells.issue(
        "extreme-values",
        "Extreme values that remain",
        matters="The paper says that outliers and extreme values were replaced by interpolation. One city-year "
        "still carries a fifth of the sum of squares of the road measure, and one a good part of that of the "
        "unemployment rate; both are controls.",
        resolve="The city and year of the maximum, and which values were replaced.",
        rank=10,
    )


def _t(cells: Cells, stem: str) -> Interval:
    return cells[f"{stem}.coef"] / cells[f"{stem}.se"]


def _pair(stem: str) -> list[str]:
    return [f"{stem}.coef", f"{stem}.se"]


def _descriptives(cells: Cells) -> None:
    batches.put_descriptives(cells, VARIABLES, r"t2\.{name}\.{stat}")
    for name in FAR:
        cells.put(
            descriptives.one_value_share,
            batches.moments(cells, r"t2\.{name}\.{stat}", name),
            assumes="All printed digits are significant; mean and spread of unemployment look rounded to two decimals."
            * (name == "unemployed"),
            issue="extreme-values" if name in ("traffic", "unemployed") else "",
        )


def _first_column(cells: Cells) -> None:
    """Put the identities of a pooled regression on one variable to column 1."""
    column = {"unstated": ESTIMATOR_UNSTATED, "raises": "first-column"}
    cells.put(
        fit.one_regressor,
        {"r2": "t3.c1.r2"},
        also=_pair("t3.c1.agglomeration"),
        t=_t(cells, "t3.c1.agglomeration"),
        df=cells.whole("t3.c1.n") - 2,
        **column,
    )
    slope = {
        "coef": "t3.c1.agglomeration.coef",
        "sd_x": "t2.agglomeration.sd",
        "sd_y": "t2.New-productivity.sd",
    }
    cells.put(moments.pooled_r2_of_slope, {**slope, "r2": "t3.c1.r2"}, **column)


def _means(cells: Cells) -> None:
    for column in ("t3.c1", "t3.c2", "t3.c3"):  # without period effects
        terms = REGRESSORS[:1] if column == "t3.c1" else REGRESSORS
        at = {
            "mean_y": "t2.New-productivity.mean",
            "constant": f"{column}.Constant.coef",
            "coef": [f"{column}.{term}.coef" for term in terms],
            "means": [f"t2.{term}.mean" for term in terms],
        }
        cells.put(moments.through_the_means, at)


def _fit(cells: Cells, years: int) -> None:
    columns = ("t3.c4", *MECHANISMS)
    errors = {
        key: [f"{column}.{name}.se" for column in columns]
        for key, name in (("term", "agglomeration"), ("other", "Constant"))
    }
    cells.put(shared_design.error_ratio_shared, errors, issue="conventional-errors")
    first = {"r2_short": "t3.c1.r2", "r2_long": "t3.c2.r2"}
    cells.put(fit.several_added, first, unstated=ESTIMATOR_UNSTATED, raises="first-column")
    left = UNITS * years - UNITS - len(REGRESSORS)
    kinds = "kinds-of-r2"
    for short, long, added, df in (
        ("t3.c2", "t3.c3", UNITS - 1, left),
        ("t3.c3", "t3.c4", years - 1, left - years + 1),
    ):
        both = {"r2_short": f"{short}.r2", "r2_long": f"{long}.r2"}
        cells.put(fit.joint_f, both, added=added, df=df, raises=kinds)
    lagged = {"r2_short": "t3.c4.r2", "r2_long": "t5.c1.r2"}
    cells.put(fit.several_added, lagged, unstated="which R2 the spatial table prints", raises=kinds)
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
    threshold = {"threshold": "text.itcv.impact"}
    cells.put(
        sensitivity.which_convention,
        {
            "coef": "t3.c4.agglomeration.coef",
            "se": "t3.c4.agglomeration.se",
            "share": "text.rir.share",
            **threshold,
            "correlation": "text.itcv.corr_x",
        },
        conventions=known,
        issue="sensitivity-program",
    )
    cells.put(
        sensitivity.impact_is_product,
        {**threshold, "correlation_x": "text.itcv.corr_x", "correlation_y": "text.itcv.corr_y"},
        issue="itcv-reading",
    )


def _spatial(cells: Cells) -> None:
    roster = roster_cities()
    cities = sorted(roster.loc[roster["name_zh"].str.endswith("市"), "adcode"])
    stem = "t5.c1"
    errors = {"beta_se": f"{stem}.agglomeration.se", "theta_se": f"{stem}.Wxagglomeration.se"}
    known: dict[str, float] = {}
    for name in MATRICES:
        weights = _weights(name, cities)
        if "eigenvalue" in name:  # the binary matrix stands before it
            weights = replace(weights, matrix=weights.matrix * known["binary contiguity"])
        matrix = spatial.Matrix.of(weights, determinant(weights))
        known[name] = matrix.bounds[1]  # one over the largest eigenvalue
        cells.put(
            spatial.rho_admissible,
            {"rho": f"{stem}.rho.rho"},
            weights=matrix,
            assumes=W_TAKEN,
            unstated=W_UNSTATED if "eigenvalue" in name else "",
            raises="rho-range",
        )
        if weights.standardised:
            dense = {} if "distance" in name else {"issue": "rho-range"}
            cells.put(spatial.durbin_coefficient_errors, errors, weights=matrix, assumes=W_TAKEN, **dense)
    coefficients = {"beta": f"{stem}.agglomeration.coef", "theta": f"{stem}.Wxagglomeration.coef"}
    cells.put(spatial.durbin_total, {**coefficients, "rho": f"{stem}.rho.rho"}, issue="total-effect")


def _weights(name: str, cities: list[int]) -> Weights:
    places = roster_cities().rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    if "distance" in name:
        chosen = places.set_index("id").loc[cities].reset_index()
        return inverse_distance(chosen, power=1.0, standardise=True, name=name)
    given = {"islands": "nearest", "coordinates": places, "standardise": "row" in name, "name": name}
    return contiguity(neighbour_pairs(), cities, **given)


def _effects(cells: Cells) -> None:
    outcome = {"outcome_sd": "t2.New-productivity.sd"}
    for term in ("agglomeration", "support"):
        cells.put(
            distribution.effect_in_sd,
            {"coef": f"t3.c4.{term}.coef", **outcome, "outcome_mean": "t2.New-productivity.mean"},
            change=cells[f"t2.{term}.sd"].middle,
            also=[f"t2.{term}.sd"],
            assumes="The change is one standard deviation of the regressor.",
            issue="shared-parts" if term == "support" else "",
        )
    steps = {
        when: f"{column}.agglomeration.coef" for when, column in (("before", "t3.c3"), ("after", "t3.c4"))
    }
    cells.put(omitted.relative_change, steps, what="year effects", issue="year-effects")
    estimate = {"coef": "t3.c4.agglomeration.coef", "se": "t3.c4.agglomeration.se"}
    cells.put(distribution.detectable_effect, {**estimate, **outcome})
    batches.put_distribution(cells, cells.ids(r"t\d\..*agglomeration\.coef"))
