"""Zhang & Ma (2025), Tables 6, 7 and 9: timing, and cities under both policies."""

from nqp.evidence.audit import bacon, counts, fit, groups, repetition, timing
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.dual_pilot_design import (
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
)

BATCHES = [f"text.{policy}_BATCH{k}_YEAR.other" for policy in ("BCS", "IIC") for k in (1, 2, 3)]
# sizes by first treated year of cities under both: four start both in 2015, the only common year; eight start with a
# cluster, so the later year is 2014 to 2016; eighteen start with broadband, so it is 2015 or 2017
BOTH_AT_LEAST, BOTH_AT_MOST = (0, 4, 0, 0), (8, 30, 8, 18)


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
            bacon.weights_from_cohorts,
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
    cells.put(bacon.share_of_weights, {"weight": list(weight.values())}, share=1.0, to=TABLE_6_UNIT)
    chosen = [weight["LATER"], weight["NEVER"]]
    cells.put(bacon.share_of_weights, {"weight": chosen, "share": good}, percent=True, to=TABLE_6_UNIT)
    cells.put(
        bacon.share_of_weights, {"weight": [weight["EARLIER"]], "share": bad}, percent=True, to=TABLE_6_UNIT
    )
    estimates = [one.replace(".weight", ".coef") for one in weight.values()]
    total = f"t6.c{k}.BACON_DID.coef"
    cells.put(
        bacon.estimate_from_comparisons,
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
            " cities; no test of the difference is printed."
            if last
            else "",
            resolve="One regression with both orders, errors clustered by city." if last else "",
        )
