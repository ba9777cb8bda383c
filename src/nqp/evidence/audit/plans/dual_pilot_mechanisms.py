"""Zhang & Ma (2025), Table 8 and the Sobel tests."""

from nqp.evidence.audit import fit, mediation
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.common import put_balanced
from nqp.evidence.audit.plans.dual_pilot_design import (
    DF,
    PANEL,
    PERIODS,
    POLICIES,
    UNITS,
    column,
    put_shared,
)


def put_mediation(cells: Cells) -> None:
    """Table 8 and the Sobel tests."""
    put_balanced(cells, cells.ids(r"t8\..*\.n"), units=UNITS, periods=PERIODS, also=PANEL)
    for panel, mediator in (("A", "EG"), ("B", "TEC")):
        first = [column(f"t8.{panel}", k, policy) for k, policy in enumerate(POLICIES, start=1)]
        put_shared(cells, first, df=DF)
        for k, policy in enumerate(POLICIES, start=1):
            _path(cells, panel, mediator, k, policy)
    base = [column("t3", k, policy) for k, policy in enumerate(POLICIES, start=1)]
    put_shared(cells, [*base, column("t8.A", 4, "EG"), column("t8.B", 4, "TEC")], df=DF)
    _sobel(cells)


def _path(cells: Cells, panel: str, mediator: str, k: int, policy: str) -> None:
    total, a, both = (
        column("t3", k, policy),
        column(f"t8.{panel}", k, policy),
        column(f"t8.{panel}", k + 4, policy),
    )
    b = {one: f"t8.{panel}.c{k + 4}.{mediator}.{one}" for one in ("coef", "t")}
    alone = {"t": f"t8.{panel}.c4.{mediator}.t", "r2": f"t8.{panel}.c4.R2.r2"}
    cells.put(fit.one_added, {"r2_short": total["r2"], "r2_long": both["r2"], "t": b["t"]}, df=DF - 1)
    cells.put(fit.one_added, {"r2_short": alone["r2"], "r2_long": both["r2"], "t": both["t"]}, df=DF - 1)
    cells.put(
        mediation.both_t_from_three,
        {
            "t_total": total["t"],
            "t_mediator": alone["t"],
            "t_a": a["t"],
            "t_direct": both["t"],
            "t_b": b["t"],
        },
        df=DF,
    )
    paths = {"total": total["coef"], "a": a["coef"], "b": b["coef"]}
    cells.put(mediation.total_less_direct, {**paths, "direct": both["coef"]})
    cells.put(mediation.share_mediated, paths)


def _sobel(cells: Cells) -> None:
    pairs = [(m, k, p) for m in ("EG", "TEC") for k, p in enumerate(POLICIES, start=1)]
    panels, off, pass_normal = {"EG": "A", "TEC": "B"}, 0, 0
    for mediator, k, policy in pairs:
        stem = f"t8.{panels[mediator]}"
        ids = {"t_a": f"{stem}.c{k}.{policy}.t", "t_b": f"{stem}.c{k + 4}.{mediator}.t"}
        found = cells.put(mediation.sobel_z, {**ids, "z": f"text.SOBEL_{mediator}_{policy}.z"})
        off += found.verdict == "inconsistent"
        pass_normal += mediation.product_range(cells[ids["t_a"]], cells[ids["t_b"]]).low > 1.96
    for mediator, k, policy in pairs:
        headline = (mediator, policy) == ("EG", "BCS")
        cells.put(
            mediation.sobel_bound,
            {"t": [f"t8.{panels[mediator]}.c{k}.{policy}.t"], "z": f"text.SOBEL_{mediator}_{policy}.z"},
            matters="The printed Sobel z exceeds the t value of the path's first step, which no second step allows."
            f" Of six printed z, {off} do not follow from Table 8, whose regressions fit one another;"
            f" computed from it, {pass_normal} of {len(pairs)} pass 1.96."
            if headline
            else "",
            resolve="The regressions behind the Sobel tests." if headline else "",
        )
    for mediator in ("EG", "TEC"):
        cells.put(
            mediation.sobel_threshold,
            {
                "threshold": f"text.SOBEL_CRIT_{mediator}.threshold",
                "z": [f"text.SOBEL_{mediator}_{policy}.z" for policy in POLICIES],
            },
        )
