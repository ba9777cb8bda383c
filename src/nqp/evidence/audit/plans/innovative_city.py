"""An, Huang & Li (2026): innovative cities among 278 cities, 2004 to 2023."""

from nqp.data import roster_policies
from nqp.data.rosters import first_treated
from nqp.evidence.audit import (
    additive,
    counts,
    descriptives,
    fit,
    omitted,
    pvalues,
    stars,
)
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.common import put_balanced, put_stars
from nqp.evidence.audit.plans.innovative_city_columns import (
    BLOCKS,
    BRANDS,
    COMPONENTS,
    CONTROLS,
    LEVELS,
    MODERATED,
    NEAREST,
    NIGHT_LIGHTS,
    PERIODS,
    PLAIN,
    POLICY_YEARS,
    RADIUS,
    SIZE,
    STUDY,
    UNITS,
)
from nqp.evidence.audit.plans.innovative_city_further import put_further

HOW = "how the three blocks are combined and scaled"

OUT_OF_REACH = {
    r"text\.N_BATCHES\.n": "Counts approval rounds; the paper prints no dates, and those of the public list are partly"
    " unverified.",
    r"text\.IV_NIGHTLIGHT_YEAR\.other": "A date that enters no calculation.",
}


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    _weights(cells)
    _sizes(cells)
    _stars(cells)
    _additive(cells)
    _nested(cells)
    _matching(cells)
    put_further(cells)


def _terms(name: str) -> tuple[str, ...]:
    return ("Inn", name, f"Innx{name}", "Const")


def _weights(cells: Cells) -> None:
    cells.put(descriptives.weights_sum, {"weights": LEVELS})
    for names in BLOCKS.values():
        cells.put(descriptives.weights_sum, {"weights": [f"t1.c2.W_{name}.weight" for name in names]})


def _sizes(cells: Cells) -> None:
    full = [*cells.ids(r"t[24567]\..*\.n")]
    put_balanced(cells, full, units=UNITS, periods=PERIODS, also=SIZE)
    cells.put(
        counts.parts_add_up,
        {"parts": ("text.N_TREATED.n", "text.N_CONTROL.n"), "total": "text.N_CITIES.n"},
    )
    roster = roster_policies()
    cells.put(
        pvalues.units_on_list,
        {"count": "text.N_PILOTS_NATIONAL.n"},
        listed=int(roster["policy"].eq(STUDY).sum()),
        what="Pilots in all",
    )
    cells.put(
        pvalues.units_on_list,
        {"count": "text.N_TREATED.n"},
        listed=len(first_treated(STUDY, STUDY)),
        what="Pilots that are whole prefecture-level cities or municipalities, without districts and counties",
        assumes="Some names and years of the list are unverified; the count by type of unit is used.",
        matters="The pilots that the sample lacks are as many as those approved as districts or counties, so the"
        " treated cities can be named although the paper lists none.",
        resolve="The authors' list of cities with first treated years.",
    )


def _stars(cells: Cells) -> None:
    put_stars(cells)
    coefs = cells.ids(r"t[2-7]\..*\.coef")
    cells.put(
        stars.what_parentheses_hold,
        {"coef": coefs, "parenthesis": [one.replace(".coef", ".se") for one in coefs]},
        stars=[cells.stars(one) for one in coefs],
        said="se",
    )


def _additive(cells: Cells) -> None:
    rows = [
        *(
            (columns, term)
            for columns in (PLAIN, CONTROLS, NIGHT_LIGHTS, BRANDS)
            for term in ("Inn", "Const")
        ),
        *((columns, term) for name, columns in MODERATED.items() for term in _terms(name)),
    ]
    totals, parts = [], []
    for columns, term in rows:
        total, *three = [f"{column}.{term}.coef" for column in columns]
        totals.append(total)
        parts += three
        weights = [cells[one] for one in LEVELS]
        cells.put(
            additive.weighted_sum,
            {"total": total, "parts": three},
            weights=weights,
            also=LEVELS,
            unstated=HOW,
        )
    cells.put(
        additive.fixed_weights,
        {"totals": totals, "parts": parts},
        components=COMPONENTS,
        total_weight=None,
        unstated=HOW,
        matters="The index is said to give its three blocks a third each. Its coefficients are not those thirds, and no"
        " other fixed weights, of any sum, give all of them: a linear index of these blocks has other coefficients.",
        resolve="The aggregation formula and the scale of index and blocks, or the four outcome variables.",
    )
    outside = [i for i in range(len(totals)) if not _between(cells, totals[i], parts[3 * i : 3 * i + 3])]
    for i in outside:
        cells.put(
            additive.fixed_weights,
            {"totals": [totals[i]], "parts": parts[3 * i : 3 * i + 3]},
            components=COMPONENTS,
            unstated=HOW,
        )


