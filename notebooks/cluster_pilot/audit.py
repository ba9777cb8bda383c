"""Li & Wei (2025), innovative industrial clusters in 277 cities, 2011 to 2022: checks on its printed numbers."""

import numpy as np

from nqp.data import contiguity as neighbour_pairs
from nqp.data import roster_cities
from nqp.data.rosters import first_treated, sample
from nqp.robustness import tf_interval
from nqp.spatial import Weights, contiguity, inverse_distance
from nqp.spatial.logdet import determinant
from printcheck import (
    Cells,
    bacon,
    batches,
    counts,
    descriptives,
    distribution,
    fit,
    groups,
    instruments,
    moderation,
    omitted,
    repetition,
    shared_design,
    spatial,
    stars,
    sums,
    timing,
)

PAPER, CLUSTER = "cluster_pilot", "innovative_industrial_cluster"
VARIABLES = ("NQP", "STP", "GRP", "DAP", "INN", "EDU", "FIN", "URB", "ECO", "OPE", "MAR")
UNITS, PERIODS = 277, 12
SIZE = ("text.cities.n", "text.years.first", "text.years.last")
BATCHES = ("text.batch1.year", "text.batch2.year", "text.batch3.year", "text.timing.month")
DIMENSIONS = {"STP": "t3.c2", "GRP": "t3.c3", "DAP": "t3.c4"}
MAPS = {"t8.c1": ["contiguity"], "t8.c2": ["inverse distance", "inverse squared distance"]}
DOUBTFUL = r"t6\.c2\..*HCP\.coef"
OF_INTEREST = r"t[34567]\..*\.(INN|INNx\w+|IV\d|QUA|HCP|ISU)\.coef|t8\..*\.(direct|indirect|total)\.coef"

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
    issues(cells)
    _table_2(cells)
    _sizes(cells)
    _treatment(cells)
    _stars(cells)
    _index_and_parts(cells)
    _fit(cells)
    _iv(cells)
    _moderators(cells)
    _heterogeneity(cells)
    _spatial(cells)
    _distribution(cells)


