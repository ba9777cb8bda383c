"""Zhang & Ma (2025), Table 10: sizes, R2 and t within groups, exchanged cells, differences."""

from collections.abc import Sequence
from math import ceil

from nqp.evidence.audit import counts, exchanged, fit, groups, repetition
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.intervals import interval
from nqp.evidence.audit.plans.common import put_balanced
from nqp.evidence.audit.plans.dual_pilot_design import (
    PERIODS,
    POLICIES,
    REGRESSORS,
    UNITS,
    column,
    put_shared,
    sizes_of,
)

# centres of each agglomeration as footnote 1 lists them
CENTRES = (3, 1, 2, 3, 1, 2, 1, 1, 2, 1, 2, 1, 1, 2, 2, 1, 2, 1, 1)
PANELS = {
    "A": ("resource-based cities", "other cities"),
    "B": ("central cities", "peripheral cities"),
    "C": ("large cities", "small and medium cities"),
    "D": ("soft targets", "hard targets"),
    "E": ("targets that are ratcheted up", "targets that are not"),
}
FIXED = "AB"  # splits by a trait that does not change; the others vary over time
# columns whose R2 fits none of the others whatever is exchanged, with those that agree among themselves
MENDED_R2 = {"A": [(0, 2, (0, 1))], "C": [(1, 2, (0, 1))]}


def put_heterogeneity(cells: Cells) -> None:
    """Table 10: sizes, R2 and t within samples, exchanged cells, differences between groups."""
    _centres(cells)
    for panel in PANELS:
        _panel_sizes(cells, panel)
        _panel_identities(cells, panel)
    _differences(cells)


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
        samples=PANELS[panel],
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
    sizes = "Exchanging n and R2 of these two columns instead would give one group two sizes."
    if panel == "E":
        return (
            f"With the IIC cells exchanged all six columns of Panel E agree: {second} then belongs to {one}, {first} to"
            f" {other}, and the ranking that the text gives for clusters reverses. {sizes}",
            back,
        )
    if panel == "B":
        return (
            f"With the IIC cells exchanged, and under no other exchange, most columns of Panel B agree: {second} then"
            f" belongs to {one}, {first} to {other}, and the ranking that the text gives for clusters reverses;"
            f" the effect without stars is then the one in {one}. {sizes}",
            back,
        )
    if panel == "D":
        return (
            "Exchanging coefficient and t of all three policies makes most columns of Panel D agree, and exchanging n"
            f" and R2 does the same: which of the two is undecided. In the first case effects are larger under {other}"
            " and the ranking of the text reverses for all three policies; in the second it stands.",
            "The numbers of city-years with soft and with hard targets.",
        )
    return "", ""


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
            " one standard error of the difference."
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
