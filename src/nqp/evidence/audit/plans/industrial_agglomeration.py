"""Industrial agglomeration (Ye 2024): checks on its printed numbers."""

from nqp.evidence.audit import additive, counts, descriptives, distribution, moments, shared_design
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.common import (
    put_balanced,
    put_descriptives,
    put_distribution,
    put_parentheses,
    put_stars,
)
from nqp.evidence.audit.plans.industrial_agglomeration_further import (
    CONTROLS,
    ERRORS_UNSTATED,
    REGIONS,
    SAMPLE,
    UNITS,
    put_further,
)

OUT_OF_REACH: dict[str, str] = {}

PARTS = ("produ_inno", "produ_green", "produ_digit")
MISALLOCATION = ("M_cap", "M_lab")
VARIABLES = ("produ", *PARTS, "indus", "M_all", *MISALLOCATION, *CONTROLS)


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    first, last = (int(cells[f"text.years.{end}"].middle) for end in ("first", "last"))
    years = last - first + 1
    _stars(cells)
    _counts(cells, years)
    _descriptives(cells)
    _parts(cells)
    put_further(cells, years)
    _effects(cells)


def _stars(cells: Cells) -> None:
    put_stars(cells, df=UNITS - 1)
    put_parentheses(
        cells,
        said="t",
        df=UNITS - 1,
        matters="Every table note calls the numbers in parentheses t values. Read so, no starred coefficient would be "
        "significant at 10 %, and they are positive under negative coefficients too; read as standard errors they "
        "agree with all stars. The rest of this audit takes them for standard errors, so that the note "
        "alone is affected. Table 2 likewise heads what can only be standard deviations as standard errors.",
        resolve="The output of one column of Table 3.",
        rank=1,
    )


def _counts(cells: Cells, years: int) -> None:
    full = cells.ids(r"t[23467]\..*\.n")
    short = "t6.c3.n"
    units = int(cells["text.provinces.n"].middle)
    put_balanced(cells, [n for n in full if n != short], units=units, periods=years, also=SAMPLE)
    dropped = int(cells["text.drop.last"].middle - cells["text.drop.first"].middle) + 1
    put_balanced(
        cells,
        [short],
        units=units,
        periods=years - dropped,
        also=(*SAMPLE, "text.drop.first", "text.drop.last"),
    )
    regional = [f"t8.{column}.n" for column in REGIONS]
    for number in regional:
        cells.put(counts.whole_units, {"n": number}, periods=years)
    cells.put(counts.parts_add_up, {"parts": regional, "total": "t3.c2.n"})


def _descriptives(cells: Cells) -> None:
    put_descriptives(cells, VARIABLES, r"t2\.{name}\.{stat}")
    column = {
        argument: [f"t2.{name}.{stat}" for name in VARIABLES]
        for argument, stat in (("mean", "mean"), ("spread", "sd"), ("minimum", "min"), ("maximum", "max"))
    }
    cells.put(moments.errors_or_deviations, column, n=int(cells["t2.produ.n"].middle))
    for name in VARIABLES:
        at = {"mean": "mean", "sd": "sd", "minimum": "min", "maximum": "max", "n": "n"}
        inputs = {argument: f"t2.{name}.{stat}" for argument, stat in at.items()}
        cells.put(
            moments.winsorised_extremes, {**inputs, "cut": "text.winsor.low"}, also=["text.winsor.high"]
        )


def _parts(cells: Cells) -> None:
    """Put the checks on the index and its dimensions, and on misallocation and its two parts."""
    spread = {"total": "t2.produ.sd", "parts": [f"t2.{part}.sd" for part in PARTS]}
    cells.put(moments.average_correlation, spread)
    # That total misallocation reaches both sums is no headline: winsorised extremes are shared by several rows.
    for total, parts in (("produ", PARTS), ("M_all", MISALLOCATION)):
        row = {stat: [f"t2.{part}.{stat}" for part in parts] for stat in ("mean", "min", "max")}
        cells.put(descriptives.mean_of_sum, {"parts": row["mean"], "total": f"t2.{total}.mean"})
        cells.put(
            descriptives.extremes_of_sum,
            {
                "parts_min": row["min"],
                "parts_max": row["max"],
                "total_min": f"t2.{total}.min",
                "total_max": f"t2.{total}.max",
            },
        )
    cells.put(
        descriptives.correlation_of_parts,
        {"total": "t2.M_all.sd", "first": "t2.M_cap.sd", "second": "t2.M_lab.sd"},
    )
    cells.put(
        shared_design.r2_of_sum,
        {
            "r2": "t7.c1.r2",
            "r2_parts": ["t7.c2.r2", "t7.c3.r2"],
            "se": "t7.c1.indus.se",
            "se_parts": ["t7.c2.indus.se", "t7.c3.indus.se"],
        },
        unstated=ERRORS_UNSTATED,
    )
    sums = {"t3.c2": ("t4.c1", "t4.c2", "t4.c3"), "t7.c1": ("t7.c2", "t7.c3")}
    for total, parts in sums.items():
        for term in ("indus", "Constant"):
            at = {"total": f"{total}.{term}", "parts": [f"{part}.{term}" for part in parts]}
            coef = {"total": f"{at['total']}.coef", "parts": [f"{one}.coef" for one in at["parts"]]}
            cells.put(additive.parts_sum, coef)
            errors = {"total": f"{at['total']}.se", "parts": [f"{one}.se" for one in at["parts"]]}
            cells.put(shared_design.error_of_sum, errors)


def _effects(cells: Cells) -> None:
    """Put effects in units of the outcome and the distribution of t values."""
    for term in ("indus", "urb", "trans"):
        cells.put(
            distribution.effect_in_sd,
            {"coef": f"t3.c2.{term}.coef", "outcome_sd": "t2.produ.sd", "outcome_mean": "t2.produ.mean"},
            change=cells[f"t2.{term}.sd"].middle,
            also=[f"t2.{term}.sd"],
            assumes="The change is one standard deviation of the regressor.",
        )
    cells.put(
        distribution.detectable_effect,
        {"coef": "t3.c2.indus.coef", "se": "t3.c2.indus.se", "outcome_sd": "t2.produ.sd"},
    )
    put_distribution(cells)