def issues(cells: Cells) -> None:
    """Declare what the findings mean for the reading of the paper."""
    cells.issue(
        "group-tests",
        "P values of the two group differences",
        matters="The printed p values of both group differences do not follow from the printed estimates and errors by"
        " the usual normal test, which gives values dozens of times larger; at these, neither difference is significant"
        " at 5 %. Northern and southern cities are different cities, so that nothing but the test could bring the p"
        " down; the groups by market share change with the year and may share cities, which leaves theirs open. A test"
        " on other errors than the printed ones, such as a permutation test, may stand behind both.",
        resolve="The name of the test and, for a permutation test, what is permuted and how often.",
        rank=1,
    )
    cells.issue(
        "iv-size",
        "IV estimates many times the baseline",
        matters="Both IV estimates are many times the baseline, and their intervals do not hold it. Effects that"
        " differ between cities could be the reason, and so could a way from the instruments to the index that does"
        " not lead through the pilots.",
        resolve="The reduced form, and trends of the index by the instruments before 2013.",
        rank=2,
    )
    cells.issue(
        "no-lagged-treatment",
        "Spatial effects of a model without the lagged treatment",
        matters="Direct and total effect are in the ratio of a spatial lag model on the real map. If the paper's"
        " matrix is that map's, the lagged treatment of its spatial Durbin model adds next to nothing, and the"
        " spillover is what rho and the direct effect give. The small error of the indirect effect points the same way:"
        " a free coefficient of the lagged treatment would make it several times larger.",
        resolve="The matrix, and the coefficients of WX with their errors, which the paper does not print.",
        rank=3,
    )
    cells.issue(
        "centred-moderators",
        "At which value of the moderator the effect is read",
        matters="With the share as defined, the coefficient of INN would be the effect in a city without any"
        " tertiary start-up; it is near the baseline, which suggests that the moderators were centred. The paper does"
        " not say so.",
        resolve="Whether and how the moderators are centred, and their descriptive statistics.",
        rank=4,
    )
    cells.issue(
        "index-weights",
        "No fixed weights give the index from its dimensions",
        matters="If the index is a sum of its three dimensions with fixed weights that add up to one, one set of"
        " weights gives its mean, treatment effect and constant. None does, though mean and effect alone allow some."
        " How much of the effect each dimension brings cannot be read from Table 3.",
        resolve="The entropy weights of the 17 indicators and how each dimension is normalised.",
        rank=5,
    )
    cells.issue(
        "public-treatment",
        "The treatment can be taken from public lists",
        matters="The public list of pilots, with the paper's rule for approvals after July, gives the printed number of"
        " treated cities, mean and standard deviation to the last digit. The treatment can be taken from public lists.",
        resolve="The authors' list of treated cities with first treated years.",
        rank=6,
    )
    cells.issue(
        "matched-sample",
        "The matched sample is no set of whole cities",
        matters="The matched sample is no set of whole cities: some are in it in some years only, so the two-way"
        " effects rest on an unbalanced panel whose rows the matching chose.",
        resolve="The matching algorithm, caliper and whether matching is pooled or by year.",
        rank=7,
    )
    cells.issue(
        "median-split",
        "Groups as large as halves at a median",
        matters="The text splits cities at the yearly mean of the private-employment share. The sizes are those of"
        " halves at a median, taken once or year by year; a mean gives just these by coincidence only.",
        resolve="The variable and value at which the sample is split, and whether a city can change its group.",
        rank=8,
    )
    cells.issue(
        "bacon-controls",
        "Goodman-Bacon weights that no cohorts give",
        matters="The printed weights are not those of the decomposition without controls, for the public cohorts or any"
        " others that give the printed counts. With controls, which the baseline has, weights are others.",
        resolve="The command of the decomposition.",
        rank=9,
    )
    cells.issue(
        "province-years",
        "The effect within provinces and years",
        matters="With province-year effects the estimate is smaller by about a third and still significant; the text"
        " reads it as confirming the baseline. Part of the baseline effect may then be what treated provinces have in"
        " common, such as their growth.",
        resolve="The event study with province-year effects.",
        rank=10,
    )
    cells.issue(
        "garbled-column",
        "Our own reading of Table 6, column 2",
        matters="Four cells of this column are damaged in our scan. Stars, and the coefficient that the text repeats,"
        " do not follow from what we read; this says nothing about the paper.",
        resolve="A clean copy of Table 6.",
        rank=11,
    )


def _table_2(cells: Cells) -> None:
    batches.put_descriptives(cells, VARIABLES, "t2.{name}.{stat}")
    batches.put_dummies(cells, ["INN"], "t2.{name}.{stat}")
    cells.put(descriptives.one_value_share, batches.moments(cells, "t2.{name}.{stat}", "FIN"))


def _years(cells: Cells, name: str) -> int:
    return cells.whole(f"text.{name}.last") - cells.whole(f"text.{name}.first") + 1


def _sizes(cells: Cells) -> None:
    full = cells.ids(r"t2\..*\.n|t3\..*\.n|t4\.c[34]\.n|t[568]\..*\.n")
    units = cells.whole("text.cities.n")
    batches.put_balanced(cells, full, units=units, periods=_years(cells, "years"), also=SIZE)
    window = ("text.cities.n", "text.window.first", "text.window.last")
    batches.put_balanced(cells, ["t4.c2.n"], units=units, periods=_years(cells, "window"), also=window)
    cells.put(
        counts.units_on_list,
        {"count": "text.cities.n"},
        listed=len(sample(PAPER)),
        what="Prefecture-level cities outside the municipalities and the four provinces that the paper names",
        also=("text.municipalities.n",),
    )
    # the treated rows are those that the dummy's mean implies
    treated = counts.integer_totals(cells["t2.INN.mean"], cells["t2.INN.n"])
    cells.put(
        counts.one_to_one_bound,
        {"n": "t4.c1.n"},
        treated=treated[-1],
        also=("t2.INN.mean", "t2.INN.n"),
        unstated="with how many controls a treated observation is matched",
        raises="matched-sample",
    )
    cells.put(
        counts.whole_units,
        {"n": "t4.c1.n"},
        periods=PERIODS,
        unstated="whether cities or city-years are matched",
        issue="matched-sample",
    )
    for column in ("c1", "c2"):
        cells.put(counts.whole_units, {"n": f"t7.{column}.n"}, periods=PERIODS)
    cells.put(
        counts.halves_at_median,
        {"parts": ["t7.c3.n", "t7.c4.n"]},
        units=units,
        periods=PERIODS,
        stated="yearly mean",
        also=SIZE,
        raises="median-split",
    )
    for pair in (("t7.c1.n", "t7.c2.n"), ("t7.c3.n", "t7.c4.n")):
        cells.put(sums.adds_up, {"parts": pair, "total": "t3.c1.n"})


