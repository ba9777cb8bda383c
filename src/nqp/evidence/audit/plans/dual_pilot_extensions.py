"""Zhang & Ma (2025), Tables 6 to 10: timing, overlap of the two policies, mediation, groups."""

from collections.abc import Sequence
from math import ceil

from nqp.evidence.audit import counts, exchanged, fit, groups, mediation, repetition, timing
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import interval
from nqp.evidence.audit.plans.common import put_balanced
from nqp.evidence.audit.plans.dual_pilot_design import (
    DF,
    PANEL,
    PERIODS,
    POLICIES,
    REGRESSORS,
    TABLE_6_UNIT,
    TREATED,
    UNITS,
    WEIGHTS,
    YEARS,
    cohorts,
    column,
    put_shared,
    sizes_of,
)

BATCHES = [f"text.{policy}_BATCH{k}_YEAR.other" for policy in ("BCS", "IIC") for k in (1, 2, 3)]
# sizes by first treated year of cities treated by both: four start both in 2015, the only common year; eight start
# with a cluster, so the later year is 2014 to 2016; eighteen start with broadband, so it is 2015 or 2017
BOTH_AT_LEAST, BOTH_AT_MOST = (0, 4, 0, 0), (8, 30, 8, 18)

# centres of each agglomeration as footnote 1 lists them
CENTRES = (3, 1, 2, 3, 1, 2, 1, 1, 2, 1, 2, 1, 1, 2, 2, 1, 2, 1, 1)
PANELS = {
    "A": ("resource-based", "other"),
    "B": ("central", "peripheral"),
    "C": ("large", "small and medium"),
    "D": ("soft-target", "hard-target"),
    "E": ("ratcheted", "not ratcheted"),
}
FIXED = "AB"  # splits by a trait that does not change; the others vary over time


def put_timing(cells: Cells) -> None:
    """Cohorts from counts and Goodman-Bacon weights; shares and estimates of Table 6."""
    for k, policy in enumerate(POLICIES, start=1):
        bounds = {"at_least": BOTH_AT_LEAST, "at_most": BOTH_AT_MOST} if policy == "DID" else {}
        base = {
            "mean": f"t2.c2.{policy}.mean",
            "n": f"t2.c1.{policy}.n",
            "treated": f"text.N_{policy}.n",
            "last": "text.YEAR_END.other",
        }
        both = policy == "DID"
        used = BATCHES if both else [one for one in BATCHES if one.startswith(f"text.{policy}")]
        if both:
            used = [*used, "text.N_BCS_FIRST.n", "text.N_IIC_FIRST.n", "text.N_SAME_YEAR.n"]
        given = {"years": YEARS[policy], "also": used, **bounds}
        cells.put(timing.cohorts_from_counts, base, **given)
        weights = {name.lower(): f"t6.c{k}.BACON_{name}.weight" for name in WEIGHTS}
        ends = {"units": "text.N_CITIES.n", "first": "text.YEAR_START.other"}
        cells.put(timing.cohorts_from_weights, {**base, **ends, **weights}, to=TABLE_6_UNIT, **given)
        if both:
            _order_and_weights(cells, {**ends, "last": base["last"], **weights}, used)
        _table_6(cells, k, policy)


def _order_and_weights(cells: Cells, ids: dict[str, str], used: list[str]) -> None:
    """Cohorts of cities under both policies that the counted orders leave."""
    for sizes in cohorts(cells, "DID"):
        cells.put(
            timing.weights_from_cohorts,
            ids,
            sizes=sizes,
            to=TABLE_6_UNIT,
            also=[*used, "t2.c2.DID.mean", "text.N_DID.n"],
            assumes="Only cities that start with a cluster can be under both from 2014 or 2016, so at most as many as"
            " the text counts: of the sizes that give counts and weights, this is one that remains.",
        )


