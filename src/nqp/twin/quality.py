"""How good a twin is: printed against simulated, target by target. What holds exactly is said in README.md here."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from nqp.panel import one_thread
from nqp.twin.assemble import Twin, noise_free, setting_of
from nqp.twin.noise import draw_noise
from nqp.twin.outcome import target_rows
from nqp.twin.study_file import STATS, Target


def moments(twin: Twin) -> pd.DataFrame:
    """Return printed and simulated mean, sd, minimum and maximum: ``variable, stat, printed, simulated, relative``.

    `relative` is the difference over the printed value; over the printed sd for a minimum of zero.
    """
    described, found = twin.study.described, []
    for symbol, rows in described[described["stat"].isin(STATS)].groupby("term", sort=False):
        if symbol in twin.panel:
            simulated = twin.panel[symbol].astype(float).agg(["mean", "std", "min", "max"]).set_axis(STATS)
            printed = rows.set_index("stat")["value"].astype(float).reindex(STATS)
            relative = (simulated - printed) / printed.where(printed != 0, printed["sd"])
            made = {"variable": symbol, "printed": printed, "simulated": simulated, "relative": relative}
            found.append(pd.DataFrame(made).rename_axis("stat").reset_index())
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["stat", "relative"])


def _asked(study: str, world: str) -> tuple[list[Target], np.ndarray]:
    """Return the targets that a world does not drop, and their functionals of the stacked dimensions."""
    setting = setting_of(study)
    targets = [t for t in setting.study.targets if t.id not in setting.study.world(world).drop]
    rows = target_rows(targets, setting.designs, setting.mixes)
    return targets, rows.reshape(len(rows), -1)


@one_thread
def pseudo_true(study: str, *, world: str = "as_printed") -> pd.DataFrame:
    """Return, for each target, what its regression gives on the noise-free outcome of a world.

    Columns ``printed, pseudo_true, difference``. A world that departs from print meets none but by chance.
    """
    targets, rows = _asked(study, world)
    index = pd.Index([t.id for t in targets], name="target")
    table = pd.DataFrame({"printed": [t.value for t in targets]}, index=index)
    table["pseudo_true"] = rows @ noise_free(study, world=world).ravel()
    return table.assign(difference=table["pseudo_true"] - table["printed"])


@one_thread
def monte_carlo(study: str, seeds: Iterable[int], *, world: str = "as_printed") -> pd.DataFrame:
    """Return how targeted coefficients spread over seeds.

    Each draw is the noise-free coefficient plus one matrix product with the noise, as coefficients are linear in the
    outcome and do not see how unit effects are settled. Columns ``printed, mean``, ``sd`` over seeds, and ``z``
    (mean minus printed, over sd / root of the number of seeds).
    """
    setting, (_, rows) = setting_of(study), _asked(study, world)
    noise = np.stack([draw_noise(setting, seed).ravel() for seed in seeds], axis=1)
    table = pseudo_true(study, world=world)
    draws = (rows @ noise) + table[["pseudo_true"]].to_numpy()
    table = table[["printed"]].assign(mean=draws.mean(axis=1), sd=draws.std(axis=1, ddof=1))
    return table.assign(z=(table["mean"] - table["printed"]) / (table["sd"] / np.sqrt(draws.shape[1])))