def _treatment(cells: Cells) -> None:
    counted = {"mean": "t2.INN.mean", "n": "t2.INN.n", "last": "text.years.last"}
    treated = {**counted, "treated": "text.placebo.treated.n"}
    first = first_treated(PAPER, CLUSTER)
    sizes = {int(year): int(size) for year, size in first.value_counts().sort_index().items()}
    by_batch = tuple(sizes.values())
    cells.put(
        counts.units_on_list,
        {"count": "text.placebo.treated.n"},
        listed=len(first),
        what="Cities of the first three batches in the sample",
    )
    cells.put(
        timing.moments_from_cohorts, {**treated, "sd": "t2.INN.sd"}, sizes=sizes, issue="public-treatment"
    )
    cells.put(
        timing.cohort_sizes,
        treated,
        years=tuple(sizes),
        at_least=(by_batch[0], 0, 0),
        at_most=(by_batch[0], 52, 52),
        assumes="The first cohort is the public list's.",
        also=BATCHES,
    )
    # the second and third batch were approved after July of their years
    approved = tuple(cells.whole(f"text.batch{batch}.year") for batch in (1, 2, 3))
    readings = {
        "approval year": approved,
        "year after approval": tuple(year + 1 for year in approved),
        "approval by July counts at once": (approved[0], approved[1] + 1, approved[2] + 1),
    }
    cells.put(timing.timing_readings, counted, readings=readings, sizes=by_batch, also=BATCHES)
    ids = {"earlier": "text.bacon.early.weight", "never": "text.bacon.never.weight"}
    weights = {name: cells[number] * 0.01 for name, number in ids.items()}  # printed in percent
    span_of = {"units": "text.cities.n", "first": "text.years.first", "last": "text.years.last"}
    controls = "whether the decomposition includes the controls"
    given = {"weights": weights, "unstated": controls, "raises": "bacon-controls"}
    cells.put(
        bacon.weights_from_cohorts,
        span_of,
        sizes=sizes,
        assumes="The paper decomposes the baseline estimate, whose regression has controls: they change the weights.",
        also=list(ids.values()),
        **given,
    )
    cells.put(
        timing.cohort_sizes,
        {**treated, **span_of},
        years=tuple(sizes),
        also=[*ids.values(), *BATCHES],
        **given,
    )


def _stars(cells: Cells) -> None:
    df = sample(PAPER)["province_zh"].nunique() - 1
    batches.put_stars(cells, df=df, raises="garbled-column")
    cells.put(
        stars.stars_earned,
        {"coef": "text.INNxHCP.coef", "beside": "t6.c2.INNxHCP.se"},
        stars=cells.stars("text.INNxHCP.coef"),
        df=df,
    )
    cells.put(
        repetition.printed_twice,
        {"first": "t6.c2.INNxHCP.coef", "second": "text.INNxHCP.coef"},
        raises="garbled-column",
    )
    held = [c for c in cells.ids(r"t[34567]\..*\.coef") if c.replace(".coef", ".se") in cells.numbers.index]
    batches.put_parentheses(cells, [c for c in held if not c.startswith("t6.c2")], said="se", df=df)


