"""Placebo by random assignment of a treatment to units and dates, for two-way fixed-effects regressions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import PanelError, balanced_panel, clustered_scale, one_thread, within
from nqp.panel.frames import Panel
from nqp.robustness.treatment import adoption, net_basis

BLOCK = 250
"""Draws computed together. Each block has its own random stream: more draws begin with the same ones."""
SLICE = 16
"""Draws of a block that go through the arithmetic at a time: few enough to stay in the processor's cache."""


@dataclass(frozen=True)
class Placebo:
    """Placebo draws beside the estimate, by the same code, that they are to be compared with."""

    draws: pd.DataFrame  # columns ``coefficient, std_error, t``, one row a draw
    coefficient: float
    std_error: float
    t: float
    p_value: float  # (1 + draws with an absolute coefficient at least as large) / (1 + draws)
    p_value_t: float  # the same for absolute t statistics


@dataclass(frozen=True)
class Residualised:
    """What does not change from draw to draw."""

    outcome: np.ndarray  # N x T, outcome after effects and controls
    controls: np.ndarray  # K x (N*T), orthonormal basis of the two-way demeaned controls
    treatment: np.ndarray  # N x T, the treatment as observed, two-way demeaned
    first: np.ndarray  # N, first treated position; T where never (only read when dates are drawn)
    scale: float  # of clustered errors, see `clustered_scale`


@one_thread
def placebo(
    frame: pd.DataFrame,
    outcome: str,
    treatment: str,
    controls: Sequence[str] = (),
    *,
    unit: str,
    time: str,
    draws: int = 500,
    seed: int,
    dates: Literal["observed", "random"] = "observed",
) -> Placebo:
    """Re-estimate a two-way fixed-effects effect under random assignments (Chetty, Looney & Kroft 2009).

    Outcome and controls are residualised once (Frisch-Waugh-Lovell); each block of draws is a matrix product, with
    unit-clustered standard errors as `clustered_scale` scales them. One is added to both counts of a p value (Davison &
    Hinkley 1997, equation 4.11).

    Parameters
    ----------
    frame : long frame, balanced, rows in any order; effects of the columns `unit` and `time` are always included
    draws, seed : how many assignments; the seed's `numpy.random.SeedSequence` has one child stream a block of 250
    dates : ``observed`` hands the observed treatment paths to randomly chosen units; ``random`` also draws each
        treated unit's first treated period evenly from the second period to the last (the treatment must then be
        0/1 and stay on)

    A PanelError refuses an unbalanced panel, missing values, a treatment that is constant, absorbed or, if 0/1, on in
    the first period or switched off again, and absorbed or collinear controls.
    """
    if draws < 1:
        raise PanelError(f"draws is {draws}: ask for at least one")
    panel = balanced_panel(frame, [outcome, treatment, *controls], unit, time)
    data = residualise(panel, outcome, treatment, controls, dates == "random")
    actual = _estimate(data, data.treatment[None].copy())[0]
    sizes = [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    table = np.concatenate([_block(data, dates, *task) for task in zip(streams, sizes, strict=True)])
    p_value, p_value_t = (_p_value(table[:, k], actual[k]) for k in (0, 2))
    found = pd.DataFrame(table, columns=["coefficient", "std_error", "t"])
    return Placebo(found, *map(float, actual), p_value, p_value_t)


def residualise(
    panel: Panel, outcome: str, treatment: str, controls: Sequence[str], draw_dates: bool
) -> Residualised:
    """Take effects and controls out of the outcome once; check the treatment."""
    count, periods = panel[outcome].shape
    if draw_dates or np.isin(panel[treatment], (0.0, 1.0)).all():
        first = adoption(panel, treatment)
    else:
        net_basis(panel, [treatment], "treatment")
        first = np.full(count, periods)
    basis = net_basis(panel, controls)
    y = within(panel[outcome]).ravel()
    y = (y - basis @ (basis.T @ y)).reshape(count, periods)
    scale = clustered_scale(count * periods, 1 + len(controls) + periods, count)
    return Residualised(y, np.ascontiguousarray(basis.T), within(panel[treatment]), first, scale)


def draw_assignments(
    first: np.ndarray, periods: int, dates: str, stream: np.random.SeedSequence, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw whose treatment path each unit gets and when it starts: two arrays (size, N) of positions."""
    rng = np.random.default_rng(stream)
    orders = rng.permuted(np.tile(np.arange(len(first)), (size, 1)), axis=1)
    starts = first[orders]
    if dates == "random":
        starts = np.where(starts < periods, rng.integers(1, periods, starts.shape), periods)
    return orders, starts


def _block(data: Residualised, dates: str, stream: np.random.SeedSequence, size: int) -> np.ndarray:
    """Estimate one block of draws: an array (size, 3) of coefficient, standard error and t."""
    periods = data.treatment.shape[1]
    orders, starts = draw_assignments(data.first, periods, dates, stream, size)
    parts = []
    for rows in (slice(at, at + SLICE) for at in range(0, size, SLICE)):
        if dates == "observed":  # demeaned paths stay demeaned whoever gets them
            drawn = np.take(data.treatment, orders[rows], axis=0)
        else:
            drawn = within((np.arange(periods) >= starts[rows, :, None]).astype(float))
        parts.append(_estimate(data, drawn))
    return np.concatenate(parts)


def _estimate(data: Residualised, treatment: np.ndarray) -> np.ndarray:
    """Estimate every two-way demeaned treatment in an array (draws, N, T), which is overwritten.

    With d the treatment net of everything, u_i = sum_t d_it y_it and v_i = sum_t d_it^2: b = sum u / sum v, with
    variance sum_i (u_i - b v_i)^2 / (sum v)^2.
    """
    flat = treatment.reshape(len(treatment), -1)
    flat -= (flat @ data.controls.T) @ data.controls
    u = np.einsum("bnt,nt->bn", treatment, data.outcome)
    v = np.einsum("bnt,bnt->bn", treatment, treatment)
    spread = v.sum(axis=1)
    b = u.sum(axis=1) / spread
    score = u - b[:, None] * v
    std_error = data.scale * np.sqrt(np.einsum("bn,bn->b", score, score)) / spread
    return np.column_stack([b, std_error, b / std_error])


def _p_value(drawn: np.ndarray, actual: float) -> float:
    """Two-sided p-value of a random assignment; ties up to rounding count as at least as large."""
    return float((1 + (np.abs(drawn) >= abs(actual) * (1 - 1e-12)).sum()) / (1 + len(drawn)))
