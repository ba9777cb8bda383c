"""Productivity by data envelopment: Farrell's input efficiency and the Malmquist index made of it.

With one output, two inputs and constant returns, the frontier of a year is the lower-left convex hull of the
units' inputs per unit of output, so the index needs no linear programmes.
"""

from collections.abc import Mapping

import numpy as np
from scipy.spatial import ConvexHull


def malmquist(production: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return technical change and efficiency change, each from the period before; their product is the index.

    Input-oriented, constant returns, geometric mean of both periods' frontiers (Fare, Grosskopf, Norris & Zhang 1994,
    American Economic Review 84(1)). Above one is progress, and catching up. Inputs ``capital`` and ``labour`` and the
    ``output`` are each units x periods, above zero; what comes back has a period less. With E_s(x_t) the efficiency of
    period t's unit against period s's frontier,

        efficiency change = E_t(x_t) / E_{t-1}(x_{t-1})
        technical change  = sqrt( E_{t-1}(x_t) / E_t(x_t) * E_{t-1}(x_{t-1}) / E_t(x_{t-1}) ).
    """
    inputs = (production["capital"], production["labour"])
    points = np.stack([values / production["output"] for values in inputs], axis=-1)
    periods = points.shape[1]
    own = [farrell(points[:, t], points[:, t]) for t in range(periods)]
    technical, efficiency = [], []
    for t in range(1, periods):
        ahead = farrell(points[:, t], points[:, t - 1])  # this period's units against the last one's frontier
        behind = farrell(points[:, t - 1], points[:, t])
        efficiency.append(own[t] / own[t - 1])
        technical.append(np.sqrt(ahead / own[t] * own[t - 1] / behind))
    return np.stack(technical, axis=1), np.stack(efficiency, axis=1)


def farrell(points: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return input efficiency: the smallest share of its inputs with which the frontier makes a unit's output.

    It is the largest ratio of least to own cost over all input prices (Farrell 1957, Journal of the Royal Statistical
    Society A 120(3)); only prices normal to the frontier's facets, and the two axes, can be the best ones. Both arrays
    hold inputs per unit of output, a row a unit; those of `reference`, three at least, make up the frontier.
    """
    hull = ConvexHull(reference).equations
    facing = hull[(hull[:, 0] < 0) & (hull[:, 1] < 0)]
    prices = np.vstack([-facing[:, :2], np.eye(2)])
    least = (prices @ reference.T).min(axis=1)
    return (least[:, None] / (prices @ points.T)).max(axis=0)
