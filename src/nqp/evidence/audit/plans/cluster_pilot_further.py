"""Li & Wei (2025): instruments, moderators, groups of cities, and spatial effects against the real map."""

import numpy as np

from nqp.data.rosters import first_treated, sample
from nqp.evidence.audit import distribution, groups, instruments, moderation, pvalues, repetition, spatial
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.maps import map_weights
from nqp.spatial import Weights

STUDY = "cluster_pilot"
CLUSTER = "innovative_industrial_cluster"


def put_further(cells: Cells) -> None:
    """Put Tables 5 to 8 to the checks of instruments, moderators, group differences and spatial effects."""
    _iv(cells)
    _moderators(cells)
    _heterogeneity(cells)
    _spatial(cells)


def _iv(cells: Cells) -> None:
    for first, second, name in (("c1", "c2", "IV1"), ("c3", "c4", "IV2")):
        coef, se = f"t5.{second}.INN.coef", f"t5.{second}.INN.se"
        f = f"t5.{second}.KPF.F"
        cells.put(
            instruments.f_from_first_stage,
            {"coef": f"t5.{first}.{name}.coef", "se": f"t5.{first}.{name}.se", "f": f},
        )
        cells.put(instruments.tf_adjusted, {"iv": coef, "iv_se": se, "f": f}, stars=cells.stars(coef))
        cells.put(pvalues.chi2_p, {"statistic": f"t5.{second}.KPLM.LM", "p": f"t5.{second}.KPLM.p"})
        cells.put(pvalues.chi2_p, {"statistic": f, "p": f"t5.{second}.KPF.p"})
        matters = {
            "matters": "Both IV estimates are many times the baseline, and their intervals do not hold it. Effects that"
            " differ between cities could be the reason, and so could a way from the instruments to the index that does"
            " not lead through the pilots.",
            "resolve": "The reduced form, and trends of the index by the instruments before 2013.",
            "also": ("t5.c4.INN.coef", "t5.c4.INN.se"),
            "rank": 2,
        }
        cells.put(
            instruments.iv_against_ols,
            {"iv": coef, "iv_se": se, "ols": "t3.c1.INN.coef", "sd": "t2.NQP.sd"},
            **(matters if name == "IV1" else {}),
        )
        cells.put(
            distribution.exaggeration,
            {"se": se, "supposed": "t3.c1.INN.coef"},
            because="that of the baseline",
        )


def _moderators(cells: Cells) -> None:
    scales = {
        "QUA": "an index of patent shares, between 0 and 1",
        "HCP": "a stock of human capital per head",
        "ISU": "the tertiary share of new firms, between 0 and 1",
    }
    matters = {
        "matters": "With the share as defined, the coefficient of INN would be the effect in a city without any"
        " tertiary start-up; it is near the baseline, which suggests that the moderators were centred. The paper does"
        " not say so.",
        "resolve": "Whether and how the moderators are centred, and their descriptive statistics.",
        "rank": 4,
    }
    for column, name in (("c1", "QUA"), ("c2", "HCP"), ("c3", "ISU")):
        cells.put(
            moderation.moderator_level,
            {
                "main": f"t6.{column}.INN.coef",
                "interaction": f"t6.{column}.INNx{name}.coef",
                "without": "t3.c1.INN.coef",
            },
            scale=scales[name],
            **(matters if name == "ISU" else {}),
        )


def _heterogeneity(cells: Cells) -> None:
    for one, two, matters in (
        (
            "c1",
            "c2",
            "The printed p values of both group differences do not follow from the printed estimates and errors by the"
            " usual normal test, which gives values dozens of times larger; at these, neither difference is significant"
            " at 5 %. Another test, such as a permutation test, may stand behind them.",
        ),
        ("c3", "c4", ""),
    ):
        cells.put(
            groups.difference_from_errors,
            {
                "first": f"t7.{one}.INN.coef",
                "second": f"t7.{two}.INN.coef",
                "se_first": f"t7.{one}.INN.se",
                "se_second": f"t7.{two}.INN.se",
                "p": f"t7.{one}{two}.diffINN.p",
            },
            unstated="how the difference is tested",
            also=cells.ids(r"t7\.c[34]\.INN\..*|t7\.c3c4\..*") if matters else (),
            rank=1 if matters else 0,
            matters=matters,
            resolve="The name of the test and, for a permutation test, what is permuted and how often."
            if matters
            else "",
        )
    cells.put(repetition.below, {"value": "t7.c3c4.diffINN.p", "bound": "text.market.diff.p"})


def _spatial(cells: Cells) -> None:
    """Put Table 8 to the checks of spatial effects, with contiguity and distance from the project's map."""
    cities = sorted(sample(STUDY)["adcode"])
    first = first_treated(STUDY, CLUSTER).reindex(cities).fillna(np.inf).to_numpy()
    treated = (first[:, None] <= np.arange(2011, 2023)).astype(float)
    for column in ("c1", "c2", "c3"):
        _effects(cells, f"t8.{column}")
    maps = {
        "c1": ["row-standardised contiguity"],
        "c2": ["row-standardised inverse distance", "row-standardised inverse squared distance"],
    }
    for column, names in maps.items():
        for name in names:
            _against_map(cells, f"t8.{column}", map_weights(name, cities), treated, headline=column == "c1")


def _effects(cells: Cells, stem: str) -> None:
    at = {name: f"{stem}.{name}.coef" for name in ("direct", "indirect", "total")}
    cells.put(spatial.effects_add_up, at)
    cells.put(spatial.total_error, {f"{name}_se": f"{stem}.{name}.se" for name in at})


def _against_map(cells: Cells, stem: str, weights: Weights, treated: np.ndarray, *, headline: bool) -> None:
    assumes = f"The paper's matrix is {weights.name} of these cities."
    rho = {"rho": f"{stem}.rho.rho"}
    cells.put(spatial.rho_admissible, rho, weights=weights, assumes=assumes)
    effects = {"direct": f"{stem}.direct.coef", "total": f"{stem}.total.coef"}
    lag = {
        "matters": "Direct and total effect are in the ratio of a spatial lag model on the real map. If the paper's"
        " matrix is that map's, the lagged treatment of its spatial Durbin model adds next to nothing, and the"
        " spillover is what rho and the direct effect give. The small error of the indirect effect points the same way:"
        " a free coefficient of the lagged treatment would make it several times larger.",
        "resolve": "The matrix, and the coefficients of WX with their errors, which the paper does not print.",
        "also": (f"{stem}.direct.se", f"{stem}.indirect.se"),
        "rank": 3,
    }
    cells.put(
        spatial.without_lagged_regressor,
        {**effects, **rho, "rho_se": f"{stem}.rho.se"},
        weights=weights,
        model="durbin",
        assumes=assumes,
        **(lag if headline else {}),
    )
    errors = {f"{name}_se": f"{stem}.{name}.se" for name in ("direct", "indirect")}
    cells.put(
        spatial.indirect_error_without_lagged_regressor,
        {
            "direct": effects["direct"],
            "indirect": f"{stem}.indirect.coef",
            **errors,
            **rho,
            "rho_se": f"{stem}.rho.se",
        },
        weights=weights,
        model="durbin",
        assumes=assumes,
    )
    cells.put(
        spatial.durbin_error_ratio,
        {**errors, **rho},
        weights=weights,
        regressor=treated,
        assumes=assumes,
    )
