"""An, Huang & Li (2026), innovative cities among 278 cities, 2004 to 2023: checks on its printed numbers."""

from nqp.data import roster_policies
from nqp.data.rosters import first_treated
from printcheck import (
    Cells,
    batches,
    counts,
    distribution,
    fit,
    groups,
    instruments,
    moderation,
    omitted,
    repetition,
    shared_design,
    sums,
    timing,
)

PAPER = "innovative_city"
UNITS, PERIODS, POLICY_YEARS = 278, 20, 16
SIZE = ("text.N_CITIES.n", "text.YEAR_START.other", "text.YEAR_END.other")
OUTCOMES = ("Pro", "Lab", "Mea", "Obj")
COMPONENTS = OUTCOMES[1:]
LEVELS = tuple(f"t1.c1.W_{name}.weight" for name in COMPONENTS)
BLOCKS = {
    "Lab": ("EDU", "MAS", "SCH", "LP", "RDA", "RDE"),
    "Mea": ("ROB", "AIF", "CAB", "BBP", "ENI", "WAT"),
    "Obj": ("SEI", "CLU", "PWR", "PEC", "CO2", "GAS"),
}
# columns of Pro, Lab, Mea, Obj on all rows, by specification
PLAIN = ("t2.c1", "t2.c3", "t2.c5", "t2.c7")
CONTROLS = ("t2.c2", "t2.c4", "t2.c6", "t2.c8")
NIGHT_LIGHTS = ("t4.c1", "t4.c3", "t4.c5", "t4.c7")
BRANDS = ("t4.c2", "t4.c4", "t4.c6", "t4.c8")
MODERATED = {
    name: tuple(f"{table}.c{i}" for i in range(1, 5))
    for name, table in (("Hum", "t5"), ("Dig", "t6"), ("Ind", "t7"))
}
SCALES = {
    "Hum": "employment in six sectors over population",
    "Dig": "the log of internet users per 100 persons",
    "Ind": "a location quotient",
}
RADIUS = ("t3.c1", "t3.c3", "t3.c5", "t3.c7")
NEAREST = ("t3.c2", "t3.c4", "t3.c6", "t3.c8")
NOT_PRINTED = "conventional errors, whose ratio this is; its notes call the errors robust"
REPORT_YEAR = 2024  # of the report on innovation capability that sorts cities into three types

OUT_OF_REACH = {
    r"text\.N_BATCHES\.n": "Counts approval rounds; the paper prints no dates, and those of the public list are partly"
    " unverified.",
    r"text\.IV_NIGHTLIGHT_YEAR\.other": "A date that enters no calculation.",
}


def plan(cells: Cells) -> None:
    """Put every check that the printed numbers allow."""
    issues(cells)
    for weights in (LEVELS, *([f"t1.c2.W_{name}.weight" for name in names] for names in BLOCKS.values())):
        cells.put(sums.adds_up, {"parts": weights}, total=1.0, what="weights")
    _sizes(cells)
    batches.put_stars(cells, raises="constant-stars")
    batches.put_parentheses(cells, cells.ids(r"t[2-7]\..*\.coef"), said="se", raises="constant-stars")
    _additive(cells)
    _nested(cells)
    _matching(cells)
    _amplification(cells)
    _kind_of_errors(cells)
    _instruments(cells)
    _groups(cells)
    _distribution(cells)


