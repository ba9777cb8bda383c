"""Checks that every paper's tables get in the same way."""

from collections.abc import Iterable, Sequence

from printcheck import counts, descriptives, distribution, stars
from printcheck.cells import Cells
from printcheck.distribution import t_values

MOMENTS = {"mean": "mean", "sd": "sd", "minimum": "min", "maximum": "max", "n": "n"}


def put_stars(
    cells: Cells, *, df: float = 30, levels: Sequence[float] = stars.LEVELS, raises: str = ""
) -> None:
    """Compare stars with the t value of every coefficient that has a standard error or t beside it.

    Parameters
    ----------
    df : smallest degrees of freedom that the paper could have used, such as clusters - 1
    levels : significance levels of one star, two stars, ...
    raises : issue that stars raise which do not follow
    """
    for row in t_values(cells).itertuples():
        given = {"stars": cells.stars(row.id), "holds": row.holds, "df": df, "levels": levels}
        cells.put(stars.stars_earned, {"coef": row.id, "beside": row.beside}, raises=raises, **given)


def put_parentheses(
    cells: Cells,
    coef: Sequence[str],
    *,
    said: stars.Holds,
    df: float = 30,
    levels: Sequence[float] = stars.LEVELS,
    raises: str = "",
) -> None:
    """Ask of coefficients whether the numbers in parentheses beneath are standard errors or t values.

    Parameters
    ----------
    coef : ids that end in ``.coef`` with a number in parentheses, stored under ``.se`` or ``.t``
    said : what the paper calls these
    df, levels, raises : as in `put_stars`
    """
    beside = t_values(cells).set_index("id").loc[list(coef), "beside"]
    cells.put(
        stars.what_parentheses_hold,
        {"coef": list(coef), "parenthesis": beside.tolist()},
        stars=[cells.stars(one) for one in coef],
        said=said,
        df=df,
        levels=levels,
        raises=raises,
    )


def moments(cells: Cells, stem: str, name: str, stats: Iterable[str] = MOMENTS) -> dict[str, str]:
    """Return argument names to ids of a variable's moments.

    Parameters
    ----------
    stem : pattern of the ids with ``{name}`` and ``{stat}``, such as ``t2.{name}.{stat}``; columns that carry a
        prefix of their own are found by the end of the id
    stats : arguments that are wanted, keys of `MOMENTS`
    """
    found = {}
    for key in stats:
        pattern = stem.format(name=name.replace("-", r"\-"), stat=MOMENTS[key])
        fits = cells.ids(pattern)
        if len(fits) != 1:
            raise KeyError(f"{cells.name}: {pattern} matches {fits or 'no printed number'}")
        found[key] = fits[0]
    return found


def put_descriptives(cells: Cells, names: Sequence[str], stem: str, *, raises: str = "") -> None:
    """Put the bounds to each variable of a table of descriptive statistics; `stem` as in `moments`."""
    for name in names:
        at = moments(cells, stem, name)
        put_moments(cells, at, raises=raises)


def put_moments(cells: Cells, at: dict[str, str], *, raises: str = "") -> None:
    """Put the bounds that a variable's printed moments allow: argument names to ids."""
    for check, needs in (
        (descriptives.ordered, ("minimum", "mean", "maximum")),
        (descriptives.bhatia_davis, ("mean", "minimum", "maximum", "sd", "n")),
        (descriptives.samuelson, ("mean", "minimum", "maximum", "sd", "n")),
        (descriptives.smallest_sd, ("sd", "minimum", "maximum", "n")),
    ):
        if set(needs) <= set(at):
            cells.put(check, {key: at[key] for key in needs}, raises=raises)


def put_balanced(
    cells: Cells,
    numbers: Iterable[str],
    *,
    units: int,
    periods: int,
    also: Sequence[str] = (),
    raises: str = "",
) -> None:
    """Compare printed numbers of observations with a balanced panel's."""
    for number in numbers:
        cells.put(
            counts.units_times_periods, {"n": number}, units=units, periods=periods, also=also, raises=raises
        )


def put_dummies(cells: Cells, names: Sequence[str], stem: str, *, raises: str = "") -> None:
    """Find the count of ones behind each dummy's printed mean and standard deviation."""
    for name in names:
        cells.put(counts.dummy, moments(cells, stem, name, ("n", "mean", "sd")), raises=raises)


def put_distribution(
    cells: Cells, coef: Sequence[str], *, thresholds: Sequence[float] = (1.645, 1.96)
) -> None:
    """Describe where the |t| of coefficients lie: calipers around critical values, and the p-curve."""
    tests = t_values(cells).set_index("id").loc[list(coef)]
    given = {"t": tests["t"].tolist(), "also": [*coef, *tests["beside"]]}
    for threshold in thresholds:
        cells.put(distribution.caliper, {}, threshold=threshold, **given)
    cells.put(distribution.right_skew, {}, **given)
