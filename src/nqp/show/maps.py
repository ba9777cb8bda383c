"""Maps of cities: outlines for orientation, never a statement on any boundary."""

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m"


def city_map(ax: "Axes", outlines: "gpd.GeoDataFrame", values: pd.Series, **style: Any) -> None:
    """Draw the outlines of `nqp.data` in light grey and the cities of `values` on top, in an equal-area projection.

    Parameters
    ----------
    values : by six-digit code, which must have an outline, or a ValueError says so; numbers for a colour scale, or any
        one value with ``color=`` in `style`
    style : passed to `geopandas.GeoDataFrame.plot`, such as ``cmap``, ``color``, ``hatch``, ``legend``
    """
    codes = outlines["adcode"].astype(int)
    strange = sorted(set(values.index) - set(codes))
    if strange:
        raise ValueError(f"no outline for the codes {strange[:5]}; outlines are those of data/geography")
    drawn = outlines.to_crs(ALBERS)
    if not ax.collections:
        drawn.plot(ax=ax, color="#f2f2f2", edgecolor="#bdbdbd", linewidth=0.3)
    chosen = drawn[codes.isin(values.index)].copy()
    if "color" in style:
        chosen.plot(ax=ax, edgecolor="black", linewidth=0.3, **style)
    else:
        chosen["value"] = codes[chosen.index].map(values)
        chosen.plot(ax=ax, column="value", edgecolor="#7f7f7f", linewidth=0.2, **style)
    ax.set_axis_off()
