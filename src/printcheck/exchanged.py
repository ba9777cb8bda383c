"""Whether cells exchanged between the columns of two samples explain R2 and t values that do not fit together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from printcheck.checks import Result, check, verdict
from printcheck.fit import CLASSICAL, agreeing
from printcheck.intervals import Interval

KEEP, T_CELLS, R2_CELLS = "", "coefficient and t", "R2"


@dataclass(frozen=True)
class Sample:
    """Columns estimated on one sample: R2 and t of each, and the range of residual degrees of freedom."""

    r2: Sequence[Interval]
    t: Sequence[Interval]
    df: float
    most_df: float

    def agreeing(self) -> list[tuple[int, ...]]:
        """Largest sets of columns that can share one R2 without their variable."""
        return agreeing(self.r2, self.t, self.df, self.most_df)


@dataclass(frozen=True)
class Exchange:
    """What is exchanged in each column pair, and the largest sets of columns of the two samples that then agree."""

    moves: tuple[str, ...]
    sets: tuple[list[tuple[int, ...]], list[tuple[int, ...]]]

    @property
    def agree(self) -> tuple[int, int]:
        """How many columns of the two samples agree."""
        return len(self.sets[0][0]), len(self.sets[1][0])

    def left(self, columns: Sequence[str], samples: tuple[str, str]) -> str:
        """Name the columns that agree with no others, where only one largest set leaves them out."""
        named = []
        for sample, found in zip(samples, self.sets, strict=True):
            out = [column for i, column in enumerate(columns) if i not in found[0]]
            if out and len(found) == 1:
                named.append(f"{' and '.join(out)} for {sample}")
        return f" ({', '.join(named)})" if named else ""

    def words(self, columns: Sequence[str]) -> str:
        """Say what is exchanged: ``coefficient and t of BCS and IIC, R2 of DID``."""
        parts = []
        for what in (T_CELLS, R2_CELLS):
            named = [column for column, move in zip(columns, self.moves, strict=True) if move == what]
            if named:
                parts.append(f"{what} of {' and '.join(named)}")
        return ", ".join(parts) or "nothing"


def exchanges(first: Sample, second: Sample) -> list[Exchange]:
    """Try every exchange of t or R2 between the two samples, column by column.

    Returns those under which most columns agree and, among these, fewest columns are touched.
    """
    found = []
    for moves in product((KEEP, T_CELLS, R2_CELLS), repeat=len(first.r2)):
        a, b = _apply(first, second, moves)
        found.append(Exchange(moves, (a.agreeing(), b.agreeing())))
    most = max(sum(one.agree) for one in found)
    best = [one for one in found if sum(one.agree) == most]
    fewest = min(_touched(one) for one in best)
    return [one for one in best if _touched(one) == fewest]


def _touched(one: Exchange) -> int:
    return sum(move != KEEP for move in one.moves)


def _apply(first: Sample, second: Sample, moves: Sequence[str]) -> tuple[Sample, Sample]:
    r2 = [list(first.r2), list(second.r2)]
    t = [list(first.t), list(second.t)]
    for i, move in enumerate(moves):
        if move == T_CELLS:
            t[0][i], t[1][i] = t[1][i], t[0][i]
        elif move == R2_CELLS:
            r2[0][i], r2[1][i] = r2[1][i], r2[0][i]
    return (
        Sample(r2[0], t[0], first.df, first.most_df),
        Sample(r2[1], t[1], second.df, second.most_df),
    )


@check(
    "fit",
    formula="1 - R2 without the variable = (1 - R2)(1 + t^2 / df), one number for all columns of a sample; tried"
    " with t, or R2, exchanged between the two samples in every set of columns",
    reference="F test of one restriction, F = t^2 (Greene, Econometric Analysis, section 5.3)",
    assumes=CLASSICAL + " Columns of a sample share their rows and differ in one regressor.",
)
def exchange_between_samples(
    r2: Sequence[Interval],
    t: Sequence[Interval],
    r2_other: Sequence[Interval],
    t_other: Sequence[Interval],
    *,
    columns: Sequence[str],
    samples: tuple[str, str],
    df: tuple[float, float],
    df_other: tuple[float, float],
) -> Result:
    """Find whether exchanging cells between two samples makes the identities of both hold.

    Parameters
    ----------
    r2, t, r2_other, t_other : printed cells of the columns of one sample and of the other, in the same order
    columns, samples : names of the columns and of the two samples, for the sentence
    df, df_other : least and largest possible residual degrees of freedom of each sample

    Notes
    -----
    Exchanging coefficient and t in all columns cannot be told from exchanging n and R2 in all columns: the same
    numbers meet. What stands under which heading decides, and the sentence says so.
    """
    first, second = Sample(r2, t, *df), Sample(r2_other, t_other, *df_other)
    printed = Exchange((KEEP,) * len(r2), (first.agreeing(), second.agreeing()))
    best, total = exchanges(first, second), 2 * len(r2)
    holds = sum(printed.agree) == total
    if holds or best[0].moves == printed.moves:
        tail = "" if holds else f"; no exchange makes more columns agree{printed.left(columns, samples)}"
        return Result(verdict(holds), _agree(printed, total), "as printed", f"{_said(printed)}{tail}.")
    options = " or ".join(one.words(columns) for one in best)
    counts = " or ".join(dict.fromkeys(_numbers(one) for one in best))
    left = total - sum(best[0].agree)
    rest = "all identities of both samples hold"
    if left:
        rest = (
            f"{left} column{'s' * (left > 1)} still differ{'s' * (left == 1)}{best[0].left(columns, samples)}"
        )
    both = any(set(one.moves) == {T_CELLS} for one in best)
    same = " Exchanging n and R2 in all columns instead gives the same numbers." if both else ""
    return Result(
        verdict(False),
        f"exchange of {options}: {counts} columns agree",
        _agree(printed, total),
        f"{_said(printed)}. With {options} exchanged between the two samples, {counts} agree: {rest}.{same}",
    )


def _numbers(one: Exchange) -> str:
    size = len(one.moves)
    return f"{one.agree[0]} of {size} and {one.agree[1]} of {size}"


def _said(printed: Exchange) -> str:
    return (
        f"As printed, {_numbers(printed)} columns of the two samples can share one R2 without their variable"
        " (one column alone always agrees with itself)"
    )


def _agree(one: Exchange, total: int) -> str:
    return f"{sum(one.agree)} of {total} columns agree"
