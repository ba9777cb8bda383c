"""Fisher permutation test of a difference in effects between two groups of units."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nqp.mechanisms.groups import grouped_panel
from nqp.mechanisms.panel import TwoWayModel
from nqp.mechanisms.twoway import require_identified
from nqp.panel import PanelError, balanced_panel, one_thread, within


@dataclass(frozen=True)
class GroupPermutation:
    """Permutation distribution of a group difference, the first minus the second.

    Of each draw there are ``difference``, ``t_statistic``, and its t by errors that take the years of a unit for
    independent, with n / (n - K): ``t_robust`` to unequal variances, ``t_classical``.
    """

    difference: float  # as observed
    t_statistic: float  # by its unit-clustered standard error (no small-sample factor)
    p_value: float  # two-sided, of the difference: what papers call Fisher's permutation test
    p_value_t: float  # two-sided, of the t statistic. Prefer it
    draws: pd.DataFrame


@one_thread
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

    A unit keeps its whole history and gets another unit's label. Each draw re-estimates both regressions exactly.
    Shuffling observations instead makes the null distribution far too narrow. p is
    ``(1 + #{|draw| >= |observed|}) / (1 + draws)``, never 0 (Phipson & Smyth 2010).

    Exchangeable labels mean that *nothing* differs between groups. If only the effects are equal, the permutation
    of the difference rejects too often when the smaller group is the noisier one, and too rarely when it is the
    quieter one; that of the t statistic is right in large samples (Janssen 1997; Chung & Romano 2013).

    Parameters
    ----------
    frame, model : long balanced panel and its regression, which must cluster by unit
    group, values : as in `nqp.mechanisms.groups.interacted_difference`
    draws, seed : at least 199; a PanelError refuses draws that leave a group without variation in the treatment
    """
    if draws < 199:
        raise PanelError(
            f"{draws} draws are too few: p cannot fall below {1 / (draws + 1):.3f}. Use 999 or more."
        )
    if model.cluster_column != model.unit:
        raise PanelError(
            f"Labels are permuted over '{model.unit}', but errors cluster by '{model.cluster}'. Cluster by "
            "the unit, or use interacted_difference."
        )
    data = grouped_panel(frame, model, group, values)
    panel = balanced_panel(data, [model.outcome, *model.regressors], model.unit, model.time)
    cube = within(panel.cube, axes=(0, 1))
    labels = data.groupby(model.unit)["first_group"].first().to_numpy() == 1
    shuffled = np.random.default_rng(seed).permuted(np.tile(labels, (draws, 1)), axis=1)
    observed, *null = (_difference_and_t(cube, first) for first in [labels, *shuffled])
    # draws that equal the observed labelling up to rounding count as at least as extreme
    extreme = np.abs(null)[:, :2] >= np.abs(observed[:2]) * (1 - 1e-10)
    p_values = (1 + extreme.sum(axis=0)) / (1 + draws)
    table = pd.DataFrame(null, columns=["difference", "t_statistic", "t_robust", "t_classical"])
    return GroupPermutation(*map(float, [*observed[:2], *p_values]), table)


def _difference_and_t(cube: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Difference and its t statistics for one labelling of the units."""
    (one, first_variances), (two, second_variances) = (
        _effect_and_variances(cube, side) for side in (first, ~first)
    )
    return np.array([one - two, *((one - two) / np.sqrt(first_variances + second_variances))])


def _effect_and_variances(cube: np.ndarray, members: np.ndarray) -> tuple[float, np.ndarray]:
    """Coefficient of the second column on the first; its variance clustered without any factor, robust, classical."""
    z = within(cube[members], axes=(0, 1))
    flat = z.reshape(-1, z.shape[-1])
    products, size = flat.T @ flat, np.linalg.norm(cube, axis=(0, 1))
    require_identified(products, size, "A group is too small, or holds too few treated units.")
    inverse = np.linalg.inv(products[1:, 1:])
    beta = inverse @ products[1:, 0]
    left = z[..., 0] - z[..., 1:] @ beta
    scores = (z[..., 1:] @ inverse[0]) * left
    free = 1 - (len(beta) + sum(left.shape) - 1) / left.size  # (n - K) / n
    by_row = np.array([np.square(scores).sum(), inverse[0, 0] * np.square(left).mean()]) / free
    return beta[0], np.array([np.square(scores.sum(axis=1)).sum(), *by_row])
