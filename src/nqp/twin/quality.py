"""How good a twin is: printed against simulated, target by target, with what was not targeted set apart.

Exact for every seed: mean and sd of every printed variable (the mean of the variable that splits the sample to 0.1 %),
minimum and maximum of controls, maximum of the index, rows of each subsample, the entropy computation. Exact without
noise, and so on average over seeds: every targeted coefficient and constant. Near only: minimum and maximum of the
dimensions (1 %), minimum of the index (2 %), standard errors, R2, first stages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.twin.assemble import Twin, noise_free, one_thread, setting_of, world_of
from nqp.twin.levels import settle_all
from nqp.twin.noise import draw_noise
from nqp.twin.outcome import target_rows
from nqp.twin.regressions import build_design, estimate
from nqp.twin.solve import Setting, Solved
from nqp.twin.study_file import Column

STATS = ("mean", "sd", "min", "max")


@dataclass(frozen=True)
class Quality:
    """The tables of the quality page.

    Attributes
    ----------
    moments, pseudo_true, monte_carlo, untargeted : as the functions of these names return them
    """

    moments: pd.DataFrame
    pseudo_true: pd.DataFrame
    monte_carlo: pd.DataFrame
    untargeted: pd.DataFrame


def moments(twin: Twin) -> pd.DataFrame:
    """Return printed and simulated mean, sd, minimum and maximum: ``variable, stat, printed, simulated, relative``.

    `relative` is the difference over the printed value; over the printed sd for a minimum of zero.
    """
    numbers, rows = twin.study.numbers, []
    for symbol in dict.fromkeys(
        numbers.loc[numbers["table"] == "t2", "outcome"].replace("", np.nan).dropna()
    ):
        rows += _moments_of(twin, symbol)
    for symbol in dict.fromkeys(numbers.loc[numbers["table"] == "t2", "term"]):
        if symbol in twin.panel and not any(row["variable"] == symbol for row in rows):
            rows += _moments_of(twin, symbol)
    return pd.DataFrame(rows)


def _moments_of(twin: Twin, symbol: str) -> list[dict[str, object]]:
    x = twin.panel[symbol].to_numpy(dtype=float)
    found = {"mean": x.mean(), "sd": x.std(ddof=1), "min": x.min(), "max": x.max()}
    rows = []
    for stat in STATS:
        printed = twin.study.value(f"t2.{symbol}.{stat}")
        base = printed or twin.study.value(f"t2.{symbol}.sd")
        rows.append(
            {
                "variable": symbol,
                "stat": stat,
                "printed": printed,
                "simulated": found[stat],
                "relative": (found[stat] - printed) / base,
            }
        )
    return rows


@one_thread
def pseudo_true(study: str, *, world: str = "as_printed") -> pd.DataFrame:
    """Return, for each target, what its regression gives on the noise-free outcome.

    Returns
    -------
    DataFrame
        Indexed by target: ``column, term, printed, pseudo_true, difference, because``; `because` says how a derived
        target follows from print, and is empty for a printed one. Targets that the world drops are left out.
    """
    setting = setting_of(study)
    kept = _kept(setting, world)
    values = _rows(setting, world) @ noise_free(study, world=world).ravel()
    return pd.DataFrame(
        {
            "column": [t.column for t in kept],
            "term": [t.term for t in kept],
            "printed": [t.value for t in kept],
            "pseudo_true": values,
            "difference": values - [t.value for t in kept],
            "because": [t.derived for t in kept],
        },
        index=pd.Index([t.id for t in kept], name="target"),
    )


def _kept(setting: Setting, world: str) -> list:
    dropped = setting.study.world(world).drop
    return [t for t in setting.study.targets if t.id not in dropped]


def _rows(setting: Setting, world: str) -> np.ndarray:
    rows = target_rows(_kept(setting, world), setting.designs, setting.mixes)
    return rows.reshape(len(rows), -1)


@one_thread
def monte_carlo(study: str, seeds: Iterable[int], *, world: str = "as_printed") -> pd.DataFrame:
    """Return how targeted coefficients spread over seeds.

    They are linear in the outcome and do not see how a seed's city effects are settled, so that each draw is the
    noise-free coefficient plus one matrix product with the noise; `generate` and a regression give the same.

    Returns
    -------
    DataFrame
        Indexed by target: ``printed, mean, mc_error`` (sd over seeds / root of their number), ``z`` (mean minus
        printed in Monte-Carlo errors), ``sd`` over seeds, ``printed_se`` and their ratio.
    """
    setting = setting_of(study)
    kept, rows = _kept(setting, world), _rows(setting, world)
    fixed = setting.study, setting.scaffold, setting.drawn.size
    noise = np.stack([draw_noise(*fixed, seed).ravel() for seed in seeds], axis=1)
    draws = (rows @ noise) + pseudo_true(study, world=world)[["pseudo_true"]].to_numpy()
    printed = np.array([t.value for t in kept])
    sd, mean = draws.std(axis=1, ddof=1), draws.mean(axis=1)
    error = sd / np.sqrt(draws.shape[1])
    numbers = setting.study.numbers["value"]
    se = np.array([numbers.get(t.id.removesuffix(".coef") + ".se", np.nan) for t in kept])
    return pd.DataFrame(
        {
            "printed": printed,
            "mean": mean,
            "mc_error": error,
            "z": (mean - printed) / error,
            "sd": sd,
            "printed_se": se,
            "ratio": sd / se,
        },
        index=pd.Index([t.id for t in kept], name="target"),
    )


def _outcome(setting: Setting, solved: Solved, seed: int) -> np.ndarray:
    noise = draw_noise(setting.study, setting.scaffold, setting.drawn.size, seed)
    return settle_all(setting, solved, solved.moving + noise)


@one_thread
def untargeted(study: str, seeds: Sequence[int], *, world: str = "as_printed") -> pd.DataFrame:
    """Return printed numbers that no target covers, with their mean and sd over seeds.

    R2, standard errors clustered by city, numbers of rows, and first stages, by the ids of ``data/published``; and
    coefficients of columns that the study file leaves untargeted although it declares their regression.
    """
    setting, solved = setting_of(study), world_of(study, world)
    numbers = setting.study.numbers
    aimed = {t.id for t in _kept(setting, world)}
    found: dict[str, list[float]] = {}
    for seed in seeds:
        y = _outcome(setting, solved, seed)
        for name in setting.study.columns:
            for number, value in _estimates(setting, name, y).items():
                if number in numbers.index and number not in aimed:
                    found.setdefault(number, []).append(value)
    for number, value in _first_stages(setting).items():
        found[number] = [value] * len(seeds)
    table = pd.DataFrame({k: (np.mean(v), np.std(v)) for k, v in found.items()}, index=["mean", "sd"]).T
    table.insert(0, "printed", numbers.loc[table.index, "value"])
    table["reason"] = [_reason(setting, number) for number in table.index]
    return table.rename_axis("number")


def _estimates(setting: Setting, name: str, y: np.ndarray) -> dict[str, float]:
    design = setting.designs[name]
    fit = estimate(design, np.tensordot(setting.mixes[design.column.outcome], y, axes=1).ravel())
    out = {f"{name}.r2": fit.r2, f"{name}.n": float(design.rows.sum())}
    for term in (*design.column.terms, "Constant"):
        out[f"{name}.{term}.coef"] = fit.coefficients[term]
        out[f"{name}.{term}.se"] = fit.std_errors[term]
    return out


def _first_stages(setting: Setting) -> dict[str, float]:
    out = {}
    for name, spec in setting.study.declared["instruments"].items():
        column = Column(spec["first_stage"].rsplit(".", 2)[0], setting.study.outcome, (name,))
        design = build_design(column, setting.study, setting.scaffold, setting.regressors)
        fit = estimate(design, setting.scaffold.treated.ravel())
        out[spec["first_stage"]] = fit.coefficients[name]
        out[spec["first_stage"].replace(".coef", ".se")] = fit.std_errors[name]
    return out


def _reason(setting: Setting, number: str) -> str:
    declared = setting.study.declared["untargeted"]
    if number in declared:
        return declared[number]
    stages = [
        spec["first_stage"].replace(".coef", ".se") for spec in setting.study.declared["instruments"].values()
    ]
    if number in stages:
        return "follows from the counts"
    return "near by choice of noise" if number.endswith((".se", ".r2")) else ""


def quality(twin: Twin, *, seeds: int = 200) -> Quality:
    """Return every table of the quality page for the study and world of a twin."""
    slug, world = twin.study.slug, twin.world
    return Quality(
        moments(twin),
        pseudo_true(slug, world=world),
        monte_carlo(slug, range(seeds), world=world),
        untargeted(slug, range(min(seeds, 20)), world=world),
    )
