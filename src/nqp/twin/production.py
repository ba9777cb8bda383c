"""Capital, labour and output of the cities, from which data envelopment gives the Malmquist indices."""

import numpy as np

from nqp.twin.covariates import ar1
from nqp.twin.solve import Setting


def draw_production(setting: Setting) -> dict[str, np.ndarray]:
    """Draw capital, labour and output (N, T + 1); the first year is the one before the panel.

    In the last year the `leader` moves the frontier and the `catcher` catches up: by far the largest changes, so that
    both indices scaled to [0, 1] are low elsewhere, as the printed dimension needs.
    """
    declared, scaffold, size = setting.study.declared, setting.scaffold, setting.drawn.size
    spec, rng = declared.production, np.random.default_rng([declared.covariate_seed, 2])
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
    capital, labour = 2.5 * output * per_output[0], 0.05 * output * per_output[1]
    return {"capital": capital, "labour": labour, "output": output}
