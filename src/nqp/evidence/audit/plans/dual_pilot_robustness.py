"""Zhang & Ma (2025), Table 5: matching, lag, other policies, interacted effects, municipalities."""

from nqp.evidence.audit import counts, fit, groups, repetition
from nqp.evidence.audit.cells import UNRANKED, Cells
from nqp.evidence.audit.plans.common import put_balanced
from nqp.evidence.audit.plans.dual_pilot_design import (
    DF,
    PANEL,
    PERIODS,
    POLICIES,
    REGRESSORS,
    TREATED,
    UNITS,
    column,
    put_shared,
)

KEPT = "whether observations in no pair were left out"


def put_robustness(cells: Cells) -> None:
    """Table 5."""
    _matching_and_lag(cells)
    _other_panels(cells)


def _matching_and_lag(cells: Cells) -> None:
    """Table 5 A and B."""
    for k, policy in enumerate(POLICIES, start=1):
        treated = counts.integer_totals(cells[f"t2.c2.{policy}.mean"], 3025)[-1]
        cells.put(
            counts.one_to_one_bound,
            {"n": f"t5.A.c{k}.N.n"},
            treated=treated,
            also=[f"t2.c2.{policy}.mean", f"t2.c1.{policy}.n"],
            assumes="Treated observations are city-years under the policy.",
            unstated=KEPT,
        )
        last = policy == "DID"
        cells.put(
            counts.one_to_one_bound,
            {"n": f"t5.A.c{k}.N.n"},
            treated=TREATED[policy] * PERIODS,
            also=[f"text.N_{policy}.n"],
            assumes="The wider reading: treated observations are all years of cities ever under the policy.",
            unstated=KEPT,
            matters="Panel A is called a 1:1 matched sample; all three columns hold more observations than pairs can,"
            " even if every year of every treated city has a match. Observations in no pair are then among them, as"
            " when all on common support are kept."
            if last
            else "",
            resolve="The matching procedure, and which observations it kept." if last else "",
            rank=8 if last else UNRANKED,
        )
        _lag(cells, k, policy)
        one = column("t5.A", k, policy)
        least = fit.residual_df(
            int(cells.row(f"t5.A.c{k}.N.n").value), units=UNITS, periods=PERIODS, regressors=REGRESSORS
        )
        ids = {"r2": one["r2"], "t": one["t"]}
        cells.put(
            fit.room_for_t, ids, df=least, assumes="All 275 cities remain: the fewest degrees of freedom."
        )
    lagged = [column("t5.B", k, policy) for k, policy in enumerate(POLICIES, start=1)]
    df = fit.residual_df(2750, units=UNITS, periods=PERIODS - 1, regressors=REGRESSORS)
    put_shared(cells, lagged, df=df, assumes="2,750 observations: 275 cities, ten years.")
    _rankings(cells, "AB")


def _lag(cells: Cells, k: int, policy: str) -> None:
    put_balanced(cells, [f"t5.B.c{k}.N.n"], units=UNITS, periods=PERIODS - 1, also=PANEL)
    base, lagged = column("t3", k, policy), column("t5.B", k, policy)
    cells.put(
        repetition.identical_columns,
        {"first": list(base.values()), "second": list(lagged.values())},
        n_first=int(cells.row(f"t3.c{k}.N.n").value),
        n_second=int(cells.row(f"t5.B.c{k}.N.n").value),
        also=[f"t3.c{k}.N.n", f"t5.B.c{k}.N.n"],
        matters="The estimates with the policy lagged one year are those of Table 3 to the last digit in all three"
        " columns, on 275 observations fewer; as printed they add nothing to Table 3. Table 3 set twice would look the"
        " same."
        if policy == "BCS"
        else "",
        resolve="The estimates with lagged policies." if policy == "BCS" else "",
        rank=10 if policy == "BCS" else UNRANKED,
    )


def _rankings(cells: Cells, panels: str) -> None:
    for panel in panels:
        ids = [f"t5.{panel}.c{k}.{policy}" for k, policy in enumerate(POLICIES, start=1)]
        cells.put(
            groups.ranking, {key: [f"{one}.{key}" for one in ids] for key in ("coef", "t")}, names=POLICIES
        )


def _other_panels(cells: Cells) -> None:
    """Table 5 C to F."""
    put_balanced(cells, cells.ids(r"t5\.[CDF]\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    put_balanced(
        cells,
        cells.ids(r"t5\.E\..*\.n"),
        units=UNITS - 4,
        periods=PERIODS,
        also=PANEL,
    )
    put_shared(cells, [column("t5.C", k, p) for k, p in enumerate(POLICIES, start=1)], df=DF - 2)
    for k in (1, 2, 3):
        cells.put(
            fit.several_added,
            {
                "r2_short": f"t3.c{k}.R2.r2",
                "r2_long": f"t5.C.c{k}.R2.r2",
                "t": [f"t5.C.c{k}.BDZ.t", f"t5.C.c{k}.FIVEG.t"],
            },
            df=DF - 2,
        )
    without = fit.residual_df(2981, units=UNITS - 4, periods=PERIODS, regressors=REGRESSORS)
    put_shared(cells, [column("t5.E", k, p) for k, p in enumerate(POLICIES, start=1)], df=without)
    _interacted(cells)
    _rankings(cells, "CDEF")


def fewest_provinces(cities: int) -> int:
    """Return the smallest number of provinces, four municipalities included, that a sample of cities can span."""
    from nqp.data import sample

    every = sample("dual_pilot")
    others = every[~every["adcode"].isin((110000, 120000, 310000, 500000))]
    held = others["province_zh"].value_counts().cumsum()
    return int((held < cities - len((110000, 120000, 310000, 500000))).sum()) + 1 + len((110000, 120000, 310000, 500000))


def _interacted(cells: Cells) -> None:
    """Table 5 D: province-year, city-year and province-city effects."""
    provinces = fewest_provinces(UNITS)
    added = (provinces - 1) * (PERIODS - 1)
    for k in (1, 2, 3):
        first = k == 1
        cells.put(
            fit.effects_leave_df,
            {"n": f"t5.D.c{k}.N.n", "r2": f"t5.D.c{k}.R2.r2"},
            effects=UNITS * PERIODS,
            regressors=REGRESSORS,
            assumes="City-year effects are one indicator for each city and year, as the text has it.",
            also=[f"t3.c{k}.R2.r2"],
            matters="Panel D is said to hold city-year effects; they leave no degrees of freedom, so its coefficients"
            " come from other effects or terms. R2 is above that of Table 3 by no more than a few regressors unrelated"
            " to the outcome could raise it."
            if first
            else "",
            resolve="The command behind Panel D, or an estimate with province-year effects." if first else "",
            rank=9 if first else UNRANKED,
        )
        both = {"r2_short": f"t3.c{k}.R2.r2", "r2_long": f"t5.D.c{k}.R2.r2"}
        cells.put(fit.several_added, both)
        cells.put(
            fit.joint_f,
            both,
            added=added,
            df=DF - added,
            assumes=f"Province-year effects alone: 275 cities lie in at least {provinces} provinces, so {added} or"
            " more are added.",
        )
        cells.put(
            fit.joint_f,
            both,
            added=3,
            df=DF - 3,
            assumes="Another reading: three interactions entered as three variables, products of identifiers.",
        )
