"""Fisher permutation test of a difference in effects between two groups of units."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nqp.mechanisms.crossproducts import blocks, panel_cube, require_full_rank, two_way_moments
from nqp.mechanisms.groups import grouped_panel
from nqp.mechanisms.panel import MechanismError, TwoWayModel


@dataclass(frozen=True)
class GroupPermutation:
    """Permutation distribution of a group difference.

    Attributes
    ----------
    difference, t_statistic : float
        Observed first-minus-second difference, and the same divided by its unit-clustered standard error (no
        small-sample factor).
    p_value : float
        Two-sided, of the difference: what papers call Fisher's permutation test.
    p_value_t : float
        Two-sided, of the t statistic. Prefer it.
    draws : DataFrame
        ``difference`` and ``t_statistic`` of each draw.
    seed : int
        What reproduces them.
    """

    difference: float
    t_statistic: float
    p_value: float
    p_value_t: float
    draws: pd.DataFrame
    seed: int


def permute_groups(
    frame: pd.DataFrame,
    model: TwoWayModel,
    group: str,
    values: tuple[Any, Any],
    *,
    draws: int = 1_000,
    seed: int,
) -> GroupPermutation:
    """Test equal effects in two groups by dealing the group labels out again, over units.

    A unit keeps its whole history and gets another unit's label; group sizes stay as they are. Each draw
    re-estimates both two-way fixed-effects regressions exactly, from cross-products. Shuffling observations
    instead, as generic routines do, breaks the units apart and makes the null distribution far too narrow.

    The p-values are ``(1 + #{|draw| >= |observed|}) / (1 + draws)``: the observed labelling is one of the
    possible ones, so p is never 0 (Phipson & Smyth 2010).

    Exchangeable labels mean that *nothing* differs between groups: neither the effect, nor the controls'
    coefficients, nor the noise, nor when and how many units are treated. If only the effects are equal, the
    permutation of the plain difference rejects too often when the smaller group is the noisier one, and too
    rarely when it is the quieter one; that of the t statistic is right in large samples (Janssen 1997; Chung
    & Romano 2013). Both are given.

    Parameters
    ----------
    frame : DataFrame
        Long balanced panel, rows in any order.
    model : TwoWayModel
        Outcome, treatment, controls, keys. It must cluster by unit.
    group, values
        As in `nqp.mechanisms.groups.interacted_difference`.
    draws : int
        At least 199.
    seed : int
        Same seed, same draws.

    Returns
    -------
    GroupPermutation

    Raises
    ------
    PanelError, MechanismError
        As `interacted_difference`; a panel that is not balanced; clusters other than units; fewer than 199
        draws; draws that leave a group without variation in the treatment.
    """
    if draws < 199:
        raise MechanismError(
            f"{draws} draws are too few: p could not fall below {1 / (draws + 1):.3f}. Use 999 or more."
        )
    if model.cluster_column != model.unit:
        raise MechanismError(
            f"Labels are permuted over '{model.unit}', but errors cluster by '{model.cluster}'. Cluster by "
            "the unit, or use interacted_difference."
        )
    data = grouped_panel(frame, model, group, values)
    cube = panel_cube(data, [model.outcome, *model.regressors], model)
    labels = data.groupby(model.unit)["first_group"].first().to_numpy()
    rng = np.random.default_rng(seed)
    observed = _difference_and_t(cube, labels[None])[0]
    drawn = []
    for block in blocks(draws, 250):
        shuffled = rng.permuted(np.tile(labels, (block.stop - block.start, 1)), axis=1)
        drawn.append(_difference_and_t(cube, shuffled))
    null = np.vstack(drawn)
    # draws that equal the observed labelling up to rounding count as at least as extreme
    extreme = np.abs(null) >= np.abs(observed) * (1 - 1e-10)
    p, p_t = (1 + extreme.sum(axis=0)) / (1 + draws)
    table = pd.DataFrame(null, columns=["difference", "t_statistic"])
    return GroupPermutation(float(observed[0]), float(observed[1]), float(p), float(p_t), table, seed)


def _difference_and_t(cube: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Difference and t statistic for each row of 0/1 labels, draws x units."""
    effects, variances = zip(
        *(_effect_and_variance(cube, side) for side in (first, 1.0 - first)), strict=True
    )
    difference = effects[0] - effects[1]
    return np.column_stack([difference, difference / np.sqrt(variances[0] + variances[1])])


def _effect_and_variance(cube: np.ndarray, member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficient of the second column on the first, and its raw unit-clustered variance, for each draw."""
    units, _, p = cube.shape
    moments = two_way_moments(cube, member)
    scale = two_way_moments(cube, np.ones((1, units)))[0].diagonal()
    require_full_rank(
        moments, scale, list(range(1, p)), "A group is too small, or holds too few treated units."
    )
    beta = np.linalg.solve(moments[:, 1:, 1:], moments[:, 1:, :1])[..., 0]
    gamma = np.zeros((len(member), p - 2))
    if p > 2:
        gamma = np.linalg.solve(moments[:, 2:, 2:], moments[:, 2:, 1:2])[..., 0]
    ones, zeros = np.ones((len(member), 1)), np.zeros((len(member), 1))
    # residuals of the outcome on everything, and of the treatment on the controls (Frisch-Waugh-Lovell)
    residual = _net_of_time(cube, member, np.hstack([ones, -beta]))
    treatment = _net_of_time(cube, member, np.hstack([zeros, ones, -gamma]))
    scores = (residual * treatment).sum(axis=2) * member
    return beta[:, 0], (scores**2).sum(axis=1) / ((treatment**2).sum(axis=2) * member).sum(axis=1) ** 2


def _net_of_time(cube: np.ndarray, member: np.ndarray, combination: np.ndarray) -> np.ndarray:
    """A combination of columns net of the group's time means: draws x units x periods."""
    units, periods, p = cube.shape
    values = (combination @ cube.reshape(-1, p).T).reshape(-1, units, periods)
    means = np.matmul(member[:, None, :], values) / member.sum(axis=1)[:, None, None]
    return values - means
