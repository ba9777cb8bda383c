"""Agglomeration: is a place's share of an activity larger than its share of everything?"""

import pandas as pd

from nqp.data import same_vintage
from nqp.panel import PanelError, require_columns, require_unique, some

TOLERANCE = 0.005  # by which sums over places may miss the published total of a nation


def location_quotient(
    part: pd.Series,
    whole: pd.Series,
    unit: pd.Series,
    period: pd.Series,
    *,
    nation: pd.DataFrame | None = None,
) -> pd.Series:
    """Return the location quotient (区位熵), a place's share of a part over its share of the whole.

    ``(part / sum of part) / (whole / sum of whole)``, sums over the places of a period: industrial value added and GDP,
    say. It is the part's share in the place over its share in the nation; weighted by shares of the whole it averages
    one. Series of one index, in one unit of money or persons. See `largest_quotient` for its upper end.

    Parameters
    ----------
    part, whole : at least 0, and above 0; the part no larger than the whole. Columns of `nqp.data.province_panel` of
        different vintages of GDP are refused by their names
    unit, period : of each row; every period has the same units
    nation : published totals by period, columns ``part`` and ``whole``, from which sums may differ by half a percent
    """
    frame = _checked(part, whole, unit, period)
    sums = frame.groupby("period")[["part", "whole"]].transform("sum")
    if nation is not None:
        miss = (sums / nation[["part", "whole"]].reindex(frame["period"]).set_axis(frame.index) - 1).abs()
        if len(wrong := frame.loc[~(miss <= TOLERANCE).all(axis=1), "period"].unique()):
            raise PanelError(
                f"sums over units are not the national totals in {some(wrong)}: use one vintage of both"
            )
    return (frame["part"] / sums["part"] / (frame["whole"] / sums["whole"])).rename("location quotient")


def largest_quotient(part: pd.Series, whole: pd.Series, unit: pd.Series, period: pd.Series) -> pd.Series:
    """Return the largest location quotient that each row could have, as a part is never larger than its whole.

    The smaller of one over the nation's share of the part in the whole (a place that has nothing else), and one over
    the place's share of the whole (a place that has all of it). Arguments as in `location_quotient`.
    """
    frame = _checked(part, whole, unit, period)
    sums = frame.groupby("period")[["part", "whole"]].transform("sum")
    bound = (sums["whole"] / sums["part"]).clip(upper=sums["whole"] / frame["whole"])
    return bound.rename("largest location quotient")


def _checked(part: pd.Series, whole: pd.Series, unit: pd.Series, period: pd.Series) -> pd.DataFrame:
    same_vintage(part.name, whole.name)
    frame = pd.DataFrame({"part": part, "whole": whole, "unit": unit, "period": period})
    require_columns(frame, ["part", "whole"], ["unit", "period"])
    require_unique(frame, "unit", "period")
    if len(wrong := frame[(frame["part"] < 0) | (frame["whole"] <= 0) | (frame["part"] > frame["whole"])]):
        where = [f"{row.unit} in {row.period}" for row in wrong.itertuples()]
        raise PanelError(
            f"the part must lie between 0 and the whole, which is above 0; not so: {some(where)}"
        )
    there = frame.groupby("period")["unit"].nunique()
    if len(lacking := there[there < frame["unit"].nunique()]):
        raise PanelError(
            f"units lack a row in {some(lacking.index)}: sums of other units are no national sums"
        )
    return frame