def _table_6(cells: Cells, k: int, policy: str) -> None:
    weight = {name: f"t6.c{k}.BACON_{name}.weight" for name in WEIGHTS}
    good, bad = f"text.BACON_GOOD_{policy}.share", f"text.BACON_BAD_{policy}.share"
    cells.put(timing.share_of_weights, {"weight": list(weight.values())}, share=1.0, to=TABLE_6_UNIT)
    chosen = [weight["LATER"], weight["NEVER"]]
    cells.put(timing.share_of_weights, {"weight": chosen, "share": good}, percent=True, to=TABLE_6_UNIT)
    cells.put(
        timing.share_of_weights, {"weight": [weight["EARLIER"]], "share": bad}, percent=True, to=TABLE_6_UNIT
    )
    estimates = [one.replace(".weight", ".coef") for one in weight.values()]
    total = f"t6.c{k}.BACON_DID.coef"
    cells.put(
        timing.estimate_from_comparisons,
        {"weight": list(weight.values()), "estimate": estimates, "total": total},
        to=TABLE_6_UNIT,
    )
    cells.put(
        repetition.printed_twice,
        {"first": f"t3.c{k}.{policy}.coef", "second": total},
        assumes="The Goodman-Bacon estimate is the two-way estimate without controls; it is compared with the one"
        " with controls.",
        unstated="whether the decomposition holds the controls of Table 3",
    )


def put_overlap(cells: Cells) -> None:
    """Tables 7 and 9: samples of treated cities, cities in both programmes, and their order."""
    both = TREATED["BCS"] + TREATED["IIC"] - TREATED["DID"]
    samples = {
        ("t7.A", 1, "BCS"): (UNITS - TREATED["IIC"], "cities without a cluster"),
        ("t7.A", 2, "IIC"): (UNITS - TREATED["BCS"], "cities without broadband"),
        ("t7.B", 3, "DID"): (both, "cities under either policy"),
        ("t7.C", 4, "DID"): (TREATED["IIC"], "cluster cities"),
        ("t7.C", 5, "DID"): (TREATED["BCS"], "broadband cities"),
        ("t9.A", 1, "DID"): (both - 4 - 8, "either policy, less same-year and cluster-first cities"),
        ("t9.A", 2, "DID"): (both - 4 - 18, "either policy, less same-year and broadband-first cities"),
        ("t9.B", 3, "DID"): (UNITS - both + 18, "never-treated and broadband-first cities"),
        ("t9.B", 4, "DID"): (UNITS - both + 8, "never-treated and cluster-first cities"),
    }
    counted = [f"text.N_{policy}.n" for policy in POLICIES]
    order = ["text.N_BCS_FIRST.n", "text.N_IIC_FIRST.n", "text.N_SAME_YEAR.n"]
    for (table, k, policy), (units, who) in samples.items():
        one = column(table, k, policy)
        also = [*PANEL, *counted, *(order if table.startswith("t9") else [])]
        cells.put(
            counts.units_times_periods,
            {"n": f"{table}.c{k}.N.n"},
            units=units,
            periods=PERIODS,
            also=also,
            assumes=f"The sample is {who}.",
        )
        df = fit.residual_df(units * PERIODS, units=units, periods=PERIODS, regressors=REGRESSORS)
        cells.put(fit.room_for_t, {"r2": one["r2"], "t": one["t"]}, df=df)
    cells.put(counts.parts_add_up, {"parts": order, "total": "text.N_DUAL_SEQ.n"})
    cells.put(repetition.printed_twice, {"first": "text.N_DUAL_SEQ.n", "second": "text.N_DID.n"})
    _overlap_differences(cells)


