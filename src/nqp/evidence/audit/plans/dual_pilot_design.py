"""The stated design of Zhang & Ma (2025), as the checks need it."""

from nqp.evidence.audit import counts, fit
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.cohorts import bacon_weights, cohort_solutions

POLICIES = ("BCS", "IIC", "DID")
CONTROLS = ("MKT", "OFI", "STR", "URB", "FTE")
PANEL = ("text.N_CITIES.n", "text.YEAR_START.other", "text.YEAR_END.other")
UNITS, PERIODS = 275, 11
TREATED = {"BCS": 106, "IIC": 53, "DID": 30}
# city and year effects, the policy and five controls
REGRESSORS = 1 + len(CONTROLS)
DF = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=REGRESSORS)
YEARS = {"BCS": (2014, 2015, 2016), "IIC": (2013, 2015, 2017), "DID": (2014, 2015, 2016, 2017)}
WEIGHTS = ("LATER", "EARLIER", "NEVER")
# every weight of Table 6 ends in 0: it was rounded to three decimals
TABLE_6_UNIT = 0.001
DESIGN = "City and year effects, the policy and five controls."


def column(table: str, number: int, policy: str) -> dict[str, str]:
    """Return the ids of a policy's coefficient, t and R2 in a column."""
    stem = f"{table}.c{number}"
    return {"coef": f"{stem}.{policy}.coef", "t": f"{stem}.{policy}.t", "r2": f"{stem}.R2.r2"}


def sizes_of(columns: list[dict[str, str]]) -> list[str]:
    """Return the ids of the numbers of observations of columns."""
    return [one["r2"].removesuffix("R2.r2") + "N.n" for one in columns]


def put_shared(
    cells: Cells, columns: list[dict[str, str]], *, df: int, most_df: int | None = None, **words: str
) -> None:
    """Compare the R2 without the policy across columns on the same rows."""
    most = {} if most_df is None else {"most_df": most_df}
    cells.put(
        fit.shared_remainder,
        {"r2": [one["r2"] for one in columns], "t": [one["t"] for one in columns]},
        df=df,
        also=[*sizes_of(columns), "text.N_CONTROLS.n"],
        **most,
        **words,
    )


def cohorts(cells: Cells, policy: str) -> list[dict[int, int]]:
    """Return the cohort sizes, by first treated year, that give a policy's printed count and Table 6 weights.

    Of the cities under both policies only those that start with a cluster can be under both from 2014 or 2016: the
    text counts eight of them, and four that start both in 2015, the only year common to the two programmes.
    """
    [total] = counts.integer_totals(cells[f"t2.c2.{policy}.mean"], UNITS * PERIODS)
    found = cohort_solutions(TREATED[policy], total, YEARS[policy], last=2021)
    if policy == "DID":
        first, same = (int(cells.row(f"text.N_{one}.n").value) for one in ("IIC_FIRST", "SAME_YEAR"))
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
