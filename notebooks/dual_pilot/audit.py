"""Zhang & Ma (2025), "Broadband China" cities, innovative industrial clusters, and both: checks on printed numbers."""

from collections.abc import Callable, Mapping
from itertools import product
from math import ceil

import numpy as np

from nqp.data import read_table, sample
from nqp.robustness import tf_interval
from printcheck import (
    Cells,
    Interval,
    Result,
    bacon,
    batches,
    counts,
    descriptives,
    distribution,
    exchanged,
    fit,
    groups,
    instruments,
    interval,
    mediation,
    repetition,
    sums,
    timing,
    variation,
)
from printcheck.cohorts import bacon_weights, cohort_solutions

POLICIES = ("BCS", "IIC", "DID")
CONTROLS = ("MKT", "OFI", "STR", "URB", "FTE")
PANEL = ("text.N_CITIES.n", "text.YEAR_START.other", "text.YEAR_END.other")
UNITS, PERIODS = 275, 11
TREATED = {"BCS": 106, "IIC": 53, "DID": 30}
MUNICIPALITIES = (110000, 120000, 310000, 500000)
# city and year effects, the policy and five controls
REGRESSORS = 1 + len(CONTROLS)
DF = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=REGRESSORS)
DESIGN = "City and year effects, the policy and five controls."
# what the identities of R2 and t need and the paper leaves open
ERRORS = (
    "which standard errors stand behind these t values; those of Tables 3, 5 C, 5 E and 8 fit classical ones"
)
SOBEL = (
    "which regressions stand behind the Sobel tests; without city and year effects, as the program sgmediation runs"
    " them, they have other t values than Table 8"
)
SYNERGY = "that synergy is more than the sum of both effects; its third hypothesis asks for more than either"
KEPT = "whether observations in no pair were left out"

YEARS = {"BCS": (2014, 2015, 2016), "IIC": (2013, 2015, 2017), "DID": (2014, 2015, 2016, 2017)}
BATCHES = [f"text.{policy}_BATCH{k}_YEAR.other" for policy in ("BCS", "IIC") for k in (1, 2, 3)]
ORDER = ["text.N_BCS_FIRST.n", "text.N_IIC_FIRST.n", "text.N_SAME_YEAR.n"]
WEIGHTS = ("LATER", "EARLIER", "NEVER")
# every weight of Table 6 ends in 0: it was rounded to three decimals
TABLE_6_UNIT = 0.001
# sizes by first treated year of cities under both: four start both in 2015, the only common year; eight start with a
# cluster, so the later year is 2014 to 2016; eighteen start with broadband, so it is 2015 or 2017
BOTH = {"at_least": (0, 4, 0, 0), "at_most": (8, 30, 8, 18)}
SAMPLES = {
    ("t7.A", 1, "BCS"): (UNITS - TREATED["IIC"], "cities without a cluster"),
    ("t7.A", 2, "IIC"): (UNITS - TREATED["BCS"], "cities without broadband"),
    ("t7.B", 3, "DID"): (129, "cities under either policy"),
    ("t7.C", 4, "DID"): (TREATED["IIC"], "cluster cities"),
    ("t7.C", 5, "DID"): (TREATED["BCS"], "broadband cities"),
    ("t9.A", 1, "DID"): (129 - 4 - 8, "either policy, less same-year and cluster-first cities"),
    ("t9.A", 2, "DID"): (129 - 4 - 18, "either policy, less same-year and broadband-first cities"),
    ("t9.B", 3, "DID"): (UNITS - 129 + 18, "never-treated and broadband-first cities"),
    ("t9.B", 4, "DID"): (UNITS - 129 + 8, "never-treated and cluster-first cities"),
}

# what one policy adds where the other is, against what it adds elsewhere
SUPERADDITIVE = (
    ("t7.C.c4.DID", "t7.A.c1.BCS", "One sample holds the cluster cities, the other those without a cluster."),
    (
        "t7.C.c5.DID",
        "t7.A.c2.IIC",
        "One sample holds the broadband cities, the other those without broadband.",
    ),
)

# centres of each agglomeration as footnote 1 lists them
CENTRES = (3, 1, 2, 3, 1, 2, 1, 1, 2, 1, 2, 1, 1, 2, 2, 1, 2, 1, 1)
PANELS = {
    "A": ("resource-based cities", "other cities"),
    "B": ("central cities", "peripheral cities"),
    "C": ("large cities", "small and medium cities"),
    "D": ("soft targets", "hard targets"),
    "E": ("targets that are ratcheted up", "targets that are not"),
}
GROUP_ISSUE = {"A": "group-r2", "B": "exchange-b", "C": "group-r2", "D": "exchange-d", "E": "exchange-e"}
FIXED = "AB"  # splits by a trait that does not change; the others vary over time
MEDIATORS = {"EG": "A", "TEC": "B"}  # panels of Table 8

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
    issues(cells)
    group_issues(cells)
    batches.put_stars(cells)
    for table in ("t3", "t4", "t5", "t7", "t8", "t9", "t10"):  # the note under Table 3 says t values, for all
        held = [one.removesuffix("t") + "coef" for one in cells.ids(rf"{table}\..*\.t")]
        batches.put_parentheses(cells, held, said="t")
    _index(cells)
    _descriptives(cells)
    _baseline(cells)
    _instruments(cells)
    _table_5(cells)
    _timing(cells)
    _overlap(cells)
    _mediation(cells)
    _heterogeneity(cells)
    batches.put_distribution(
        cells, cells.ids(r"t\d+\..*\.(BCS|IIC|DID|EG|TEC|IV)\.coef"), thresholds=(1.645, 1.96)
    )


