"""Agglomeration: is a place's share of an activity larger than its share of everything?"""

import pandas as pd

from nqp.data import same_vintage
from nqp.panel import PanelError, balanced_panel, some


def location_quotient(
    part: pd.Series,
    whole: pd.Series,
    unit: pd.Series,
    period: pd.Series,
    *,
    nation: pd.DataFrame | None = None,
) -> pd.Series:
    """Return the location quotient (区位熵): ``(part / sum of part) / (whole / sum of whole)``, sums by period.

    With industrial value added and GDP it is the share of industry in a place over its share in the nation; weighted by
    shares of the whole it averages one. A place that has nothing else, or all of the part, has `largest_quotient`.

    Parameters
    ----------
    part, whole : in one unit; the part from 0 to the whole. Columns of `nqp.data.province_panel` are refused by their
        names where their vintages of GDP differ (a DataError)
    unit, period : of each row; a PanelError refuses periods that lack a unit
    nation : published totals by period, columns ``part`` and ``whole``, which sums may miss by half a percent
    """
    frame, sums = _sums(part, whole, unit, period)
    if nation is not None:
        gap = (sums.set_axis(frame["period"]).groupby(level=0).first() / nation - 1).abs()
        if len(wrong := gap.index[~(gap <= 0.005).all(axis=1)]):
            raise PanelError(f"sums over units miss the national totals of {some(wrong)}: is it one vintage?")
    return (frame["part"] / sums["part"]) / (frame["whole"] / sums["whole"])


def largest_quotient(part: pd.Series, whole: pd.Series, unit: pd.Series, period: pd.Series) -> pd.Series:
    """Return the largest quotient that each row can have, as no part is larger than its whole.

    It is one over the share of the part in the nation's whole, or of the place in it, whichever is smaller.
    """
    frame, sums = _sums(part, whole, unit, period)
    return (sums["whole"] / sums["part"]).clip(upper=sums["whole"] / frame["whole"])


def _sums(
    part: pd.Series, whole: pd.Series, unit: pd.Series, period: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    same_vintage(part.name, whole.name)
    frame = pd.DataFrame({"part": part, "whole": whole, "unit": unit, "period": period})
    balanced_panel(frame, ["part", "whole"], "unit", "period")
    if len(wrong := frame[~frame["part"].between(0, frame["whole"]) | (frame["whole"] <= 0)]):
        where = wrong["unit"].astype(str) + " in " + wrong["period"].astype(str)
        raise PanelError(f"the part must lie between 0 and the whole; it does not for {some(where)}")
    return frame, frame.groupby("period")[["part", "whole"]].transform("sum")
