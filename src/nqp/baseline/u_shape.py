"""Whether a quadratic turns inside the data: the test of Lind and Mehlum."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from nqp.panel import PanelError


@dataclass(frozen=True)
class UShape:
    """A quadratic on an interval, and the test of its shape."""

    shape: str  # "U" or "inverse U", by the sign of the square
    turning_point: float
    interval: tuple[float, float]  # Fieller's, of the turning point; infinite where it has no bounds
    ends: pd.DataFrame  # `at, slope, std_error, t, p_value` at the lower and the upper end, p one-sided
    p_value: float  # of a straight line or the opposite shape: the larger of both ends


def u_test(
    linear: float, square: float, cov: np.ndarray, *, low: float, high: float, df: float, level: float = 0.95
) -> UShape:
    """Test whether ``linear x + square x^2`` falls at one end of an interval and rises at the other.

    A U needs a negative slope at `low` and a positive one at `high`, so that the larger of two one-sided p values
    decides (Sasabuchi 1980; Lind & Mehlum 2010, Oxford Bulletin of Economics and Statistics 72(1), 109-118). A
    significant square alone does not show a U: its turning point may lie outside the data.

    Parameters
    ----------
    linear, square : coefficients of x and of its square
    cov : 2 x 2, their covariance, in this order
    low, high : ends of the interval, as a rule the smallest and the largest x of the sample
    df : degrees of freedom of t
    level : of Fieller's interval, which holds every x at which the slope does not differ from zero

    Raises
    ------
    PanelError
        For a square of zero, an empty interval, and a covariance that gives no positive variance at an end.
    """
    if square == 0 or not low < high:
        raise PanelError(f"no shape to test: the square is {square:g} and the interval [{low:g}, {high:g}]")
    ends = pd.DataFrame({"at": [low, high]}, index=["lower end", "upper end"])
    weights = np.column_stack([np.ones(2), 2 * ends["at"]])
    variance = ((weights @ cov) * weights).sum(axis=1)
    if not (variance > 0).all():
        raise PanelError("the covariance gives a slope no positive variance: pass that of x and its square")
    ends["slope"], ends["std_error"] = weights @ [linear, square], np.sqrt(variance)
    ends["t"] = ends["slope"] / ends["std_error"]
    ends["p_value"] = stats.t.cdf(ends["t"] * np.sign(square) * [1, -1], df)
    interval = _fieller(linear, square, np.asarray(cov), stats.t.ppf((1 + level) / 2, df))
    shape = "U" if square > 0 else "inverse U"
    return UShape(shape, -linear / (2 * square), interval, ends, float(ends["p_value"].max()))


def _fieller(linear: float, square: float, cov: np.ndarray, critical: float) -> tuple[float, float]:
    """Return where ``slope^2 = critical^2 variance``; without bounds if the square does not differ from zero."""
    bend = 4 * (square**2 - critical**2 * cov[1, 1])
    if bend <= 0:
        return -math.inf, math.inf
    middle = 4 * (linear * square - critical**2 * cov[0, 1])
    root = math.sqrt(middle**2 - 4 * bend * (linear**2 - critical**2 * cov[0, 0]))
    return (-middle - root) / (2 * bend), (-middle + root) / (2 * bend)