def issues(cells: Cells) -> None:
    """Declare what the findings mean for the reading of the paper."""
    pairs = _with_interaction()
    lower = [long for short, long in pairs if cells[f"{long}.R2.r2"].high < cells[f"{short}.R2.r2"].low]
    index, *blocks = [_fall(cells, *pair) for pair in zip(PLAIN, CONTROLS, strict=True)]
    errors = [pair for columns in (NIGHT_LIGHTS, BRANDS) for pair in zip(CONTROLS, columns, strict=True)]
    shares = [(cells[f"{ols}.Inn.se"].middle / cells[f"{iv}.Inn.se"].middle) ** 2 for ols, iv in errors]
    cells.issue(
        "interaction-tables",
        "Tables 5 to 7 do not add to Table 2",
        matters=f"In {len(lower)} of {len(pairs)} columns with an interaction R2 is lower than in the regression"
        " without moderator and interaction, which least squares on the same rows does not allow. Adding moderator and"
        " interaction also changes the effects on the four outcomes by amounts that two added variables cannot give on"
        " the same rows and controls, whatever the moderator's scale or centring and the kind of R2. Tables 5 to 7"
        " differ from Table 2 in rows or controls, or digits are misprinted in many of these columns.",
        resolve="Rows and controls of Tables 5 to 7, and the kind of R2.",
        rank=1,
    )
    cells.issue(
        "index-aggregation",
        "The index is no fixed sum of its blocks",
        matters="Table 1 gives the three blocks of the index a third each, and least squares is linear: the"
        " coefficient of the index is then a third of the sum of those of its blocks. It is so in no row of Tables 2"
        " and 4 to 7, and no other non-negative weights, of whatever sum, mend it. With the controls the index's"
        f" coefficient falls by {index:.0f} %, those of the blocks by {min(blocks):.0f} to {max(blocks):.0f} %; no such"
        " sum can fall by a larger share than the part that falls most.",
        resolve="The aggregation formula and the scale of index and blocks, or the four outcome variables.",
        rank=2,
    )
    cells.issue(
        "two-p-curves",
        "t values of Tables 2 to 4 and of Tables 5 to 7",
        matters="Over all tables the p-curve looks ordinary. It is two: the effects of Tables 2 to 4 have many p well"
        " below .025, the interactions and main effects of Tables 5 to 7 crowd below .05. The results of a table share"
        " one data set, so this describes the tables and tests nothing.",
        resolve="The data of the moderators, and the output of Tables 5 to 7.",
        rank=3,
    )
    cells.issue(
        "first-stage",
        "First stages that are not printed",
        matters="No first stage of Table 4 is printed. The errors imply that an instrument made of a trait of 1997, or"
        f" of old brands, and one national series explains {min(shares):.2f} to {max(shares):.2f} of what effects and"
        " controls leave of the policy, and another share for every outcome, though one first stage stands behind all."
        " Robust errors blur the shares; they would have to differ much from conventional ones to explain these.",
        resolve="The first stages with their F statistics.",
        rank=4,
    )
    cells.issue(
        "city-size",
        "For which city size the effect is largest",
        matters="The abstract names cities of medium population; the results and the conclusion have the effect fall"
        " from large to medium to small cities and find none in the largest. The figure prints no numbers.",
        resolve="The estimates behind Figure 1.",
        rank=5,
    )
    cells.issue(
        "split-after-treatment",
        "Groups by a report of 2024",
        matters="Cities are sorted by a report on innovation capability that appeared after the last year of the panel"
        " and rates the pilots themselves. The treatment may have moved cities between these groups, so that"
        " differences between them need not be differences in effect.",
        resolve="The same split by capability before the first pilots.",
        rank=6,
    )
    cells.issue(
        "matching-by-outcome",
        "Matched samples that differ by outcome",
        matters="One matching on the same covariates leaves one sample for all four outcomes; the printed sizes"
        " differ by outcome under both methods.",
        resolve="What is matched for each outcome, and the matching code.",
        rank=7,
    )
    cells.issue(
        "dropped-rows",
        "A handful of rows with much of the variation",
        matters="Matching leaves out a handful of rows, yet the unexplained variation falls as if these rows had"
        " carried a large part of it, or as if the matched rows were weighted.",
        resolve="The matched samples, and whether they enter with weights.",
        rank=8,
    )
    cells.issue(
        "channels",
        "The main channel is not tested",
        matters="Laborers are called the main channel and means of labor the weakest; the paper tests no difference"
        " between the coefficients and prints no scale on which the outcomes could be compared.",
        resolve="Standard deviations of the outcomes, and a joint test.",
        rank=9,
    )
    cells.issue(
        "amplification",
        "Interaction coefficients read as percentages",
        matters="The percentages called amplification effects are interaction coefficients times 100, in units of"
        " the outcome for a unit of the moderator; they are no shares of the pilots' effect and do not compare between"
        " moderators measured in different units.",
        resolve="Means and standard deviations of the moderators and of the outcomes.",
        rank=10,
    )
    cells.issue(
        "spread-of-t",
        "t values close together",
        matters="The paper's t values lie closer together than independent sampling errors alone would leave them,"
        " across outcomes, methods, moderators and constants. Estimates on one data set are correlated; how much these"
        " are is not printed.",
        resolve="The data: the correlation between the estimates follows from them.",
        rank=11,
    )
    cells.issue(
        "public-treatment",
        "Who is treated can be guessed",
        matters="The sample lacks as many pilots as were approved as districts or counties. If these are the ones left"
        " out, the treated cities are known although the paper lists none.",
        resolve="The authors' list of cities with first treated years.",
        rank=12,
    )
    cells.issue(
        "constant-stars",
        "Stars of two constants",
        matters="Two constants of Table 2 have three stars where coefficient and error earn two. All other stars"
        " follow, and no reading hangs on a constant.",
        resolve="The output of the two columns.",
        rank=13,
    )


