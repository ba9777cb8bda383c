"""The checks that a table of printed numbers gets by itself, without a plan."""

from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path

import pandas as pd

from printcheck import batches, counts, fit, repetition, stars, sums
from printcheck.cells import Cells
from printcheck.checks import Result
from printcheck.report import Report, report
from printcheck.table import TableError, read_table

# What disagreement may mean: title, what it matters, what would settle it.
ISSUES = {
    "stars": (
        "Stars that do not follow",
        "Stars and t values disagree at these levels. Other levels, a one-sided test or other standard errors for the"
        " test than those printed would explain it.",
        "The levels, the test and the output of these columns.",
    ),
    "parentheses": (
        "What the parentheses hold",
        "Not all stars follow when the numbers in parentheses are read as what they are called.",
        "The note under the table, and the output of one column.",
    ),
    "statistics": (
        "Coefficient, error, t and p that do not belong together",
        "One of the printed numbers does not follow from the others. Few degrees of freedom, or errors of another kind"
        " for one of them, would explain a small gap.",
        "The output of these columns.",
    ),
    "counts": (
        "Counts that do not fit",
        "A number of observations, or a mean of whole numbers, is not what counting allows.",
        "The number of rows of these columns.",
    ),
    "sums": (
        "Totals that are not the sum of their parts",
        "Parts and total may rest on different observations, or a number is misprinted.",
        "The numbers of observations behind the parts and the total.",
    ),
    "moments": (
        "Moments that exclude one another",
        "No variable has this mean, standard deviation, minimum and maximum over so many values.",
        "The variable's moments from the data.",
    ),
    "r2": (
        "R2 and adjusted R2",
        "One follows from the other and the counts, and does not.",
        "The output of the column.",
    ),
    "twice": (
        "One number printed twice",
        "The two places print different numbers.",
        "Which of the two is meant.",
    ),
}
MOMENTS = {"mean": "mean", "sd": "sd", "min": "minimum", "max": "maximum", "n": "n"}


def check_file(path: str | Path, levels: str = "0.1,0.05,0.01") -> Report:
    """Check the printed numbers of a CSV; the columns are those of `printcheck.table.read_table`.

    Raises
    ------
    TableError
        For a file that cannot be used, and for levels that are not falling numbers between 0 and 1.
    """
    return check_table(read_table(path), _levels(levels), name=str(path))


def check_table(
    numbers: pd.DataFrame, levels: Sequence[float] = stars.LEVELS, *, name: str = "the table"
) -> Report:
    """Put every check to a table of printed numbers that it allows by itself.

    Parameters
    ----------
    numbers : as `printcheck.table.read_table` returns it
    levels : significance levels of one star, two stars, ...
    name : what the table is called in messages
    """
    table = _Table(Cells(numbers, name))
    _statistics(table, levels)
    for (where, _), rows in numbers.groupby(["table", "column"], sort=False):
        _column(table, where, rows)
    _moments(table)
    _links(table)
    raised = dict.fromkeys(one.issue for one in table.cells.findings if one.issue)
    for rank, slug in enumerate((slug for slug in ISSUES if slug in raised), start=1):
        title, matters, resolve = ISSUES[slug]
        table.cells.issue(slug, title, matters=matters, resolve=resolve, rank=rank)
    reached = {number for finding in table.cells.findings for number in finding.ids}
    left = numbers.index[~numbers.index.isin(reached)]
    why = numbers.loc[left, "stat"].map("no other printed number of the table decides on this {}".format)
    return _report(table.cells, why)


def _report(cells: Cells, why: pd.Series) -> Report:
    beyond = pd.DataFrame({"id": why.index, "printed": cells.numbers.loc[why.index, "printed"], "why": why})
    reached = Cells(cells.numbers.drop(index=why.index), cells.name, cells.findings, cells.issues)
    return Report(report(reached, {}).findings, beyond.reset_index(drop=True))


def _levels(given: str) -> tuple[float, ...]:
    try:
        levels = tuple(float(one) for one in given.split(","))
    except ValueError:
        levels = ()
    if (
        not levels
        or not all(0 < one < 1 for one in levels)
        or list(levels) != sorted(set(levels), reverse=True)
    ):
        raise TableError(f"levels {given!r}: give falling numbers between 0 and 1, such as 0.1,0.05,0.01")
    return levels


class _Table:
    """Cells and where a statistic of a column or term stands."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        keys = cells.numbers[["table", "column", "term", "stat"]].itertuples(index=True)
        self.place = {tuple(key[1:]): key.Index for key in keys}

    def put(self, check: Callable[..., Result], raises: str, ids: dict[str, object], **given: object) -> None:
        """Put a check when all the ids that it needs are there."""
        if all(ids.values()):
            self.cells.put(check, ids, raises=raises, **given)

    def of(self, table: str, column: str, stat: str) -> str | None:
        """Return the id of a column's number of observations and the like, or of the one given for the whole table."""
        found = {c: number for (t, c, _, s), number in self.place.items() if (t, s) == (table, stat)}
        return found.get(column) or found.get("")