def issues(cells: Cells) -> None:
    """Declare what the findings on Tables 2 to 9 mean for the reading of the paper."""
    cells.issue(
        "classical-errors",
        "Table 3 fits classical errors",
        matters="The columns share one R2 without their policy, as classical standard errors require; errors clustered"
        " by city, the level of treatment, would give this only by chance. Clustered by city in Table 5 Panel D, the"
        f" standard errors of nearly the same coefficients are {_error_ratios(cells)} times as large; the effects keep"
        " three stars there.",
        resolve="Table 3 with standard errors clustered by city.",
        rank=1,
    )
    cells.issue(
        "one-instrument",
        "One instrument with three reduced forms",
        matters="The paper states one instrument, terrain relief times the dual-pilot dummy, for all three policies."
        " One instrument has one reduced form; the three columns imply three, as terrain relief times the policy of"
        " each column would. For broadband the printed first stage also explains more of the policy than any variable"
        " can that is zero outside the dual-pilot cities.",
        resolve="The instrument of each column.",
        rank=2,
    )
    cells.issue(
        "instrument-holds-treatment",
        "An instrument that contains the treatment",
        matters="The stated instrument is terrain relief times the dual-pilot dummy. For dual pilots it is thus the"
        " treatment times a constant of the city, and zero wherever the treatment is: what makes the choice and timing"
        " of dual pilots other than random is part of the instrument too, and the tests of Table 4 cannot see it.",
        resolve="Table 4 with terrain relief times a variable that does not contain the policies.",
        rank=3,
    )
    added = [(first, second, _z(cells, first, second)) for first, second, _ in SUPERADDITIVE]
    cells.issue(
        "synergy",
        "More than either, which two policies that add up give too",
        matters="The text reads an effect of both policies above that of either as policies that reinforce each other."
        f" The effect of both, {cells.row('t3.c3.DID.coef').printed}, is below the sum of"
        f" {cells.row('t3.c1.BCS.coef').printed} and {cells.row('t3.c2.IIC.coef').printed}; but each policy was entered"
        " alone, so that each number holds a part of the others, and the sum settles nothing either way. What one"
        " policy adds where the other is exceeds what it adds elsewhere by less than one standard error (|z| of"
        f" {' and '.join(f'{z.middle:.1f}' for _, _, z in added)}). More than either is shown; that the two reinforce"
        " each other is left open.",
        resolve="One regression with both policies and their product, errors clustered by city.",
        rank=4,
    )
    off, passing = _sobel_counts(cells)
    cells.issue(
        "sobel",
        "Sobel statistics that Table 8 does not give",
        matters="Some printed Sobel z exceed the t value of the path's first step in Table 8, which no second step"
        f" allows; {off} of the 6 do not follow from Table 8, whose regressions fit one another. Sobel tests"
        " of regressions without city and year effects, as sgmediation runs them, would explain all of these."
        f" Computed from Table 8, {passing} of 6 pass 1.96, so the reading that both paths carry stands.",
        resolve="The regressions behind the Sobel tests.",
        rank=9,
    )
    cells.issue(
        "matched-pairs",
        "A matched sample larger than pairs can be",
        matters="Panel A of Table 5 is called a 1:1 matched sample; all three columns hold more observations than pairs"
        " can, even if every year of every treated city has a match. Observations in no pair are then among them, as"
        " when all on common support are kept.",
        resolve="The matching procedure, and which observations it kept.",
        rank=10,
    )
    cells.issue(
        "city-year-effects",
        "City-year effects that leave no degrees of freedom",
        matters="Panel D of Table 5 is said to hold city-year effects; they leave no degrees of freedom, so its"
        " coefficients come from other effects or terms. R2 is above that of Table 3 by no more than a few regressors"
        " unrelated to the outcome could raise it.",
        resolve="The command behind Panel D, or an estimate with province-year effects.",
        rank=11,
    )
    cells.issue(
        "lagged-copy",
        "Lagged policies with the estimates of Table 3",
        matters="Coefficients, t values and R2 with the policy lagged one year are those of Table 3 to the last digit,"
        " on 275 observations fewer. R2 and t are tied by the degrees of freedom: these fit those of Table 3 and not"
        " those of the 2,750 observations printed. As printed, Panel B is no new estimation; Table 3 set twice would"
        " look the same.",
        resolve="The estimates with lagged policies.",
        rank=12,
    )
    cells.issue(
        "index-scale",
        "The scale of the index",
        matters="The index of new quality productive forces has a mean of 0.6000 and a range of 0.4000, as a rescaling"
        " that the paper does not describe would give; the size of every effect depends on it.",
        resolve="The formula that turns component scores into the index.",
        rank=13,
    )
    cells.issue(
        "order-of-policies",
        "Which policy comes first",
        matters="That starting with the cluster gives more than starting with broadband rests on two coefficients"
        f" from samples that share their controls, one with {cells.row('text.N_IIC_FIRST.n').printed} treated"
        " cities; no test of the difference is printed.",
        resolve="One regression with both orders, errors clustered by city.",
        rank=14,
    )
    cells.issue(
        "iv-size",
        "IV estimates below the baseline",
        matters="The IV estimates are smaller than those of Table 3, and for two of three policies the interval does"
        " not hold them. Effects that differ between cities could be the reason, and so could a way from the instrument"
        " to the index that does not lead through the policy.",
        resolve="The instrument of each column, and the reduced forms.",
        rank=15,
    )
    cells.issue(
        "first-stage-errors",
        "First-stage t and F of different kinds",
        matters="The squared t of the instrument is well below the printed Cragg-Donald F, which takes classical"
        " errors; the t values may rest on robust ones. Both leave the instrument strong.",
        resolve="The kind of standard error of the first stage.",
        rank=16,
    )
    cells.issue(
        "bacon-controls",
        "Two-way estimates with and without controls",
        matters="The total of the Goodman-Bacon decomposition differs from the estimate of Table 3. A decomposition"
        " without controls would explain it; the paper does not say which it prints.",
        resolve="The command of the decomposition.",
        rank=18,
    )
    cells.issue(
        "sobel-threshold",
        "The threshold of the Sobel tests",
        matters="The threshold of 0.97 holds where both paths are zero; where only one is, it rejects an indirect"
        " effect of zero far more often than in one of twenty samples. All printed z lie above 1.96 too, so none"
        " rests on it.",
        resolve="Nothing is open; 1.96 serves as well.",
        rank=19,
    )