def _index_and_parts(cells: Cells) -> None:
    totals = ["t3.c1.INN.coef", "t3.c1.Constant.coef", "t2.NQP.mean"]
    rows = [
        [f"{column}.INN.coef" for column in DIMENSIONS.values()],
        [f"{column}.Constant.coef" for column in DIMENSIONS.values()],
        [f"t2.{name}.mean" for name in DIMENSIONS],
    ]
    for chosen in ([0], [2], [0, 2], [0, 1, 2]):
        cells.put(
            sums.fixed_weights,
            {"totals": [totals[i] for i in chosen], "parts": [one for i in chosen for one in rows[i]]},
            components=tuple(DIMENSIONS),
            unstated="how the three dimensions enter the index",
            assumes="A mean is the coefficient on a constant alone." if len(chosen) == 3 else "",
            raises="index-weights",
        )


def _fit(cells: Cells) -> None:
    base = {"r2_short": "t3.c1.r2"}
    left = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=9)
    for column in ("t6.c1", "t6.c2", "t6.c3", "t4.c3", "t4.c4"):
        cells.put(fit.several_added, {**base, "r2_long": f"{column}.r2"})
    for column in ("t6.c1", "t6.c2", "t6.c3"):
        cells.put(fit.joint_f, {**base, "r2_long": f"{column}.r2"}, added=2, df=left)
    cells.put(fit.joint_f, {**base, "r2_long": "t4.c4.r2"}, added=3, df=left - 1)
    steps = {"after": "t4.c3.INN.coef", "before": "t3.c1.INN.coef"}
    cells.put(omitted.relative_change, steps, what="province-year effects", issue="province-years")
    columns = ("c1", "c2", "c3", "c4")
    errors = {
        key: [f"t3.{one}.{name}.se" for one in columns]
        for key, name in (("term", "INN"), ("other", "Constant"))
    }
    cells.put(shared_design.error_ratio_shared, errors, robust=True)


def _iv(cells: Cells) -> None:
    for first, second, name in (("c1", "c2", "IV1"), ("c3", "c4", "IV2")):
        coef, se, f = f"t5.{second}.INN.coef", f"t5.{second}.INN.se", f"t5.{second}.KPF.F"
        stem = f"t5.{first}.{name}"
        t = cells[f"{stem}.coef"] / cells[f"{stem}.se"]
        cells.put(instruments.f_of_first_stage, {"f": f}, t=t, also=(f"{stem}.coef", f"{stem}.se"))
        cells.put(
            instruments.tf_adjusted,
            {"iv": coef, "iv_se": se, "f": f},
            stars=cells.stars(coef),
            critical=lambda strength: tf_interval(0.0, 1.0, strength)[1],
        )
        for statistic in (f"t5.{second}.KPLM.LM", f):
            p = f"{statistic.rpartition('.')[0]}.p"
            cells.put(stars.p_of_statistic, {"statistic": statistic, "p": p}, form="chi2")
        cells.put(
            instruments.iv_against_ols,
            {"iv": coef, "iv_se": se, "ols": "t3.c1.INN.coef", "sd": "t2.NQP.sd"},
            raises="iv-size",
        )
        cells.put(
            distribution.exaggeration,
            {"se": se, "supposed": "t3.c1.INN.coef"},
            because="that of the baseline",
        )


def _moderators(cells: Cells) -> None:
    scales = {
        "QUA": "an index of patent shares, between 0 and 1",
        "HCP": "a stock of human capital per head",
        "ISU": "the tertiary share of new firms, between 0 and 1",
    }
    for column, (name, scale) in zip(("c1", "c2", "c3"), scales.items(), strict=True):
        cells.put(
            moderation.moderator_level,
            {
                "main": f"t6.{column}.INN.coef",
                "interaction": f"t6.{column}.INNx{name}.coef",
                "without": "t3.c1.INN.coef",
            },
            scale=scale,
            issue="centred-moderators" if name == "ISU" else "",
        )


def _heterogeneity(cells: Cells) -> None:
    apart = {"assumes": "No city is northern and southern."}
    may_share = {"unstated": "how the difference is tested, and whether a city can change its group"}
    for one, two, words in (("c1", "c2", apart), ("c3", "c4", may_share)):
        cells.put(
            groups.difference,
            {
                "first": f"t7.{one}.INN.coef",
                "second": f"t7.{two}.INN.coef",
                "se_first": f"t7.{one}.INN.se",
                "se_second": f"t7.{two}.INN.se",
                "p": f"t7.{one}{two}.diffINN.p",
            },
            raises="group-tests",
            **words,
        )
    cells.put(
        repetition.stated_bound, {"value": "t7.c3c4.diffINN.p", "bound": "text.market.diff.p"}, side="below"
    )