def _overlap_differences(cells: Cells) -> None:
    pairs = [
        ("t7.A.c1.BCS", "t7.A.c2.IIC", "Both samples hold the cities under neither policy."),
        ("t9.A.c1.DID", "t9.A.c2.DID", "Both samples hold the cities under one policy only."),
        ("t9.B.c3.DID", "t9.B.c4.DID", "Both samples hold the cities under neither policy."),
    ]
    for first, second, shared in pairs:
        ids = {
            "first": f"{first}.coef",
            "second": f"{second}.coef",
            "t_first": f"{first}.t",
            "t_second": f"{second}.t",
        }
        last = first.startswith("t9.A")
        cells.put(groups.difference, ids, assumes=f"{shared} Taken as independent all the same.")
        cells.put(
            groups.difference_overlapping,
            ids,
            assumes=shared,
            matters="That starting with the cluster gives more than starting with broadband rests on two coefficients"
            f" from samples that share their controls, one with {cells.row('text.N_IIC_FIRST.n').printed} treated"
            " cities; no test of the difference is printed, and errors clustered by city would be larger."
            if last
            else "",
            resolve="One regression with both orders, errors clustered by city." if last else "",
        )


def put_mediation(cells: Cells) -> None:
    """Table 8 and the Sobel tests."""
    put_balanced(cells, cells.ids(r"t8\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    for panel, mediator in (("A", "EG"), ("B", "TEC")):
        first = [column(f"t8.{panel}", k, policy) for k, policy in enumerate(POLICIES, start=1)]
        put_shared(cells, first, df=DF)
        alone = {"t": f"t8.{panel}.c4.{mediator}.t", "r2": f"t8.{panel}.c4.R2.r2"}
        base = column("t3", 3, "DID")
        put_shared(cells, [base, alone], df=DF)
        for k, policy in enumerate(POLICIES, start=1):
            _path(cells, panel, mediator, k, policy)
    _sobel(cells)


def _sobel(cells: Cells) -> None:
    pairs = [(m, k, p) for m in ("EG", "TEC") for k, p in enumerate(POLICIES, start=1)]
    panels, off = {"EG": "A", "TEC": "B"}, 0
    for mediator, k, policy in pairs:
        stem = f"t8.{panels[mediator]}"
        ids = {"t_a": f"{stem}.c{k}.{policy}.t", "t_b": f"{stem}.c{k + 4}.{mediator}.t"}
        found = cells.put(mediation.sobel_z, {**ids, "z": f"text.SOBEL_{mediator}_{policy}.z"})
        off += found.verdict == "inconsistent"
    for mediator, k, policy in pairs:
        headline = (mediator, policy) == ("EG", "BCS")
        cells.put(
            mediation.sobel_bound,
            {"t": [f"t8.{panels[mediator]}.c{k}.{policy}.t"], "z": f"text.SOBEL_{mediator}_{policy}.z"},
            matters="The printed Sobel z exceeds the t value of the path's first step, which no second step allows."
            f" Of six printed z, {off} do not follow from Table 8, whose regressions fit one another exactly; all"
            " would pass 1.96 when computed from it."
            if headline
            else "",
            resolve="The regressions behind the Sobel tests." if headline else "",
        )
    for mediator in ("EG", "TEC"):
        cells.put(
            mediation.sobel_threshold,
            {
                "threshold": f"text.SOBEL_CRIT_{mediator}.threshold",
                "z": [f"text.SOBEL_{mediator}_{policy}.z" for policy in POLICIES],
            },
        )


def _path(cells: Cells, panel: str, mediator: str, k: int, policy: str) -> None:
    total, a, both = (
        column("t3", k, policy),
        column(f"t8.{panel}", k, policy),
        column(f"t8.{panel}", k + 4, policy),
    )
    b = {one: f"t8.{panel}.c{k + 4}.{mediator}.{one}" for one in ("coef", "t")}
    alone = {"t": f"t8.{panel}.c4.{mediator}.t", "r2": f"t8.{panel}.c4.R2.r2"}
    cells.put(fit.one_added, {"r2_short": total["r2"], "r2_long": both["r2"], "t": b["t"]}, df=DF - 1)
    cells.put(fit.one_added, {"r2_short": alone["r2"], "r2_long": both["r2"], "t": both["t"]}, df=DF - 1)
    cells.put(
        mediation.both_t_from_three,
        {
            "t_total": total["t"],
            "t_mediator": alone["t"],
            "t_a": a["t"],
            "t_direct": both["t"],
            "t_b": b["t"],
        },
        df=DF,
    )
    paths = {"total": total["coef"], "a": a["coef"], "b": b["coef"]}
    cells.put(mediation.total_less_direct, {**paths, "direct": both["coef"]})
    cells.put(mediation.share_mediated, paths)


def put_heterogeneity(cells: Cells) -> None:
    """Table 10: sizes, R2 and t within samples, exchanged cells, differences between groups."""
    _centres(cells)
    for panel in PANELS:
        _panel_sizes(cells, panel)
        _panel_identities(cells, panel)
    _differences(cells)


def _differences(cells: Cells) -> None:
    """Differences between the two groups of each panel against their printed p values."""
    pairs = [_pair(panel, 2 * k + 1, policy) for panel in PANELS for k, policy in enumerate(POLICIES)]
    test = "which test gives the p value of the difference"
    for ids in pairs:
        cells.put(groups.difference, ids, unstated=test)
    off = [ids for ids in pairs if _outside(cells, ids)]
    for ids in pairs:
        chosen = ids["p"] == "t10.B.c5.DID_DIFF.p"
        cells.put(
            groups.difference_overlapping,
            ids,
            unstated=test,
            matters="The text reads effects as significantly larger in one group than in the other. For"
            f" {len(off)} of {len(pairs)} comparisons of Table 10 a normal test of the printed estimates cannot give a"
            " p as small as printed, whatever the dependence between groups; here the estimates differ by less than"
            " one standard error."
            if chosen
            else "",
            resolve="The name of the test and, for a permutation test, what is permuted." if chosen else "",
        )
    every = {key: [ids[key] for ids in pairs] for key in pairs[0]}
    cells.put(groups.order_of_p, every)
    cells.put(
        groups.counted_p,
        {"p": every["p"]},
        draws=1000,
        assumes="Counts out of draws would mean a permutation or bootstrap test; the paper names none.",
    )


def _pair(panel: str, k: int, policy: str) -> dict[str, str]:
    first, second = f"t10.{panel}.c{k}.{policy}", f"t10.{panel}.c{k + 1}.{policy}"
    return {
        "first": f"{first}.coef",
        "second": f"{second}.coef",
        "t_first": f"{first}.t",
        "t_second": f"{second}.t",
        "p": f"{first}_DIFF.p",
    }


def _outside(cells: Cells, ids: dict[str, str]) -> bool:
    """Whether no correlation of the two estimates gives a p value as small as printed."""
    found = groups.difference_overlapping(**{name: cells[one] for name, one in ids.items()})
    return found.verdict == "inconsistent"


def _centres(cells: Cells) -> None:
    footnote = "Footnote 1 lists the centres by agglomeration; the first number counts them."
    cells.put(
        repetition.printed_twice,
        {"second": "text.N_AGGLOM.n"},
        first=interval(len(CENTRES)),
        assumes=footnote,
    )
    cells.put(
        repetition.printed_twice,
        {"second": "text.N_PERIPH.n"},
        first=interval(UNITS - sum(CENTRES)),
        also=["text.N_CITIES.n"],
        assumes="Footnote 1 lists thirty centres; the first number is all cities less these.",
    )


def _panel_sizes(cells: Cells, panel: str) -> None:
    open_rule = {} if panel in FIXED else {"unstated": "whether cities or city-years are split"}
    for k in range(1, 7):
        number = f"t10.{panel}.c{k}.N.n"
        cells.put(counts.whole_units, {"n": number}, periods=PERIODS, **open_rule)
        if panel == "B":
            units = sum(CENTRES) if k % 2 else UNITS - sum(CENTRES)
            put_balanced(cells, [number], units=units, periods=PERIODS, also=["text.N_PERIPH.n"])
        if k % 2:
            parts = [number, f"t10.{panel}.c{k + 1}.N.n"]
            cells.put(counts.parts_add_up, {"parts": parts, "total": "t2.c1.NQP.n"})


def _sample(cells: Cells, panel: str, side: int) -> tuple[list[dict[str, str]], int, int]:
    """Return the columns of one group and its least and largest possible residual degrees of freedom."""
    columns = [column(f"t10.{panel}", 2 * k + 1 + side, policy) for k, policy in enumerate(POLICIES)]
    n = int(cells.row(sizes_of(columns)[0]).value)
    fewest = ceil(n / PERIODS)
    most = fewest if panel in FIXED else min(UNITS, n)
    df = [fit.residual_df(n, units=units, periods=PERIODS, regressors=REGRESSORS) for units in (most, fewest)]
    return columns, df[0], df[1]


def _panel_identities(cells: Cells, panel: str) -> None:
    """R2 without the policy within each group, and cells exchanged between the groups."""
    (first, low, high), (second, low_other, high_other) = (_sample(cells, panel, side) for side in (0, 1))
    for columns, df, most in ((first, low, high), (second, low_other, high_other)):
        put_shared(cells, columns, df=df, most_df=most)
    ids = {
        "r2": [one["r2"] for one in first],
        "t": [one["t"] for one in first],
        "r2_other": [one["r2"] for one in second],
        "t_other": [one["t"] for one in second],
    }
    matters, resolve = _exchange_words(cells, panel)
    cells.put(
        exchanged.exchange_between_samples,
        ids,
        columns=POLICIES,
        df=low,
        most_df=high,
        df_other=low_other,
        most_df_other=high_other,
        also=[*sizes_of([*first, *second]), "text.N_CONTROLS.n"],
        assumes=""
        if panel in FIXED
        else "A split by year leaves the number of cities open, so df is a range.",
        matters=matters,
        resolve=resolve,
    )
    for side, k, others in MENDED_R2.get(panel, ()):
        _r2_of_one(cells, panel, side, k, others)


# columns whose R2 fits none of the others whatever is exchanged, with those that agree among themselves
MENDED_R2 = {"A": [(0, 2, (0, 1))], "C": [(1, 2, (0, 1))]}


def _r2_of_one(cells: Cells, panel: str, side: int, k: int, others: Sequence[int]) -> None:
    columns, low, high = _sample(cells, panel, side)
    one = columns[k]
    cells.put(
        fit.r2_from_others,
        {
            "r2": one["r2"],
            "t": one["t"],
            "r2_other": [columns[i]["r2"] for i in others],
            "t_other": [columns[i]["t"] for i in others],
        },
        df=low,
        most_df=high,
    )


def _printed(cells: Cells, panel: str, k: int, policy: str) -> str:
    stem = f"t10.{panel}.c{k}.{policy}"
    return f"{cells.row(f'{stem}.coef').printed} (t {cells.row(f'{stem}.t').printed})"


def _exchange_words(cells: Cells, panel: str) -> tuple[str, str]:
    """Say what an exchange would do to the ranking that the text reads off the panel."""
    one, other = PANELS[panel]
    first, second = (_printed(cells, panel, k, "IIC") for k in (3, 4))
    back = "The regression output of the two IIC columns."
    if panel == "E":
        return (
            f"With the IIC cells exchanged, all six columns of Panel E agree: {second} belongs to {one} and {first} to"
            f" {other} cities, and the ranking that the text gives for clusters reverses. n and R2 cannot be what is"
            " exchanged: the other two policies' columns agree with theirs as printed.",
            back,
        )
    if panel == "B":
        return (
            f"With the IIC cells exchanged, {second} belongs to {one} and {first} to {other} cities: the ranking that"
            " the text gives for clusters reverses, and the effect in central cities is the one without stars. The"
            " exchanged cells agree with one further column in each sample; the BCS column of central cities and the"
            " DID column of peripheral ones agree with neither reading.",
            back,
        )
    if panel == "D":
        return (
            "As printed no two columns of Panel D agree; with coefficient and t of all three policies exchanged five"
            f" of six do. Whether the cells or n and R2 stand in the other column is undecided: in the first case"
            f" effects are larger under {other.replace('-', ' ')}s and the ranking of the text reverses for all three"
            " policies, in the second it stands.",
            "The numbers of city-years with soft and hard targets.",
        )
    return "", ""
