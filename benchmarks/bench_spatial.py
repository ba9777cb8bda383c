"""Time of the spatial Durbin panel with effects, against spreg's fixed-effects lag panel without them.

Run `python benchmarks/bench_spatial.py`; `--quick` leaves out the largest comparison with spreg. Prints a
Markdown table. Every ratio compares two times of the same run. Data are simulated on a map of square cells,
because only size and sparsity matter here.
"""

import argparse
import platform
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.spatial import Weights, spatial_effects, spatial_panel
from nqp.spatial.sdm import SpatialPanelResult

REGRESSORS = [f"x{k}" for k in range(8)]


def cells(n: int) -> Weights:
    """Row-standardised queen contiguity of the first `n` cells of a square map."""
    side = int(np.ceil(np.sqrt(n)))
    path = sparse.diags_array([1.0, 1.0, 1.0], offsets=[-1, 0, 1], shape=(side, side))
    queen = sparse.csr_array(sparse.kron(path, path))[:n][:, :n]
    queen = sparse.csr_array(queen - sparse.diags_array(queen.diagonal()))
    queen.eliminate_zeros()
    return Weights(queen, tuple(range(n)), False, "queen").standardise()


def simulate(weights: Weights, periods: int, seed: int) -> pd.DataFrame:
    """A panel with rho = 0.4 and eight regressors, rows in the order of periods, as spreg needs them."""
    rng = np.random.default_rng(seed)
    n, k = weights.n, len(REGRESSORS)
    x = rng.standard_normal((n, periods, k))
    right = (
        (x + 0.5 * weights.lag(x)).sum(axis=2)
        + rng.standard_normal((n, periods))
        + rng.standard_normal((n, 1))
    )
    factor = sparse.linalg.splu(sparse.csc_array(sparse.eye_array(n) - 0.4 * weights.matrix))
    y = factor.solve(right)
    frame = pd.DataFrame(x.transpose(1, 0, 2).reshape(-1, k), columns=REGRESSORS)
    return frame.assign(
        y=y.T.ravel(), id=np.tile(np.arange(n), periods), year=np.repeat(np.arange(periods), n)
    )


def ours(frame: pd.DataFrame, weights: Weights) -> SpatialPanelResult:
    """Two-way spatial Durbin panel and simulated effects of all regressors."""
    fit = spatial_panel(frame, "y", REGRESSORS, weights, unit="id", time="year")
    spatial_effects(fit, draws=1_000, seed=1)
    return fit


def theirs(frame: pd.DataFrame, weights: Weights) -> float:
    """`spreg.Panel_FE_Lag` on the same design: regressors, their lags and period dummies. No effects."""
    import spreg

    x = frame[REGRESSORS].to_numpy()
    wide = x.reshape(-1, weights.n, x.shape[1])
    lagged = np.concatenate([weights.matrix @ block for block in wide])
    dummies = pd.get_dummies(frame["year"], drop_first=True, dtype=float).to_numpy()
    fit = spreg.Panel_FE_Lag(frame[["y"]].to_numpy(), np.hstack([x, lagged, dummies]), weights.to_libpysal())
    return float(fit.rho)


def best(work: Callable[[], object], repeats: int) -> float:
    """Shortest of several wall-clock times."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the comparison and the growth of time with the number of units."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no comparison at 2,800 units, growth to 2,000")
    quick = parser.parse_args().quick
    warnings.simplefilter("ignore")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}\n")
    print("| units | periods | ours, with effects (s) | spreg, without (s) | ratio | rho ours | rho spreg |")
    print("|---|---|---|---|---|---|---|")
    for n, periods in [(284, 16)] if quick else [(284, 16), (2_800, 12)]:
        weights = cells(n)
        frame = simulate(weights, periods, seed=n)
        rhos: list[float] = []
        slow = best(lambda w=weights, f=frame, r=rhos: r.append(theirs(f, w)), 3 if n < 1_000 else 1)
        fast = best(lambda w=weights, f=frame: ours(f, w), 5)
        rho = ours(frame, weights).rho
        print(
            f"| {n:,} | {periods} | {fast:.3f} | {slow:.2f} | {slow / fast:.1f} | {rho:.6f} | {rhos[0]:.6f} |"
        )
    print("\n| units (12 periods) | seconds | time per unit, first row = 1 |\n|---|---|---|")
    first = None
    for n in (500, 1_000, 2_000) if quick else (500, 1_000, 2_000, 4_000, 8_000):
        weights = cells(n)
        frame = simulate(weights, 12, seed=n)
        seconds = best(lambda w=weights, f=frame: ours(f, w), 3)
        first = first or seconds / n
        print(f"| {n:,} | {seconds:.3f} | {seconds / n / first:.2f} |")


if __name__ == "__main__":
    main()