def _with_interaction() -> list[tuple[str, str]]:
    """Return columns without and with moderator and interaction."""
    return [pair for columns in MODERATED.values() for pair in zip(CONTROLS, columns, strict=True)]


def _fall(cells: Cells, without: str, given: str) -> float:
    """Return by how many percent the policy coefficient as printed is smaller with controls."""
    before, after = (cells[f"{column}.Inn.coef"].middle for column in (without, given))
    return 100 * (1 - after / before)


def _sizes(cells: Cells) -> None:
    batches.put_balanced(cells, cells.ids(r"t[24567]\..*\.n"), units=UNITS, periods=PERIODS, also=SIZE)
    cells.put(sums.adds_up, {"parts": ("text.N_TREATED.n", "text.N_CONTROL.n"), "total": "text.N_CITIES.n"})
    cells.put(
        counts.units_on_list,
        {"count": "text.N_PILOTS_NATIONAL.n"},
        listed=int(roster_policies()["policy"].eq(PAPER).sum()),
        what="Pilots in all",
    )
    cells.put(
        counts.units_on_list,
        {"count": "text.N_TREATED.n"},
        listed=len(first_treated(PAPER, PAPER)),
        what="Pilots that are whole prefecture-level cities or municipalities, without districts and counties",
        assumes="Some names and years of the list are unverified; the count by type of unit is used.",
        issue="public-treatment",
        also=["text.N_PILOTS_NATIONAL.n"],
    )


def _columns(cells: Cells, columns: tuple[str, ...], term: str) -> tuple[str, list[str]]:
    total, *three = [f"{column}.{term}.coef" for column in columns]
    return total, three


def _additive(cells: Cells) -> None:
    plain = [
        (columns, term) for columns in (PLAIN, CONTROLS, NIGHT_LIGHTS, BRANDS) for term in ("Inn", "Const")
    ]
    moderated = [
        (columns, term)
        for name, columns in MODERATED.items()
        for term in ("Inn", name, f"Innx{name}", "Const")
    ]
    rows = [_columns(cells, *row) for row in (*plain, *moderated)]
    how = {"raises": "index-aggregation"}
    for total, three in rows:
        cells.put(
            sums.adds_up,
            {"total": total, "parts": three},
            weights=[cells[one] for one in LEVELS],
            what="weighted coefficients",
            assumes=sums.LINEAR,
            also=LEVELS,
            **how,
        )
    falls = [_columns(cells, columns, "Inn") for columns in (PLAIN, CONTROLS)]
    for chosen in (falls, rows):
        ids = {
            "totals": [total for total, _ in chosen],
            "parts": [one for _, three in chosen for one in three],
        }
        cells.put(sums.fixed_weights, ids, components=COMPONENTS, total_weight=None, **how)
    for total, three in rows:
        parts = [cells[one] for one in three]
        lowest, highest = min(p.low for p in parts), max(p.high for p in parts)
        if not (lowest <= cells[total].high and cells[total].low <= highest):
            cells.put(sums.fixed_weights, {"totals": [total], "parts": three}, components=COMPONENTS, **how)


def _nested(cells: Cells) -> None:
    given = {"assumes": "One kind of R2 in both tables.", "raises": "interaction-tables"}
    for short, long in (*zip(PLAIN, CONTROLS, strict=True), *_with_interaction()):
        cells.put(fit.several_added, {"r2_short": f"{short}.R2.r2", "r2_long": f"{long}.R2.r2"}, **given)
    for name, columns in MODERATED.items():
        terms = (name, f"Innx{name}")
        for term in ("Inn", "Const"):
            cells.put(
                omitted.omitted_regressors,
                {
                    "short": [f"{column}.{term}.coef" for column in CONTROLS],
                    "long": [f"{column}.{term}.coef" for column in columns],
                    "added": [f"{column}.{one}.coef" for column in columns for one in terms],
                },
                names=(name, f"Inn x {name}"),
                raises="interaction-tables",
            )


