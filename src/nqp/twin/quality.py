"""How good a twin is: printed against simulated, target by target.

Exact for every seed: mean and sd of every printed variable (of a variable that splits the sample, the mean to 0.1 %),
minimum and maximum of controls, maximum of the index, rows of each subsample, the entropy computation. Exact without
noise, and so on average over seeds: every targeted coefficient and constant. Near only: minimum and maximum of the
dimensions (1 %), minimum of the index (2 %). Standard errors and R2 are ours, because we drew the noise.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from nqp.twin.assemble import Twin, noise_free, one_thread, setting_of
from nqp.twin.noise import draw_noise
from nqp.twin.outcome import target_rows
from nqp.twin.study_file import STATS


def moments(twin: Twin) -> pd.DataFrame:
    """Return printed and simulated mean, sd, minimum and maximum: ``variable, stat, printed, simulated, relative``.

    `relative` is the difference over the printed value; over the printed sd for a minimum of zero.
    """
    described, found = twin.study.described, []
    for symbol, rows in described[described["stat"].isin(STATS)].groupby("term", sort=False):
        if symbol not in twin.panel:
            continue
        x, printed = twin.panel[symbol].to_numpy(dtype=float), rows.set_index("stat")["value"].astype(float)
        for stat, value in {"mean": x.mean(), "sd": x.std(ddof=1), "min": x.min(), "max": x.max()}.items():
            gap = (value - printed[stat]) / (printed[stat] or printed["sd"])
            found.append((symbol, stat, printed[stat], value, gap))
    return pd.DataFrame(found, columns=["variable", "stat", "printed", "simulated", "relative"])


@one_thread
def pseudo_true(study: str, *, world: str = "as_printed") -> pd.DataFrame:
    """Return, for each target, what its regression gives on the noise-free outcome of a world.

    Columns ``column, term, printed, pseudo_true, difference, because``; `because` says how a derived target follows
    from print. Targets that the world drops are left out; a world in which treatment works otherwise than printed has
    them all, and meets none but by chance.
    """
    targets, rows = _asked(study, world)
    values = rows @ noise_free(study, world=world).ravel()
    table = pd.DataFrame([(t.id, t.column, t.term, t.value, t.derived) for t in targets],
                         columns=["target", "column", "term", "printed", "because"]).set_index("target")  # fmt: skip
    table.insert(3, "pseudo_true", values)
    table.insert(4, "difference", values - table["printed"])
    return table


def _asked(study: str, world: str) -> tuple[list, np.ndarray]:
    setting = setting_of(study)
    dropped = setting.study.world(world).drop
    targets = [t for t in setting.study.targets if t.id not in dropped]
    rows = target_rows(targets, setting.designs, setting.mixes)
    return targets, rows.reshape(len(rows), -1)


@one_thread
def monte_carlo(study: str, seeds: Iterable[int], *, world: str = "as_printed") -> pd.DataFrame:
    """Return how targeted coefficients spread over seeds.

    They are linear in the outcome and do not see how a seed's unit effects are settled, so that each draw is the
    noise-free coefficient plus one matrix product with the noise; `generate` and a regression give the same.

    Columns ``printed, mean, mc_error`` (sd over seeds / root of their number), ``z`` (mean minus printed in Monte-Carlo
    errors), ``sd`` over seeds, ``printed_se`` and their ratio.
    """
    setting, (targets, rows) = setting_of(study), _asked(study, world)
    fixed = setting.study, setting.scaffold, setting.drawn.size
    noise = np.stack([draw_noise(*fixed, seed).ravel() for seed in seeds], axis=1)
    draws = (rows @ noise) + pseudo_true(study, world=world)[["pseudo_true"]].to_numpy()
    printed = np.array([t.value for t in targets])
    sd, mean = draws.std(axis=1, ddof=1), draws.mean(axis=1)
    error = sd / np.sqrt(draws.shape[1])
    se = np.array([_printed_se(setting.study.numbers["value"], t.id) for t in targets])
    table = {"printed": printed, "mean": mean, "mc_error": error, "z": (mean - printed) / error, "sd": sd}
    return pd.DataFrame(
        {**table, "printed_se": se, "ratio": sd / se}, index=pd.Index([t.id for t in targets], name="target")
    )


def _printed_se(values: pd.Series, number: str) -> float:
    """Return the printed standard error of a coefficient, or what its printed t value says; nan without either."""
    name = number.removesuffix(".coef")
    if f"{name}.t" in values.index:
        return abs(float(values[number]) / float(values[f"{name}.t"]))
    return float(values.get(f"{name}.se", np.nan))
