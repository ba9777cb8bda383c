"""Checks that every paper's tables get in the same way."""

from collections.abc import Iterable, Sequence

from nqp.evidence.audit import counts, descriptives, distribution, stars
from nqp.evidence.audit.cells import Cells


def put_stars(cells: Cells, *, df: float = 30, exactly: Iterable[str] | None = None) -> None:
    """Compare stars with the t value of every coefficient that has a standard error or t beside it.

    Parameters
    ----------
    df : smallest degrees of freedom that the paper could have used, such as clusters - 1
    exactly : ids of the coefficients to take; all of the paper when left out
    """
    known = set(cells.numbers.index)
    wanted = cells.ids(r".*\.(coef|rho)") if exactly is None else exactly
    for coef in wanted:
        stem = coef.rpartition(".")[0]
        if f"{stem}.se" in known:
            cells.put(
                stars.stars_from_error, {"coef": coef, "se": f"{stem}.se"}, stars=cells.stars(coef), df=df
            )
        elif f"{stem}.t" in known:
            cells.put(stars.stars_from_t, {"coef": coef, "t": f"{stem}.t"}, stars=cells.stars(coef), df=df)


def put_parentheses(cells: Cells, *, said: str, df: float, **words: str) -> None:
    """Ask of all coefficients with something in parentheses whether it is a standard error or a t value.

    Parameters
    ----------
    said : what the paper calls them, ``se`` or ``t``
    df : as in `put_stars`
    words : `matters` and the like, for `Cells.put`
    """
    coef = cells.ids(r".*\.coef")
    inside = [one.removesuffix("coef") + "se" for one in coef]
    marks = [cells.stars(one) for one in coef]
    cells.put(
        stars.what_parentheses_hold,
        {"coef": coef, "parenthesis": inside},
        stars=marks,
        said=said,
        df=df,
        **words,
    )


def put_descriptives(cells: Cells, names: Sequence[str], stem: str) -> None:
    """Put the bounds to each variable of a table of descriptive statistics.

    Parameters
    ----------
    names : variables
    stem : pattern of the ids with ``{name}`` and ``{stat}``, such as ``t2.{name}.{stat}``; columns that carry a
        prefix of their own are found by the end of the id
    """
    for name in names:
        at = {stat: _find(cells, stem, name, stat) for stat in ("n", "mean", "sd", "min", "max")}
        middle = {"mean": at["mean"], "minimum": at["min"], "maximum": at["max"]}
        cells.put(descriptives.ordered, {"minimum": at["min"], "mean": at["mean"], "maximum": at["max"]})
        cells.put(descriptives.bhatia_davis, {**middle, "sd": at["sd"], "n": at["n"]})
        cells.put(descriptives.samuelson, {**middle, "sd": at["sd"], "n": at["n"]})
        cells.put(
            descriptives.smallest_sd,
            {"sd": at["sd"], "minimum": at["min"], "maximum": at["max"], "n": at["n"]},
        )


def put_balanced(
    cells: Cells, numbers: Iterable[str], *, units: int, periods: int, also: Sequence[str] = ()
) -> None:
    """Compare printed numbers of observations with a balanced panel's."""
    for number in numbers:
        cells.put(counts.units_times_periods, {"n": number}, units=units, periods=periods, also=also)


def put_dummies(cells: Cells, names: Sequence[str], stem: str) -> None:
    """Find the count of ones behind each dummy's printed mean and standard deviation."""
    for name in names:
        at = {stat: _find(cells, stem, name, stat) for stat in ("n", "mean", "sd")}
        cells.put(counts.dummy, at)


def put_distribution(
    cells: Cells,
    *,
    thresholds: Sequence[float] = (1.645, 1.96),
    holds: distribution.Holds = "se",
    leave_out: Iterable[str] = (),
) -> dict[str, list[str]]:
    """Describe where the |t| of interest lie: calipers and the p-curve.

    Parameters
    ----------
    thresholds : critical values of the calipers
    holds : whether the parentheses hold standard errors or t values
    leave_out : ids of coefficients whose reading is in doubt

    Returns
    -------
    dict
        The inputs, for further checks on the same t values.
    """
    tests = distribution.t_values(cells.study)
    coef = [one for one in tests.loc[tests["of_interest"], "id"] if one not in set(leave_out)]
    inputs = {"coef": coef, "parenthesis": [f"{one.rpartition('.')[0]}.{holds}" for one in coef]}
    for threshold in thresholds:
        cells.put(distribution.caliper, inputs, threshold=threshold, holds=holds)
    cells.put(distribution.right_skew, inputs, holds=holds)
    return inputs


def _find(cells: Cells, stem: str, name: str, stat: str) -> str:
    pattern = stem.format(name=name.replace("-", r"\-"), stat=stat)
    found = cells.ids(pattern)
    if len(found) != 1:
        raise KeyError(f"{cells.study}: {pattern} matches {found or 'no printed number'}")
    return found[0]
