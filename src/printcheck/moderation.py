"""What the coefficients of a regression with an interaction say beside the one without."""

from printcheck.checks import MEASURED, Result, check, verdict
from printcheck.intervals import Interval, as_printed, span


@check(
    "fit",
    formula="effect at M = b1 + b3 M, so the effect without moderator is met at M = (b - b1) / b3",
    reference="Brambor, Clark & Golder (2006), Political Analysis 14: b1 is the effect where the moderator is zero",
    assumes="The effect without the moderator is about the effect at the treated units' average moderator.",
)
def moderator_level(without: Interval, main: Interval, interaction: Interval, *, scale: str) -> Result:
    """Give the value of the moderator at which the effect is the one of the regression without it.

    Parameters
    ----------
    without : coefficient of the treatment in the regression without moderator
    main, interaction : its coefficient, and that of its product with the moderator
    scale : what values the moderator takes, for the sentence
    """
    level = (without - main) / interaction
    zero = -main / interaction
    return Result(
        MEASURED,
        f"M = {span(level, 3)}",
        "",
        f"The treatment's coefficient with the interaction is its effect where the moderator is zero; it equals the"
        f" effect without moderator at a value of {span(level, 3)} and would be zero at {span(zero, 3)}."
        f" The moderator is {scale}.",
    )


@check(
    "fit",
    formula="relative change of the effect for one unit of the moderator = interaction / main effect",
    reference="ratio of the coefficients of a linear interaction",
)
def relative_interaction(main: Interval, interaction: Interval, share: Interval) -> Result:
    """Compare a printed percentage by which a moderator raises an effect with the ratio of the coefficients."""
    implied = 100 * interaction / main
    return Result(
        verdict(implied.meets(share)),
        f"{span(implied, 3)} %",
        f"{as_printed(share)} %",
        f"One unit of the moderator changes the effect by {span(implied, 3)} % of its size where the moderator is"
        f" zero; the text gives {as_printed(share)} %.",
    )