def group_issues(cells: Cells) -> None:
    """Declare what the findings on Table 10 mean."""
    sizes = "Exchanging n and R2 of these two columns instead would give one group two sizes."
    back = "The regression output of the two IIC columns."
    e, b = _iic(cells, "E"), _iic(cells, "B")
    cells.issue(
        "exchange-e",
        "Exchanged cells in Panel E of Table 10",
        matters=f"With the IIC cells exchanged all six columns of Panel E agree: {e}, and the ranking that the text"
        f" gives for clusters reverses. {sizes}",
        resolve=back,
        rank=5,
    )
    cells.issue(
        "exchange-b",
        "Exchanged cells in Panel B of Table 10",
        matters="With the IIC cells exchanged, and under no other exchange, four of six columns of Panel B agree:"
        f" {b}, and the ranking that the text gives for clusters reverses; the effect without stars is then the one in"
        f" {PANELS['B'][0]}. {sizes}",
        resolve=back,
        rank=6,
    )
    cells.issue(
        "exchange-d",
        "Exchanged cells in Panel D of Table 10",
        matters="Exchanging coefficient and t of all three policies makes most columns of Panel D agree, and exchanging"
        " n and R2 does the same: which of the two is undecided. In the first case effects are larger under"
        f" {PANELS['D'][1]} and the ranking of the text reverses for all three policies; in the second it stands.",
        resolve="The numbers of city-years with soft and with hard targets.",
        rank=7,
    )
    pairs = _pairs()
    off = [pair for pair in pairs if _outside(cells, *pair)]
    panels = " and ".join(dict.fromkeys(p.split(".")[1] for _, _, p in off))
    cells.issue(
        "group-tests",
        "P values of differences between groups",
        matters="The text reads effects as significantly larger in one group than in the other. For"
        f" {len(off)} of {len(pairs)} comparisons of Table 10, all in Panels {panels}, no test of the printed estimates"
        " with the errors that their t values give has a p as small as printed, whatever the dependence between"
        " groups; for dual pilots in Panel B the estimates differ by less than one standard error of the difference."
        f" {_in_thousandths(cells, pairs)} of the {len(pairs)} p are whole thousandths, as of a permutation test with"
        " 1,000 draws; the paper names no test, and such draws would have to vary far less than the printed errors"
        " say.",
        resolve="The name of the test and, for a permutation test, what is permuted.",
        rank=8,
    )
    cells.issue(
        "group-r2",
        "One R2 each in Panels A and C of Table 10",
        matters="In either panel one column, DID, fits none of the others of its group whatever is exchanged, so that"
        " its R2 or its t may be misprinted. No reading hangs on it.",
        resolve="R2 of the two columns, and the kind of standard error.",
        rank=17,
    )
    cells.issue(
        "split-unit",
        "Cities or city-years in Panels C and E",
        matters="The groups of Panels C and E hold no whole number of cities, so that a city can change its group. City"
        " effects then compare a city with itself in the other group.",
        resolve="The year in which the trait is taken.",
        rank=20,
    )


def _column(table: str, number: int, policy: str) -> dict[str, str]:
    """Return the ids of a policy's coefficient, t and R2 in a column."""
    stem = f"{table}.c{number}"
    return {"coef": f"{stem}.{policy}.coef", "t": f"{stem}.{policy}.t", "r2": f"{stem}.R2.r2"}


def _columns(table: str) -> list[dict[str, str]]:
    return [_column(table, k, policy) for k, policy in enumerate(POLICIES, start=1)]


def _sizes_of(columns: list[dict[str, str]]) -> list[str]:
    return [one["r2"].removesuffix("R2.r2") + "N.n" for one in columns]


def _error(cells: Cells, stem: str) -> Interval:
    return groups.error_from_t(cells[f"{stem}.coef"], cells[f"{stem}.t"])


def _error_ratios(cells: Cells) -> str:
    """Return the standard errors of Table 5 D over those of Table 3, smallest to largest as printed."""
    stems = [(f"t3.c{k}.{policy}", f"t5.D.c{k}.{policy}") for k, policy in enumerate(POLICIES, start=1)]
    ratios = [(_error(cells, other) / _error(cells, one)).middle for one, other in stems]
    return f"{min(ratios):.1f} to {max(ratios):.1f}"


def _shared(cells: Cells, columns: list[dict[str, str]], *, unstated: str = ERRORS, **words: object) -> None:
    """Compare the R2 without the policy across columns on the same rows."""
    cells.put(
        fit.shared_remainder,
        {"r2": [one["r2"] for one in columns], "t": [one["t"] for one in columns]},
        also=[*_sizes_of(columns), "text.N_CONTROLS.n"],
        unstated=unstated,
        **words,
    )