def _statistics(table: _Table, levels: Sequence[float]) -> None:
    """Stars, parentheses, and coefficient, error, t and p against each other."""
    cells, held = table.cells, {}
    starred = set(cells.numbers.loc[cells.numbers["stars"].isin(list("123456789")), "table"])
    for (where, column, term, stat), coef in table.place.items():
        if stat != "coef":
            continue
        beside = {s: table.place.get((where, column, term, s)) for s in ("se", "t", "p")}
        df = max(_df(table, where, column), 1)
        table.put(stars.t_of_coefficient, "statistics", {"coef": coef, "se": beside["se"], "t": beside["t"]})
        t = None if beside["t"] or not beside["se"] else cells[coef] / cells[beside["se"]]
        statistic = {"statistic": beside["t"], "p": beside["p"]} if t is None else {"p": beside["p"]}
        given = {} if t is None else {"statistic": t, "also": [coef, beside["se"]]}
        table.put(stars.p_of_statistic, "statistics", statistic, df=df, **given)
        holds = "se" if beside["se"] else "t"
        if where in starred and beside[holds]:
            both = {"coef": coef, "beside": beside[holds]}
            given = {"stars": cells.stars(coef), "holds": holds, "df": df, "levels": levels}
            table.put(stars.stars_earned, "stars", both, **given)
            if not (beside["se"] and beside["t"]):
                held.setdefault((where, holds), []).append(both)
    for (_, said), pairs in held.items():
        ids = {"coef": [one["coef"] for one in pairs], "parenthesis": [one["beside"] for one in pairs]}
        marks = [cells.stars(one) for one in ids["coef"]]
        table.put(stars.what_parentheses_hold, "parentheses", ids, stars=marks, said=said, levels=levels)


def _df(table: _Table, where: str, column: str, most: float = 30) -> float:
    """Return the degrees of freedom that n and k leave, but no more than `most`, which is returned without n."""
    n, k = (table.of(where, column, stat) for stat in ("n", "k"))
    return min(most, table.cells.whole(n) - (table.cells.whole(k) if k else 1) - 1) if n else most


def _column(table: _Table, where: str, rows: pd.DataFrame) -> None:
    """Counts and R2 of one column."""
    column = rows["column"].iloc[0]
    at = {stat: table.of(where, column, stat) for stat in ("n", "k", "units", "periods", "r2", "r2_adj")}
    if column and at["n"] in rows.index and at["units"] and at["periods"]:
        units, periods = (table.cells.whole(at[stat]) for stat in ("units", "periods"))
        also = [at["units"], at["periods"]]
        table.put(
            counts.units_times_periods, "counts", {"n": at["n"]}, units=units, periods=periods, also=also
        )
    if at["r2_adj"] in rows.index and at["n"] and at["k"] and _df(table, where, column, most=inf) > 0:
        ids = {"r2": at["r2"], "adjusted": at["r2_adj"], "n": at["n"], "k": at["k"]}
        table.put(fit.adjusted_r2, "r2", ids)


def _moments(table: _Table) -> None:
    """Bounds of mean, standard deviation and extremes; counts behind the means of 0/1 and whole numbers."""
    numbers = table.cells.numbers
    wanted = numbers[numbers["stat"].isin(MOMENTS)]
    for _, rows in wanted.groupby(["table", "term"], sort=False):
        spread = (
            [one for _, one in rows.groupby("column", sort=False)]
            if rows["stat"].duplicated().any()
            else [rows]
        )
        for one in spread:
            first = one.iloc[0]
            at = {MOMENTS[stat]: number for number, stat in one["stat"].items()}
            if "n" not in at and (n := table.of(first["table"], first["column"], "n")):
                at["n"] = n
            if "n" in at and table.cells.whole(at["n"]) < 2:
                del at["n"]  # one value has no spread
            batches.put_moments(table.cells, at, raises="moments")
            kinds = set(one["kind"])
            if "dummy" in kinds and {"mean", "sd", "n"} <= set(at):
                table.put(counts.dummy, "counts", {key: at[key] for key in ("mean", "sd", "n")})
            elif kinds & {"dummy", "whole"} and {"mean", "n"} <= set(at):
                table.put(counts.integer_mean, "counts", {"mean": at["mean"], "n": at["n"]})


def _links(table: _Table) -> None:
    """Totals and their parts, with their standard errors, and numbers that are printed twice."""
    numbers = table.cells.numbers
    marks = numbers["part_of"].str.split(";").explode().str.strip()
    marks = marks[marks != ""]
    for whole, rows in marks.groupby(marks.str.removeprefix("-"), sort=False):
        signs = [-1.0 if mark.startswith("-") else 1.0 for mark in rows]
        table.put(sums.adds_up, "sums", {"parts": list(rows.index), "total": whole}, weights=signs)
        errors = [_error_beside(table, number) for number in (whole, *rows.index)]
        if len(rows) > 1:
            ids = {"total": errors[0], "parts": errors[1:] if all(errors) else None}
            table.put(sums.error_of_sum, "sums", ids, weights=signs)
    for number, other in numbers["same_as"][numbers["same_as"] != ""].items():
        table.put(repetition.printed_twice, "twice", {"first": number, "second": other})


def _error_beside(table: _Table, number: str) -> str | None:
    row = table.cells.row(number)
    return table.place.get((row.table, row.column, row.term, "se")) if row.stat in ("coef", "mean") else None
