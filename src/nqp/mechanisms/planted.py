"""What tests of a path and of a product find where a mechanism, a moderation, both or neither are planted."""

import numpy as np
import pandas as pd
from scipy import stats

from nqp.mechanisms.panel import TwoWayModel, prepared
from nqp.panel import balanced_panel, one_thread, within


@one_thread
def path_and_product(
    frame: pd.DataFrame, model: TwoWayModel, *, path: float, link: float, slope: float, draws: int, seed: int
) -> pd.Series:
    """Return how often each test finds something at 5 % in SYNTHETIC outcomes. Nothing in them is observed.

    A moderator ``M = path d + u`` and outcomes ``y = link M + slope d u + e`` are planted on a panel's
    treatment d and controls; u is a trait of units with noise, e the residuals of `model` with a random sign for each
    unit. A constant effect of d besides would change neither test: ``path found``, of d in a regression of M, drawn
    anew each time, and ``product found``, of d times M, centred.

    The panel is balanced and clustered by unit; `path`, `link` and `slope` are in units of the outcome and of M, whose
    trait has variance 1.5; `draws` is the number of outcomes.
    """
    names = [model.outcome, *model.regressors]
    cube = balanced_panel(prepared(frame, model), names, model.unit, model.time).cube
    d, x, size = cube[..., 1], cube[..., 1:], cube.shape[:2]
    rng = np.random.default_rng(seed)
    y, right = within(cube[..., :1], axes=(0, 1)), within(x, axes=(0, 1))
    left = y - right @ np.linalg.lstsq(right.reshape(-1, right.shape[-1]), y.reshape(-1, 1), rcond=None)[0]
    trait = rng.normal(size=(size[0], 1)) + 0.7 * rng.normal(size=size)
    moderator = path * d + trait
    made = (link * moderator + slope * d * trait)[..., None]
    made = made + left * rng.choice([-1.0, 1.0], size=(size[0], 1, draws))
    moved = path * d[..., None] + rng.normal(size=(*size, draws))
    terms = np.stack([d * (moderator - moderator.mean()), d, moderator], axis=-1)
    product = np.concatenate([terms, x[..., 1:]], axis=-1)
    return pd.Series({"path found": _found(x, moved), "product found": _found(product, made)})


def _found(x: np.ndarray, y: np.ndarray) -> float:
    """Share of outcomes in which the first regressor has p < 0.05 with two-way effects, clustered by unit."""
    x, y = within(x, axes=(0, 1)), within(y, axes=(0, 1))
    flat = x.reshape(-1, x.shape[-1])
    solved = np.linalg.solve(flat.T @ flat, flat.T)
    slopes = solved @ y.reshape(-1, y.shape[-1])
    scores = (solved[0].reshape(x.shape[:2])[..., None] * (y - x @ slopes)).sum(axis=1)
    units = len(scores)
    t = slopes[0] / np.sqrt(np.square(scores).sum(axis=0) * units / (units - 1))
    return float((np.abs(t) > stats.t.ppf(0.975, units - 1)).mean())