def _index(cells: Cells) -> None:
    weights = cells.ids(r"t1\..*\.weight")
    cells.put(sums.adds_up, {"parts": weights}, total=1.0, what="weights")
    levels = read_table("papers/dual_pilot/indicators.csv")["level1"].nunique()
    for number, counted, what in (
        ("text.N_INDICATORS.n", len(weights), "weights"),
        ("text.N_DIMENSIONS.n", levels, "dimensions"),
    ):
        cells.put(
            repetition.printed_twice,
            {"second": number},
            first=interval(counted),
            also=weights,
            assumes=f"The first number counts the {what} of Table 1.",
        )


def _descriptives(cells: Cells) -> None:
    names, stem = ("NQP", *POLICIES, *CONTROLS, "EG", "TEC"), r"t2\.c\d\.{name}\.{stat}"
    batches.put_balanced(cells, cells.ids(r"t2\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    batches.put_descriptives(cells, names, stem)
    batches.put_dummies(cells, POLICIES, stem)
    for name in ("NQP", "OFI", "EG", "TEC"):
        cells.put(descriptives.one_value_share, batches.moments(cells, stem, name))
    scale = batches.moments(cells, stem, "NQP", ("mean", "minimum", "maximum"))
    cells.put(descriptives.rescaling, scale, issue="index-scale")
    regions = ["text.N_EAST.n", "text.N_CENTRAL_REGION.n", "text.N_WEST.n"]
    cells.put(sums.adds_up, {"parts": regions, "total": "text.N_CITIES.n"})


def _baseline(cells: Cells) -> None:
    columns = _columns("t3")
    batches.put_balanced(cells, cells.ids(r"t3\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    _shared(cells, columns, df=DF, issue="classical-errors")
    for k, (one, policy) in enumerate(zip(columns, POLICIES, strict=True), start=1):
        for sizes in cohorts(cells, policy):
            cells.put(
                variation.variation_left,
                {**one, "sd": "t2.c3.NQP.sd", "n": f"t3.c{k}.N.n"},
                df=DF,
                effects_leave=variation.staggered_variation(sizes, units=UNITS, first=2011, last=2021),
                assumes=f"{DESIGN} Cohorts {sizes}: sizes that give the printed counts and Table 6 weights.",
            )
        scale = {"outcome_sd": "t2.c3.NQP.sd", "outcome_mean": "t2.c2.NQP.mean"}
        cells.put(distribution.effect_in_sd, {"coef": one["coef"], **scale})


def _instruments(cells: Cells) -> None:
    batches.put_balanced(cells, cells.ids(r"t4\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    second = [f"t4.c{2 * k}.{policy}" for k, policy in enumerate(POLICIES, start=1)]
    first = [f"t4.c{k}.IV" for k in (1, 3, 5)]
    cells.put(
        instruments.reduced_form_constant,
        {"first": [f"{s}.coef" for s in first], "second": [f"{s}.coef" for s in second]},
        raises="one-instrument",
    )
    for k, (f, s, policy) in enumerate(zip(first, second, POLICIES, strict=True), start=1):
        cragg = f"{f.removesuffix('.IV')}.CD_Wald_F.F"
        cells.put(
            instruments.f_of_first_stage,
            {"t": f"{f}.t", "f": cragg},
            unstated="which standard errors stand behind the first-stage t (the Cragg-Donald F takes classical ones)",
            raises="first-stage-errors",
        )
        _first_stage(cells, policy, cragg)
        error, strength = _error(cells, s), cells[f"{f}.t"].squared()
        derived = "The IV standard error is the coefficient over its printed t"
        cells.put(
            instruments.iv_against_ols,
            {"iv": f"{s}.coef", "ols": f"t3.c{k}.{policy}.coef", "sd": "t2.c3.NQP.sd"},
            iv_se=error,
            also=[f"{s}.t"],
            assumes=derived,
            raises="iv-size",
        )
        cells.put(
            instruments.tf_adjusted,
            {"iv": f"{s}.coef"},
            iv_se=error,
            f=strength,
            stars=cells.stars(f"{s}.coef"),
            critical=lambda f_statistic: tf_interval(0.0, 1.0, f_statistic)[1],
            also=[f"{s}.t", f"{f}.t"],
            assumes=f"{derived}, F the square of the first-stage t.",
        )


def _most_explained(sizes: Mapping[int, int], inside: int) -> float:
    """Return the most that a variable that is zero outside `inside` of its cities can explain of a policy dummy.

    City and year means are taken out. The cities may be any of the policy's, and each city's dummy is given a free
    coefficient, as no variable that is a product with a dummy for both policies can beat.
    """
    years = np.arange(2011, 2022)
    rows = np.zeros((UNITS, PERIODS))
    starts = np.repeat(list(sizes), list(sizes.values()))
    rows[: len(starts)] = starts[:, None] <= years

    def within(values: np.ndarray) -> np.ndarray:
        return (values - values.mean(0) - values.mean(1, keepdims=True) + values.mean()).ravel()

    dummy, most = within(rows), 0.0
    ends = np.cumsum(list(sizes.values()))
    for chosen in product(*(range(min(size, inside) + 1) for size in sizes.values())):
        if sum(chosen) == inside:
            inner = np.zeros((len(chosen), UNITS, PERIODS))
            for one, end, count in zip(inner, ends, chosen, strict=True):
                one[end - count : end] = rows[end - count : end]
            columns = np.column_stack([within(one) for one in inner])
            left = dummy - columns @ np.linalg.lstsq(columns, dummy, rcond=None)[0]
            most = max(most, 1 - left @ left / (dummy @ dummy))
    return most


def _first_stage(cells: Cells, policy: str, cragg: str) -> None:
    """Set the partial R2 behind a Cragg-Donald F against the stated instrument."""
    own = policy == "DID"  # the instrument is a product with this dummy itself
    where = "The instrument is terrain relief times the dual-pilot dummy"
    cells.put(
        instruments.partial_r2,
        {"f": cragg},
        df=DF,
        most=1.0 if own else _most_explained(cohorts(cells, policy)[0], TREATED["DID"]),
        also=[f"t2.c2.{policy}.mean", f"text.N_{policy}.n", "text.N_DID.n"],
        assumes=f"{where}, here the treatment itself."
        if own
        else f"{where}, so zero outside {TREATED['DID']} cities; the bound explains the policy in these in full, and"
        " lets them be those of its cities for which that is most. Controls are left aside; the findings on Table 3"
        " have them explain a few percent of a policy at most.",
        **({"issue": "instrument-holds-treatment"} if own else {"raises": "one-instrument"}),
    )


def _table_5(cells: Cells) -> None:
    for k, policy in enumerate(POLICIES, start=1):
        _matched(cells, k, policy)
    _lagged(cells)
    batches.put_balanced(cells, cells.ids(r"t5\.[CDF]\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    batches.put_balanced(cells, cells.ids(r"t5\.E\..*\.n"), units=UNITS - 4, periods=PERIODS, also=PANEL)
    _shared(cells, _columns("t5.C"), df=DF - 2)
    for k in (1, 2, 3):
        both = {"r2_short": f"t3.c{k}.R2.r2", "r2_long": f"t5.C.c{k}.R2.r2"}
        added = [f"t5.C.c{k}.{term}.t" for term in ("BDZ", "FIVEG")]
        cells.put(fit.several_added, {**both, "t": added}, df=DF - 2)
    without = fit.residual_df(2981, units=UNITS - 4, periods=PERIODS, regressors=REGRESSORS)
    _shared(cells, _columns("t5.E"), df=without)
    _interacted(cells)


def _matched(cells: Cells, k: int, policy: str) -> None:
    """Table 5 A: sizes under two readings of a treated observation, and room for the t values."""
    number = {"n": f"t5.A.c{k}.N.n"}
    readings = (
        (
            counts.integer_totals(cells[f"t2.c2.{policy}.mean"], UNITS * PERIODS)[-1],
            [f"t2.c2.{policy}.mean", f"t2.c1.{policy}.n"],
            "Treated observations are city-years under the policy.",
        ),
        (
            TREATED[policy] * PERIODS,
            [f"text.N_{policy}.n"],
            "The wider reading: treated observations are all years of cities ever under the policy.",
        ),
    )
    for treated, also, assumes in readings:
        words = {"assumes": assumes, "unstated": KEPT, "raises": "matched-pairs"}
        cells.put(counts.one_to_one_bound, number, treated=treated, also=also, **words)
    one = _column("t5.A", k, policy)
    least = fit.residual_df(cells.whole(number["n"]), units=UNITS, periods=PERIODS, regressors=REGRESSORS)
    cells.put(
        fit.room_for_t,
        {"r2": one["r2"], "t": one["t"]},
        df=least,
        assumes="All 275 cities remain: the fewest degrees of freedom.",
    )


def _lagged(cells: Cells) -> None:
    """Table 5 B against Table 3: equal digits, and the degrees of freedom that R2 and t imply."""
    base, lagged = _columns("t3"), _columns("t5.B")
    sizes = [_sizes_of(base)[0], *_sizes_of(lagged)]
    batches.put_balanced(cells, sizes[1:], units=UNITS, periods=PERIODS - 1, also=PANEL)
    cells.put(
        repetition.identical_columns,
        {
            name: [one for cell in columns for one in cell.values()]
            for name, columns in (("first", base), ("second", lagged))
        },
        n_first=cells.whole(sizes[0]),
        n_second=cells.whole(sizes[1]),
        also=sizes,
        raises="lagged-copy",
    )
    _shared(
        cells,
        lagged,
        df=fit.residual_df(cells.whole(sizes[1]), units=UNITS, periods=PERIODS - 1, regressors=REGRESSORS),
        unstated="",
        assumes="Errors are of the kind of Table 3, which fits classical ones; the paper says of Panel D alone that"
        " errors are clustered.",
        raises="lagged-copy",
    )


def _fewest_provinces(cities: int) -> int:
    """Return the smallest number of provinces, four municipalities included, that a sample of cities can span."""
    every = sample("dual_pilot")
    others = every[~every["adcode"].isin(MUNICIPALITIES)]
    held = others["province_zh"].value_counts().cumsum()
    return int((held < cities - len(MUNICIPALITIES)).sum()) + 1 + len(MUNICIPALITIES)


def _interacted(cells: Cells) -> None:
    """Table 5 D: province-year, city-year and province-city effects."""
    provinces = _fewest_provinces(UNITS)
    added = (provinces - 1) * (PERIODS - 1)
    readings = {
        added: f"Province-year effects alone: 275 cities lie in at least {provinces} provinces, so {added} or"
        " more are added.",
        3: "Another reading: three interactions entered as three variables, products of identifiers.",
    }
    for k in (1, 2, 3):
        cells.put(
            fit.effects_leave_df,
            {"n": f"t5.D.c{k}.N.n", "r2": f"t5.D.c{k}.R2.r2"},
            effects=UNITS * PERIODS,
            regressors=REGRESSORS,
            assumes="City-year effects are one indicator for each city and year, as the text has it.",
            also=[f"t3.c{k}.R2.r2"],
            raises="city-year-effects",
        )
        both = {"r2_short": f"t3.c{k}.R2.r2", "r2_long": f"t5.D.c{k}.R2.r2"}
        cells.put(fit.several_added, both)
        for count, assumes in readings.items():
            words = {"assumes": assumes, "raises": "city-year-effects"}
            cells.put(fit.joint_f, both, added=count, df=DF - count, **words)


def cohorts(cells: Cells, policy: str) -> list[dict[int, int]]:
    """Return the cohort sizes, by first treated year, that give a policy's printed count and Table 6 weights.

    Of the cities under both policies only those that start with a cluster can be under both from 2014 or 2016: the
    text counts eight of them, and four that start both in 2015, the only year common to the two programmes.
    """
    [total] = counts.integer_totals(cells[f"t2.c2.{policy}.mean"], UNITS * PERIODS)
    found = cohort_solutions(TREATED[policy], total, YEARS[policy], last=2021)
    if policy == "DID":
        first, same = cells.whole("text.N_IIC_FIRST.n"), cells.whole("text.N_SAME_YEAR.n")
        found = [sizes for sizes in found if sizes[0] + sizes[2] <= first and sizes[1] >= same]
    k = POLICIES.index(policy) + 1
    printed = [cells[f"t6.c{k}.BACON_{name}.weight"].middle for name in WEIGHTS]
    kept = []
    for sizes in (dict(zip(YEARS[policy], one, strict=True)) for one in found):
        weights = bacon_weights(sizes, units=UNITS, first=2011, last=2021)
        implied = (weights.later, weights.earlier, weights.never)
        if all(abs(a - b) <= TABLE_6_UNIT / 2 for a, b in zip(implied, printed, strict=True)):
            kept.append(sizes)
    return kept


def _timing(cells: Cells) -> None:
    """Cohorts from counts and Goodman-Bacon weights; shares and estimates of Table 6."""
    for k, policy in enumerate(POLICIES, start=1):
        both = policy == "DID"
        used = [*BATCHES, *ORDER] if both else [one for one in BATCHES if one.startswith(f"text.{policy}")]
        counted = {"mean": f"t2.c2.{policy}.mean", "n": f"t2.c1.{policy}.n", "treated": f"text.N_{policy}.n"}
        ends = {"units": PANEL[0], "first": PANEL[1], "last": PANEL[2]}
        ids = {name.lower(): f"t6.c{k}.BACON_{name}.weight" for name in WEIGHTS}
        weights = {name: bacon.coarse(cells[number], TABLE_6_UNIT) for name, number in ids.items()}
        given = {"years": YEARS[policy], **(BOTH if both else {})}
        cells.put(timing.cohort_sizes, {**counted, "last": PANEL[2]}, also=used, **given)
        every = [*ids.values(), *used]
        cells.put(timing.cohort_sizes, {**counted, **ends}, weights=weights, also=every, **given)
        for sizes in cohorts(cells, "DID") if both else ():
            cells.put(
                bacon.weights_from_cohorts,
                ends,
                weights=weights,
                sizes=sizes,
                also=[*every, "t2.c2.DID.mean", "text.N_DID.n"],
                assumes="Only cities that start with a cluster can be under both from 2014 or 2016, so at most as many"
                " as the text counts: of the sizes that give counts and weights, this is one that remains.",
            )
        _table_6(cells, k, policy)


def _table_6(cells: Cells, k: int, policy: str) -> None:
    """Weights as really rounded, their shares in the text, and the total estimate."""
    stems = {name: f"t6.c{k}.BACON_{name}" for name in WEIGHTS}
    rounded = {
        f"{stem}.{stat}": bacon.coarse(cells[f"{stem}.{stat}"], TABLE_6_UNIT)
        for stem in stems.values()
        for stat in ("weight", "coef")
    }
    shares = {"text.BACON_GOOD_{}.share": ("LATER", "NEVER"), "text.BACON_BAD_{}.share": ("EARLIER",)}
    for total, chosen in {"": WEIGHTS, **shares}.items():
        ids = [f"{stems[name]}.weight" for name in chosen]
        given = {"total": 1.0} if not total else {"total": cells[total.format(policy)] * 0.01}
        also = [*ids, total.format(policy)] if total else ids
        cells.put(sums.adds_up, {}, parts=[rounded[one] for one in ids], what="weights", also=also, **given)
    total, estimates = f"t6.c{k}.BACON_DID.coef", [f"{stem}.coef" for stem in stems.values()]
    weights = [f"{stem}.weight" for stem in stems.values()]
    cells.put(
        sums.adds_up,
        {},
        parts=[rounded[one] for one in estimates],
        weights=[rounded[one] for one in weights],
        total=bacon.coarse(cells[total], TABLE_6_UNIT),
        what="estimates, each times its weight,",
        also=[*weights, *estimates, total],
        assumes="Weights and estimates are of one decomposition, without controls.",
    )
    cells.put(
        repetition.printed_twice,
        {"first": f"t3.c{k}.{policy}.coef", "second": total},
        assumes="The Goodman-Bacon estimate is the two-way estimate without controls; it is compared with the one"
        " with controls.",
        unstated="whether the decomposition holds the controls of Table 3",
        raises="bacon-controls",
    )


def _overlap(cells: Cells) -> None:
    """Tables 7 and 9: samples of treated cities, cities in both programmes, and their order."""
    counted = [f"text.N_{policy}.n" for policy in POLICIES]
    for (table, k, policy), (units, who) in SAMPLES.items():
        cells.put(
            counts.units_times_periods,
            {"n": f"{table}.c{k}.N.n"},
            units=units,
            periods=PERIODS,
            also=[*PANEL, *counted, *(ORDER if table.startswith("t9") else [])],
            assumes=f"The sample is {who}.",
        )
        df = fit.residual_df(units * PERIODS, units=units, periods=PERIODS, regressors=REGRESSORS)
        one = _column(table, k, policy)
        cells.put(fit.room_for_t, {"r2": one["r2"], "t": one["t"]}, df=df)
    cells.put(sums.adds_up, {"parts": ORDER, "total": "text.N_DUAL_SEQ.n"})
    cells.put(repetition.printed_twice, {"first": "text.N_DUAL_SEQ.n", "second": "text.N_DID.n"})
    for first, second, shared in (
        ("t7.A.c1.BCS", "t7.A.c2.IIC", "Both samples hold the cities under neither policy."),
        ("t9.A.c1.DID", "t9.A.c2.DID", "Both samples hold the cities under one policy only."),
        ("t9.B.c3.DID", "t9.B.c4.DID", "Both samples hold the cities under neither policy."),
    ):
        orders = "order-of-policies" if first.startswith("t9") else ""
        alike = f"{shared} Taken as independent all the same."
        _difference(cells, groups.difference, first, second, assumes=alike, raises=orders)
        widest = {"issue": orders} if first.startswith("t9.A") else {"raises": orders}
        _difference(cells, groups.difference_overlapping, first, second, assumes=shared, **widest)
    _synergy(cells)


def _synergy(cells: Cells) -> None:
    """The effect of both policies against the sum of their effects, and what one adds with and without the other."""
    both = {"parts": ["t3.c1.BCS.coef", "t3.c2.IIC.coef"], "total": "t3.c3.DID.coef"}
    cells.put(sums.adds_up, both, what="single effects", unstated=SYNERGY, raises="synergy")
    for first, second, shared in SUPERADDITIVE:
        open_words = {"assumes": shared, "unstated": SYNERGY, "raises": "synergy"}
        _difference(cells, groups.difference, first, second, **open_words)


def _difference(
    cells: Cells, check: Callable[..., Result], first: str, second: str, p: str = "", **words: object
) -> None:
    """Compare two coefficients by the errors behind their printed t values."""
    ids = {"first": f"{first}.coef", "second": f"{second}.coef", **({"p": p} if p else {})}
    errors = {"se_first": _error(cells, first), "se_second": _error(cells, second)}
    cells.put(check, ids, also=[f"{first}.t", f"{second}.t"], **errors, **words)


def _mediation(cells: Cells) -> None:
    """Table 8 and the Sobel tests."""
    batches.put_balanced(cells, cells.ids(r"t8\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    for mediator, panel in MEDIATORS.items():
        _shared(cells, _columns(f"t8.{panel}"), df=DF)
        for k, policy in enumerate(POLICIES, start=1):
            _path(cells, panel, mediator, k, policy)
    alone = [_column(f"t8.{panel}", 4, mediator) for mediator, panel in MEDIATORS.items()]
    _shared(cells, [*_columns("t3"), *alone], df=DF)
    for ids in _sobel_ids():
        cells.put(mediation.sobel_z, ids, unstated=SOBEL, raises="sobel")
    for ids in _sobel_ids():
        bound = {"t": [ids["t_a"]], "z": ids["z"]}
        cells.put(mediation.sobel_bound, bound, unstated=SOBEL, raises="sobel")
    for mediator in MEDIATORS:
        z = [f"text.SOBEL_{mediator}_{policy}.z" for policy in POLICIES]
        ids = {"threshold": f"text.SOBEL_CRIT_{mediator}.threshold", "z": z}
        cells.put(mediation.sobel_threshold, ids, raises="sobel-threshold")


def _path(cells: Cells, panel: str, mediator: str, k: int, policy: str) -> None:
    total = _column("t3", k, policy)
    a, both = _column(f"t8.{panel}", k, policy), _column(f"t8.{panel}", k + 4, policy)
    b = {one: f"t8.{panel}.c{k + 4}.{mediator}.{one}" for one in ("coef", "t")}
    alone = {"t": f"t8.{panel}.c4.{mediator}.t", "r2": f"t8.{panel}.c4.R2.r2"}
    for short, t in ((total, b["t"]), (alone, both["t"])):
        cells.put(fit.one_added, {"r2_short": short["r2"], "r2_long": both["r2"], "t": t}, df=DF - 1)
    simple = {"t_total": total["t"], "t_mediator": alone["t"], "t_a": a["t"]}
    cells.put(mediation.both_t_from_three, {**simple, "t_direct": both["t"], "t_b": b["t"]}, df=DF)
    paths = {"total": total["coef"], "a": a["coef"], "b": b["coef"]}
    cells.put(mediation.total_less_direct, {**paths, "direct": both["coef"]})
    cells.put(mediation.share_mediated, paths)


def _sobel_ids() -> list[dict[str, str]]:
    """Return the ids of the two paths' t values and of the printed z, by mediator and policy."""
    return [
        {
            "t_a": f"t8.{panel}.c{k}.{policy}.t",
            "t_b": f"t8.{panel}.c{k + 4}.{mediator}.t",
            "z": f"text.SOBEL_{mediator}_{policy}.z",
        }
        for mediator, panel in MEDIATORS.items()
        for k, policy in enumerate(POLICIES, start=1)
    ]


def _sobel_counts(cells: Cells) -> tuple[int, int]:
    """Return how many printed z do not follow, and how many z computed from the paths pass 1.96."""
    given = [{name: cells[one] for name, one in ids.items()} for ids in _sobel_ids()]
    off = sum(mediation.sobel_z(**one).verdict == "inconsistent" for one in given)
    return off, sum(mediation.product_range(one["t_a"], one["t_b"]).low > 1.96 for one in given)


def _heterogeneity(cells: Cells) -> None:
    """Table 10: sizes, R2 and t within samples, exchanged cells, differences between groups."""
    footnote = "Footnote 1 lists the centres by agglomeration; the first number counts them."
    listed = interval(len(CENTRES))
    cells.put(repetition.printed_twice, {"second": "text.N_AGGLOM.n"}, first=listed, assumes=footnote)
    cells.put(
        repetition.printed_twice,
        {"second": "text.N_PERIPH.n"},
        first=interval(UNITS - sum(CENTRES)),
        also=["text.N_CITIES.n"],
        assumes="Footnote 1 lists thirty centres; the first number is all cities less these.",
    )
    for panel in PANELS:
        _group_sizes(cells, panel)
        _group_identities(cells, panel)
    _group_differences(cells)


def _group_sizes(cells: Cells, panel: str) -> None:
    rule = (
        {}
        if panel in FIXED
        else {"unstated": "whether cities or city-years are split", "raises": "split-unit"}
    )
    for k in range(1, 7):
        number = f"t10.{panel}.c{k}.N.n"
        cells.put(counts.whole_units, {"n": number}, periods=PERIODS, **rule)
        if panel == "B":
            units = sum(CENTRES) if k % 2 else UNITS - sum(CENTRES)
            batches.put_balanced(cells, [number], units=units, periods=PERIODS, also=["text.N_PERIPH.n"])
        if k % 2:
            parts = [number, f"t10.{panel}.c{k + 1}.N.n"]
            cells.put(sums.adds_up, {"parts": parts, "total": "t2.c1.NQP.n"})


def _group(cells: Cells, panel: str, side: int) -> tuple[list[dict[str, str]], int, int]:
    """Return the columns of one group and its least and largest possible residual degrees of freedom."""
    columns = [_column(f"t10.{panel}", 2 * k + 1 + side, policy) for k, policy in enumerate(POLICIES)]
    n = cells.whole(_sizes_of(columns)[0])
    fewest = ceil(n / PERIODS)
    most = fewest if panel in FIXED else min(UNITS, n)
    df = [fit.residual_df(n, units=units, periods=PERIODS, regressors=REGRESSORS) for units in (most, fewest)]
    return columns, df[0], df[1]


def _group_identities(cells: Cells, panel: str) -> None:
    """R2 without the policy within each group, and cells exchanged between the groups."""
    (first, low, high), (second, low_other, high_other) = (_group(cells, panel, side) for side in (0, 1))
    raises = GROUP_ISSUE[panel]
    for columns, df, most in ((first, low, high), (second, low_other, high_other)):
        _shared(cells, columns, df=df, most_df=most, raises=raises)
    ids = {
        "r2": [one["r2"] for one in first],
        "t": [one["t"] for one in first],
        "r2_other": [one["r2"] for one in second],
        "t_other": [one["t"] for one in second],
    }
    left_open = (
        "" if panel in FIXED else "A split by year leaves the number of cities open, so df is a range."
    )
    cells.put(
        exchanged.exchange_between_samples,
        ids,
        columns=POLICIES,
        samples=PANELS[panel],
        df=(low, high),
        df_other=(low_other, high_other),
        also=[*_sizes_of([*first, *second]), "text.N_CONTROLS.n"],
        assumes=left_open,
        unstated=ERRORS,
        raises=raises,
    )


def _iic(cells: Cells, panel: str) -> str:
    """Say to which group the two IIC estimates belong once they are exchanged."""
    first, second = (
        f"{cells.row(f'{stem}.coef').printed} (t {cells.row(f'{stem}.t').printed})"
        for stem in (f"t10.{panel}.c3.IIC", f"t10.{panel}.c4.IIC")
    )
    one, other = PANELS[panel]
    return f"{second} then belongs to {one}, {first} to {other}"


def _pairs() -> list[tuple[str, str, str]]:
    """Return the stems of the two estimates and the id of the p value of every comparison of Table 10."""
    stems = [(f"t10.{panel}.c", 2 * k + 1, policy) for panel in PANELS for k, policy in enumerate(POLICIES)]
    return [
        (f"{stem}{k}.{policy}", f"{stem}{k + 1}.{policy}", f"{stem}{k}.{policy}_DIFF.p")
        for stem, k, policy in stems
    ]


def _group_differences(cells: Cells) -> None:
    """Differences between the two groups of each panel against their printed p values."""
    pairs = _pairs()
    test = {"unstated": "which test gives the p value of the difference", "raises": "group-tests"}
    for first, second, p in pairs:
        shared = "" if p.split(".")[1] in FIXED else "Groups that vary by year share cities; left aside here."
        _difference(cells, groups.difference, first, second, p, assumes=shared, **test)
    for first, second, p in pairs:
        _difference(cells, groups.difference_overlapping, first, second, p, raises="group-tests")


def _in_thousandths(cells: Cells, pairs: list[tuple[str, str, str]]) -> int:
    """Count the p values whose digits behind the third are zero."""
    return sum(cells.row(p).printed.endswith("0") for _, _, p in pairs)


def _z(cells: Cells, first: str, second: str) -> Interval:
    return groups.difference_z(*_estimates(cells, first, second))


def _estimates(cells: Cells, first: str, second: str) -> tuple[Interval, ...]:
    """Return two coefficients and the errors behind their t values."""
    return *(cells[f"{one}.coef"] for one in (first, second)), *(
        _error(cells, one) for one in (first, second)
    )


def _outside(cells: Cells, first: str, second: str, p: str) -> bool:
    """Whether no correlation of the two estimates gives a p value as small as printed."""
    found = groups.difference_overlapping(*_estimates(cells, first, second), cells[p])
    return found.verdict == "inconsistent"