def _matching(cells: Cells) -> None:
    # without replacement the nearest neighbours depend on the order of the rows; a radius does not
    order = "whether the order of the rows, on which nearest neighbours can depend, was one"
    for columns, unstated in ((RADIUS, ""), (NEAREST, order)):
        cells.put(
            counts.same_matched_sample,
            {"n": [f"{column}.N.n" for column in columns]},
            unstated=unstated,
            raises="matching-by-outcome",
        )
        for base, column in zip(CONTROLS, columns, strict=True):
            r2 = {"r2_all": f"{base}.R2.r2", "r2_kept": f"{column}.R2.r2"}
            cells.put(
                omitted.dropped_rows,
                {**r2, "n_all": f"{base}.N.n", "n_kept": f"{column}.N.n"},
                assumes="Rows enter without weights.",
                issue="dropped-rows",
            )
    for column in NEAREST:
        cells.put(
            counts.one_to_one_bound,
            {"n": f"{column}.N.n"},
            treated=cells.whole("text.N_TREATED.n") * POLICY_YEARS,
            also=("text.N_TREATED.n", "text.POLICY_START.other", "text.YEAR_END.other"),
            unstated="with how many neighbours a treated observation is matched",
            raises="matching-by-outcome",
        )


def _amplification(cells: Cells) -> None:
    for share in cells.ids(r"text\.AMPLIF_.*\.share"):
        _, name, outcome = share.split(".")[1].split("_")
        column = MODERATED[name][OUTCOMES.index(outcome)]
        interaction = f"{column}.Innx{name}.coef"
        same = {"first": interaction, "second": share}
        cells.put(repetition.printed_twice, same, scale=100.0, issue="amplification")
        cells.put(
            moderation.relative_interaction,
            {"main": f"{column}.Inn.coef", "interaction": interaction, "share": share},
            unstated="what an amplification effect is a percentage of",
            raises="amplification",
        )
    for name, columns in MODERATED.items():
        both = {"main": f"{columns[0]}.Inn.coef", "interaction": f"{columns[0]}.Innx{name}.coef"}
        cells.put(moderation.moderator_level, {"without": "t2.c2.Inn.coef", **both}, scale=SCALES[name])
    cells.put(
        groups.difference_overlapping,
        {
            "first": "t2.c4.Inn.coef",
            "second": "t2.c6.Inn.coef",
            "se_first": "t2.c4.Inn.se",
            "se_second": "t2.c6.Inn.se",
        },
        issue="channels",
    )


def _kind_of_errors(cells: Cells) -> None:
    """Set errors of index and blocks side by side; the notes of all tables call them robust."""
    for columns in (PLAIN, CONTROLS, *MODERATED.values()):
        errors = {
            key: [f"{one}.{term}.se" for one in columns]
            for key, term in (("term", "Inn"), ("other", "Const"))
        }
        cells.put(shared_design.error_ratio_shared, errors, robust=True)


def _instruments(cells: Cells) -> None:
    """Read the first stages of Table 4 from errors with and without the instrument."""
    for columns in (NIGHT_LIGHTS, BRANDS):
        errors = {
            name: [f"{one}.Inn.se" for one in chosen]
            for name, chosen in (("ols_se", CONTROLS), ("iv_se", columns))
        }
        cells.put(instruments.first_stage_of_errors, errors, unstated=NOT_PRINTED, raises="first-stage")


def _groups(cells: Cells) -> None:
    """What the text says of the groups of Figure 1, whose estimates are not printed."""
    cells.put(
        repetition.said_twice,
        {},
        also=["text.N_CITIES.n"],
        of="the city size with the largest effect",
        first="medium",
        second="large",
        assumes="The first is the abstract's, the second that of the results and the conclusion.",
        raises="city-size",
    )
    first = {"first": "text.POLICY_START.other"}
    cells.put(timing.split_before_treatment, first, taken=REPORT_YEAR, raises="split-after-treatment")


def _distribution(cells: Cells) -> None:
    every = distribution.t_values(cells)
    interest = every[~every["id"].str.contains(r"\.Const\.")]
    for tests in (every, interest):
        given = {"t": tests["t"].tolist(), "also": [*tests["id"], *tests["beside"]]}
        cells.put(distribution.spread_of_t, {}, raises="spread-of-t", **given)
    batches.put_distribution(cells, interest["id"].tolist(), thresholds=(1.645, 1.96, 2.576))
    for tables in ("t[234]", "t[567]"):
        part = interest[interest["id"].str.match(tables)]
        also = [*part["id"], *part["beside"]]
        cells.put(distribution.right_skew, {}, t=part["t"].tolist(), also=also, issue="two-p-curves")
    for column in CONTROLS:
        cells.put(distribution.detectable_effect, {"coef": f"{column}.Inn.coef", "se": f"{column}.Inn.se"})
    for columns in (NIGHT_LIGHTS, BRANDS):
        for base, column in zip(CONTROLS, columns, strict=True):
            cells.put(
                distribution.exaggeration,
                {"se": f"{column}.Inn.se", "supposed": f"{base}.Inn.coef"},
                because="that of the baseline",
            )
