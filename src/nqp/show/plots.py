"""Drawings that chapters repeat: a path over event time, and estimates one below the other."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.show.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def event_study(ax: "Axes", path: pd.DataFrame, *, base: int = -1, shift: float = 0.0, **style: Any) -> None:
    """Draw estimates over event time with their intervals, a line at zero and a dotted one at the base period.

    `path` is indexed by event time, with ``estimate, conf_low, conf_high`` and, for a uniform band, its half width
    ``uniform``; `shift` moves the dots sideways; `style` goes to `Axes.errorbar`.
    """
    at, estimate = path.index.to_numpy(float) + shift, path["estimate"]
    if "uniform" in path:
        band = estimate - path["uniform"], estimate + path["uniform"]
        ax.fill_between(at, *band, color=PALETTE[4], alpha=0.7)
    ax.axhline(0, color="black", lw=0.8)
    ax.axvline(base, color="black", lw=0.8, ls=":")
    drawn = {"fmt": "o", "ms": 5, "capsize": 3, "color": PALETTE[0]} | style
    ax.errorbar(at, estimate, yerr=_reach(path), **drawn)
    ax.set(xlabel="years since first treated", xticks=path.index[::2])


def forest(
    ax: "Axes", rows: pd.DataFrame, *, truth: float | None = None, shift: float = 0.0, **style: Any
) -> None:
    """Draw estimates one below the other, the first on top, each with its interval, and a line at zero.

    `rows` are indexed by label, with ``estimate, conf_low, conf_high``; `truth`, planted or printed, is a dashed line;
    `shift` moves the dots up; `style` goes to `Axes.errorbar`.
    """
    at = pd.RangeIndex(len(rows))[::-1].to_numpy(float)
    ax.axvline(0, color="black", lw=0.8)
    if truth is not None:
        ax.axvline(truth, color=PALETTE[1], ls="--", lw=1.5)
    drawn = {"fmt": "o", "capsize": 3, "color": PALETTE[0]} | style
    ax.errorbar(rows["estimate"], at + shift, xerr=_reach(rows), **drawn)
    ax.set_yticks(at, rows.index)


def _reach(rows: pd.DataFrame) -> list[pd.Series]:
    """How far intervals go below and above their estimates."""
    return [rows["estimate"] - rows["conf_low"], rows["conf_high"] - rows["estimate"]]
