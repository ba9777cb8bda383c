"""Capital, labour and output of the cities, and the Malmquist indices that data envelopment gives on them.

With one output, two inputs and constant returns, the frontier of a year is the lower-left convex hull of the
cities' inputs per unit of output, so the index needs no linear programmes.
"""

import numpy as np
from scipy.spatial import ConvexHull

from nqp.twin.covariates import ar1
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile


def draw_production(study: StudyFile, scaffold: Scaffold, size: np.ndarray) -> dict[str, np.ndarray]:
    """Draw capital, labour and output (N, T + 1); the first year is the one before the panel.

    One city (`leader`) moves the frontier in the last year and another (`catcher`) catches up with it: by far the
    largest changes, so that both indices scaled to [0, 1] are low elsewhere, as the printed dimension needs.
    """
    spec = study.declared.production
    rng = np.random.default_rng([study.declared.covariate_seed, 2])
    n, years = len(size), len(scaffold.years) + 1
    mix = spec.mix * rng.standard_normal(n)[:, None] + spec.mix_change * ar1((n, years), 0.8, rng)
    waste = np.abs(0.3 * rng.standard_normal(n) - 0.1 * size)[:, None]
    waste = np.exp(waste + spec.waste_change * ar1((n, years), 0.5, rng))
    trend = np.exp(-spec.progress * np.arange(years))
    names = scaffold.units["name_zh"]
    leader, catcher = (int(np.flatnonzero(names.eq(name))[0]) for name in (spec.leader, spec.catcher))
    mix[leader], waste[leader] = mix.max() + 0.5, 1.0
    mix[catcher], waste[catcher] = np.median(mix), 1.0
    per_output = np.stack([np.exp(mix / 2) * waste, np.exp(-mix / 2) * waste]) * trend
    per_output[:, leader, -1] /= 1 + spec.leap
    per_output[:, catcher, :-1] *= 1 + spec.leap
    output = np.exp(7 + 0.8 * size[:, None] + 0.06 * np.arange(years) + 0.02 * ar1((n, years), 0.7, rng))
    return {
        "capital": 2.5 * output * per_output[0],
        "labour": 0.05 * output * per_output[1],
        "output": output,
    }


def malmquist(production: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return technical change and efficiency change (N, T), each from the year before.

    Input-oriented, constant returns, geometric mean of both years' frontiers: Fare, Grosskopf, Norris & Zhang (1994),
    American Economic Review 84(1).
    """
    points = np.stack(
        [production["capital"] / production["output"], production["labour"] / production["output"]], axis=-1
    )
    years = points.shape[1]
    own = [farrell(points[:, t], points[:, t]) for t in range(years)]
    technical, efficiency = [], []
    for t in range(1, years):
        ahead = farrell(points[:, t], points[:, t - 1])  # this year's cities against last year's frontier
        behind = farrell(points[:, t - 1], points[:, t])
        efficiency.append(own[t] / own[t - 1])
        technical.append(np.sqrt(ahead / own[t] * own[t - 1] / behind))
    return np.stack(technical, axis=1), np.stack(efficiency, axis=1)


def farrell(points: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return input efficiency of points (n, 2) against the constant-returns frontier of a reference (m, 2).

    Inputs are per unit of output. It is the largest ratio of least to own cost over all input prices; only the
    prices normal to the frontier's facets, and the two axes, can be the best ones.
    """
    hull = ConvexHull(reference).equations
    facing = hull[(hull[:, 0] < 0) & (hull[:, 1] < 0)]
    prices = np.vstack([-facing[:, :2], np.eye(2)])
    least = (prices @ reference.T).min(axis=1)
    return (least[:, None] / (prices @ points.T)).max(axis=0)