def _spatial(cells: Cells) -> None:
    """Put Table 8 to the checks of spatial effects, with contiguity and distance from the project's map."""
    cities = sorted(sample(PAPER)["adcode"])
    first = first_treated(PAPER, CLUSTER).reindex(cities).fillna(np.inf).to_numpy()
    treated = (first[:, None] <= np.arange(2011, 2023)).astype(float)
    for column in ("t8.c1", "t8.c2", "t8.c3"):
        parts = [f"{column}.direct", f"{column}.indirect"]
        for check, stat in ((sums.adds_up, "coef"), (sums.error_of_sum, "se")):
            cells.put(check, {"parts": [f"{one}.{stat}" for one in parts], "total": f"{column}.total.{stat}"})
        for name in MAPS.get(column, []):
            weights = _weights(name, cities)
            _against_map(cells, column, spatial.Matrix.of(weights, determinant(weights)), treated)


def _weights(name: str, cities: list[int]) -> Weights:
    places = roster_cities().rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    name = f"row-standardised {name}"
    if "distance" in name:
        chosen = places.set_index("id").loc[cities].reset_index()
        return inverse_distance(chosen, power=2.0 if "squared" in name else 1.0, standardise=True, name=name)
    return contiguity(
        neighbour_pairs(), cities, islands="nearest", coordinates=places, standardise=True, name=name
    )


def _against_map(cells: Cells, stem: str, weights: spatial.Matrix, treated: np.ndarray) -> None:
    given = {"weights": weights, "assumes": f"The paper's matrix is {weights.name} of these cities."}
    rho = {"rho": f"{stem}.rho.rho"}
    effects = {name: f"{stem}.{name}.coef" for name in ("direct", "total")}
    errors = {f"{name}_se": f"{stem}.{name}.se" for name in ("direct", "indirect")}
    one = "no-lagged-treatment"
    cells.put(spatial.rho_admissible, rho, **given)
    cells.put(
        spatial.without_lagged_regressor,
        {**effects, **rho, "rho_se": f"{stem}.rho.se"},
        model="durbin",
        **{"issue" if stem == "t8.c1" else "raises": one},
        **given,
    )
    cells.put(spatial.durbin_error_ratio, {**errors, **rho}, regressor=treated, raises=one, **given)


def _distribution(cells: Cells) -> None:
    doubtful = set(cells.ids(DOUBTFUL))
    tests = distribution.t_values(cells).set_index("id")
    wanted = [one for one in cells.ids(OF_INTEREST) if one in tests.index and one not in doubtful]
    batches.put_distribution(cells, wanted, thresholds=(1.645, 1.96, 2.576))
    chosen = tests.loc[wanted]
    cells.put(distribution.spread_of_t, {}, t=chosen["t"].tolist(), also=[*wanted, *chosen["beside"]])
    for outcome, column in {"NQP": "t3.c1", **DIMENSIONS}.items():
        coef, se, sd = f"{column}.INN.coef", f"{column}.INN.se", {"outcome_sd": f"t2.{outcome}.sd"}
        cells.put(distribution.effect_in_sd, {"coef": coef, **sd, "outcome_mean": f"t2.{outcome}.mean"})
        cells.put(distribution.detectable_effect, {"coef": coef, "se": se, **sd})
    for column in ("c1", "c2", "c3", "c4"):
        at = {"coef": f"t7.{column}.INN.coef", "se": f"t7.{column}.INN.se", "outcome_sd": "t2.NQP.sd"}
        cells.put(distribution.detectable_effect, at)
    cells.put(
        distribution.exaggeration,
        {"se": "t3.c1.INN.se", "supposed": "t2.NQP.sd"},
        share=0.1,
        because="a tenth of a standard deviation of the index",
    )