def _between(cells: Cells, total: str, parts: list[str]) -> bool:
    three = [cells[one] for one in parts]
    return min(p.low for p in three) <= cells[total].high and cells[total].low <= max(p.high for p in three)


def _nested(cells: Cells) -> None:
    assumes = "One kind of R2 in both tables."
    for short, long in zip(PLAIN, CONTROLS, strict=True):
        cells.put(
            fit.several_added, {"r2_short": f"{short}.R2.r2", "r2_long": f"{long}.R2.r2"}, assumes=assumes
        )
    pairs = [
        (short, long) for columns in MODERATED.values() for short, long in zip(CONTROLS, columns, strict=True)
    ]
    lower = [long for short, long in pairs if cells[f"{long}.R2.r2"].high < cells[f"{short}.R2.r2"].low]
    matters = {
        "matters": f"In {len(lower)} of {len(pairs)} columns with an interaction R2 is lower than in the regression"
        " without moderator and interaction, which least squares on the same rows does not allow: Tables 5 to 7 and"
        " Table 2 do not rest on one sample and one set of controls.",
        "resolve": "The kind of R2, and rows and controls of Tables 5 to 7.",
    }
    worst = "t5.c4"
    for columns in MODERATED.values():
        for short, long in zip(CONTROLS, columns, strict=True):
            cells.put(
                fit.several_added,
                {"r2_short": f"{short}.R2.r2", "r2_long": f"{long}.R2.r2"},
                assumes=assumes,
                **(matters if long == worst else {}),
            )
    left = fit.residual_df(UNITS * PERIODS, units=UNITS, periods=PERIODS, regressors=9)
    steep = {
        "matters": "Where R2 rises, it rises by far more than two regressors with such t values add unless the"
        " correlation of their estimates is almost one.",
        "resolve": "A joint test of moderator and interaction, and the kind of standard error.",
    }
    for name, columns in MODERATED.items():
        rising = [
            (short, long)
            for short, long in zip(CONTROLS, columns, strict=True)
            if cells[f"{long}.R2.r2"].middle > cells[f"{short}.R2.r2"].middle
        ]
        for short, long in rising:
            added = [f"{long}.{term}" for term in (name, f"Innx{name}")]
            cells.put(
                omitted.rise_against_t,
                {
                    "r2_short": f"{short}.R2.r2",
                    "r2_long": f"{long}.R2.r2",
                    "coef": [f"{one}.coef" for one in added],
                    "se": [f"{one}.se" for one in added],
                },
                df=left,
                **(steep if long == "t7.c4" else {}),
            )
        _omitted(cells, name, columns)


def _omitted(cells: Cells, name: str, columns: tuple[str, ...]) -> None:
    added = [f"{column}.{term}.coef" for column in columns for term in (name, f"Innx{name}")]
    matters = {
        "matters": "Adding moderator and interaction changes the effects on the four outcomes by amounts that do not"
        " follow from one sample: Table 2 and this table are not one regression with two variables added.",
        "resolve": "Rows, controls and centring of Tables 5 to 7.",
    }
    for term in ("Inn", "Const"):
        cells.put(
            omitted.omitted_regressors,
            {
                "short": [f"{column}.{term}.coef" for column in CONTROLS],
                "long": [f"{column}.{term}.coef" for column in columns],
                "added": added,
            },
            names=(name, f"Inn x {name}"),
            **(matters if name == "Dig" and term == "Inn" else {}),
        )


def _matching(cells: Cells) -> None:
    matters = {
        "matters": "One matching on the same covariates leaves one sample for all four outcomes; the printed sizes"
        " differ by outcome under both methods.",
        "resolve": "What is matched for each outcome, and the matching code.",
    }
    for columns in (RADIUS, NEAREST):
        cells.put(
            counts.same_matched_sample,
            {"n": [f"{column}.N.n" for column in columns]},
            also=("t2.c2.N.n",),
            **(matters if columns == NEAREST else {}),
        )
    for column in NEAREST:
        cells.put(
            counts.one_to_one_bound,
            {"n": f"{column}.N.n"},
            treated=int(cells["text.N_TREATED.n"].middle) * POLICY_YEARS,
            also=("text.N_TREATED.n", "text.POLICY_START.other", "text.YEAR_END.other"),
            unstated="with how many neighbours a treated observation is matched",
        )
    dropped = {
        "matters": "Matching leaves out a handful of rows, yet the unexplained variation falls as if these rows had"
        " carried a large part of it.",
        "resolve": "The matched samples, or residuals of the rows left out.",
    }
    for columns in (RADIUS, NEAREST):
        for base, column in zip(CONTROLS, columns, strict=True):
            cells.put(
                omitted.dropped_rows,
                {
                    "r2_all": f"{base}.R2.r2",
                    "r2_kept": f"{column}.R2.r2",
                    "n_all": f"{base}.N.n",
                    "n_kept": f"{column}.N.n",
                },
                **(dropped if column == "t3.c2" else {}),
            )
