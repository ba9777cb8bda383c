"""An, Huang & Li (2026): amplification in Tables 5 to 7, channels, and the distribution of t values."""

from nqp.evidence.audit import distribution, groups, moderation, repetition
from nqp.evidence.audit.cells import Cells
from nqp.evidence.audit.plans.innovative_city_columns import (
    BRANDS,
    CONTROLS,
    MODERATED,
    NIGHT_LIGHTS,
    OUTCOMES,
    STUDY,
)


def put_further(cells: Cells) -> None:
    """Put amplification, the ranking of the channels and the distribution of t values to checks."""
    _amplification(cells)
    _distribution(cells)


def _amplification(cells: Cells) -> None:
    matters = {
        "matters": "The percentages called amplification effects are interaction coefficients times 100, in units of"
        " the outcome for a unit of the moderator; they are no shares of the pilots' effect and do not compare between"
        " moderators measured in different units.",
        "resolve": "Means and standard deviations of the moderators and of the outcomes.",
    }
    shares = cells.ids(r"text\.AMPLIF_.*\.share")
    for share in shares:
        _, name, outcome = share.split(".")[1].split("_")
        column = MODERATED[name][OUTCOMES.index(outcome)]
        interaction = f"{column}.Innx{name}.coef"
        cells.put(
            repetition.printed_twice,
            {"first": interaction, "second": share},
            scale=100.0,
            **(matters if share == shares[0] else {}),
        )
        cells.put(
            moderation.relative_interaction,
            {"main": f"{column}.Inn.coef", "interaction": interaction, "share": share},
            unstated="what an amplification effect is a percentage of",
        )
    scales = {
        "Hum": "employment in six sectors over population",
        "Dig": "the log of internet users per 100 persons",
        "Ind": "a location quotient",
    }
    for name, columns in MODERATED.items():
        cells.put(
            moderation.moderator_level,
            {
                "without": "t2.c2.Inn.coef",
                "main": f"{columns[0]}.Inn.coef",
                "interaction": f"{columns[0]}.Innx{name}.coef",
            },
            scale=scales[name],
        )
    cells.put(
        groups.difference_from_errors,
        {
            "first": "t2.c4.Inn.coef",
            "second": "t2.c6.Inn.coef",
            "se_first": "t2.c4.Inn.se",
            "se_second": "t2.c6.Inn.se",
        },
        unstated="how the estimates of outcomes on the same cities depend on each other",
        matters="Laborers are called the main channel and means of labor the weakest; the paper tests no difference"
        " between the coefficients and prints no scale on which the outcomes could be compared.",
        resolve="Standard deviations of the outcomes, and a joint test.",
    )


def _distribution(cells: Cells) -> None:
    t = distribution.t_values(STUDY)
    every, interest = ({"coef": list(ids)} for ids in (t["id"], t.loc[t["of_interest"], "id"]))
    for at in (every, interest):
        at["parenthesis"] = [one.replace(".coef", ".se") for one in at["coef"]]
    cells.put(
        distribution.spread_of_t,
        every,
        matters="The paper's t values lie closer together than independent sampling errors alone would leave them,"
        " across outcomes, methods, moderators and constants.",
        resolve="The data: the correlation between the estimates follows from them.",
    )
    cells.put(distribution.spread_of_t, interest)
    for threshold in (1.645, 1.96, 2.576):
        cells.put(distribution.caliper, interest, threshold=threshold)
    cells.put(distribution.right_skew, interest)
    for column in CONTROLS:
        cells.put(distribution.detectable_effect, {"coef": f"{column}.Inn.coef", "se": f"{column}.Inn.se"})
    for columns in (NIGHT_LIGHTS, BRANDS):
        for base, column in zip(CONTROLS, columns, strict=True):
            cells.put(
                distribution.exaggeration,
                {"se": f"{column}.Inn.se", "supposed": f"{base}.Inn.coef"},
                because="that of the baseline",
            )
