"""The stated design of Zhang & Ma (2025), as the checks need it."""

from nqp.evidence.audit import fit
from nqp.evidence.audit.cells import Cells

POLICIES = ("BCS", "IIC", "DID")
CONTROLS = ("MKT", "OFI", "STR", "URB", "FTE")
PANEL = ("text.N_CITIES.n", "text.YEAR_START.other", "text.YEAR_END.other")
UNITS, PERIODS = 275, 11
TREATED = {"BCS": 106, "IIC": 53, "DID": 30}
# city and year effects, the policy and five controls
REGRESSORS = 1 + len(CONTROLS)
DF = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=REGRESSORS)
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
