"""Placebo by random assignment against the same loop in linearmodels and pyfixest.

500 random assignments of a staggered treatment, 277 cities x 12 years, six controls, two-way fixed effects,
standard errors clustered by city. The loops are timed on fewer draws and scaled. Each engine estimates the
same draws, and the benchmark stops if they disagree. Prints a markdown table.

    python benchmarks/bench_placebo.py
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from nqp.panel import balanced_panel
from nqp.robustness import placebo
from nqp.robustness.random_assignment import BLOCK, draw_assignments

CONTROLS = ["gdp", "fin", "stru", "wage", "gov", "human"]
DRAWS, MANY = 500, 100_000
LOOP = {"linearmodels": 15, "pyfixest": 40}


def cities() -> pd.DataFrame:
    """Return 277 cities and 2011-2022 of the open panel."""
    panel = pd.read_csv(Path(__file__).parents[1] / "data" / "open" / "panel.csv")
    kept = np.sort(panel["id"].unique())[:277]
    return panel[panel["id"].isin(kept) & panel["year"].between(2011, 2022)].sort_values(["id", "year"])


def ours(frame: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Run the library's placebo."""
    return placebo(frame, "entreact", "did", CONTROLS, unit="id", time="year", draws=draws, seed=1).draws


def first_draws(frame: pd.DataFrame, count: int) -> list[np.ndarray]:
    """Return the first treatments that `ours` draws, as columns of the frame."""
    observed = balanced_panel(frame, ["did"], "id", "year")["did"]
    never = np.full(len(observed), observed.shape[1])  # dates stay as observed
    stream = np.random.SeedSequence(1).spawn(1)[0]
    orders, _ = draw_assignments(never, observed.shape[1], "observed", stream, BLOCK)
    return [observed[order].ravel() for order in orders[:count]]


def loop_linearmodels(frame: pd.DataFrame, draws: list[np.ndarray]) -> np.ndarray:
    """Estimate each draw with PanelOLS; return coefficients."""
    from linearmodels.panel import PanelOLS

    indexed, found = frame.set_index(["id", "year"]), []
    for values in draws:
        x = indexed[CONTROLS].assign(fake=values)
        model = PanelOLS(indexed["entreact"], x, entity_effects=True, time_effects=True)
        found.append(model.fit(cov_type="clustered", cluster_entity=True).params["fake"])
    return np.array(found)


def loop_pyfixest(frame: pd.DataFrame, draws: list[np.ndarray]) -> np.ndarray:
    """Estimate each draw with feols; return coefficients."""
    import pyfixest as pf

    frame, found = frame.copy(), []
    formula = f"entreact ~ fake + {' + '.join(CONTROLS)} | year + id"
    for values in draws:
        frame["fake"] = values
        found.append(pf.feols(formula, frame, vcov={"CRV1": "id"}).coef()["fake"])
    return np.array(found)


def timed(run: Callable[[], object], repeats: int = 1) -> tuple[float, object]:
    """Return the fastest of some runs in seconds, and what the last one returned."""
    best, result = np.inf, None
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
    return best, result


def peak_memory(draws: int) -> tuple[float, float]:
    """Return seconds and peak resident memory in MB of a fresh process that makes many draws."""
    code = (
        f"import resource, sys, time; sys.path.insert(0, {str(Path(__file__).parent)!r});"
        " import bench_placebo as b;"
        f" start = time.perf_counter(); b.ours(b.cities(), {draws});"
        " print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    seconds, kilobytes = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(seconds), float(kilobytes) / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Time everything and print the table."""
    frame = cities()
    ours(frame, 10)  # imports and first calls are not what is timed
    seconds, result = timed(lambda: ours(frame, DRAWS), repeats=5)
    print(
        f"Placebo, {DRAWS} draws, 277 x 12, six controls, clustered; Python {platform.python_version()}, ",
        end="",
    )
    print(", ".join(f"{name} {version(name)}" for name in ("numpy", "linearmodels", "pyfixest")), end="; ")
    print(
        f"OMP_NUM_THREADS {os.environ.get('OMP_NUM_THREADS', 'not set')}, {os.cpu_count()} cores", end="\n\n"
    )
    print("| engine | draws timed | seconds per 500 draws | nqp is faster by |")
    print("|---|---|---|---|")
    print(f"| nqp.robustness.placebo | {DRAWS} | {seconds:.3f} | |")
    for name, loop in (("linearmodels", loop_linearmodels), ("pyfixest", loop_pyfixest)):
        treatments = first_draws(frame, LOOP[name])
        loop(frame, treatments[:1])
        spent, coefficients = timed(lambda loop=loop, treatments=treatments: loop(frame, treatments))
        np.testing.assert_allclose(coefficients, result["coefficient"][: len(treatments)], atol=1e-10)
        scaled = spent * DRAWS / len(treatments)
        print(f"| {name} loop | {len(treatments)}, scaled | {scaled:.1f} | {scaled / seconds:,.0f}x |")
    spent, megabytes = peak_memory(MANY)
    idle = peak_memory(1)[1]
    print(f"\n{MANY:,} draws: {spent:.1f} s ({spent * DRAWS / MANY:.4f} s per {DRAWS}), ", end="")
    print(f"peak memory {megabytes:.0f} MB ({idle:.0f} MB with one draw).")


if __name__ == "__main__":
    main()
