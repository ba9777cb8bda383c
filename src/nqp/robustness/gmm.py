"""Dynamic panels by difference and system GMM, with the tests that go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import PanelError, one_thread, require_columns, require_unique
from nqp.panel.tidy import SpecificationTest


@dataclass(frozen=True)
class DynamicFit:
    """Coefficients and tests of a dynamic panel; p-values are from the normal distribution."""

    params: pd.Series  # lags are named as in Stata: ``L1.y``
    cov: pd.DataFrame  # robust; after two steps with the correction of Windmeijer
    std_errors: pd.Series  # of `cov`; missing where the correction leaves no variance
    uncorrected: pd.Series  # two-step standard errors without it; after one step those of `cov`
    hansen: SpecificationTest  # of the two-step estimate, also where one step is reported
    serial: tuple[SpecificationTest, ...]  # Arellano-Bond tests of differenced errors, orders 1 and 2
    instruments: int  # not counting those that the others give
    nobs: int  # rows in levels for system GMM, in differences otherwise


@dataclass(frozen=True)
class _Rows:
    """The stacked equations, unit by unit: rows that are not observed are zero."""

    y: np.ndarray  # (units, rows)
    x: np.ndarray  # (units, rows, regressors)
    z: np.ndarray  # (units, rows, instruments)
    periods: int  # the first so many rows are differences
    nobs: int


@one_thread
def dynamic_gmm(
    frame: pd.DataFrame,
    outcome: str,
    lags: Mapping[str, Sequence[int]],
    gmm: Mapping[str, tuple[int, int | None]],
    *,
    unit: str,
    time: str,
    own: Sequence[str] | None = None,
    system: bool = True,
    steps: Literal[1, 2] = 2,
    collapse: bool = False,
    time_effects: bool = True,
) -> DynamicFit:
    """Estimate a dynamic panel by GMM on differences (Arellano & Bond 1991) or also on levels (Blundell & Bond 1998).

    As in Roodman (2009, Stata Journal 9, 86-136), with the first-step weights h(3) of xtabond2. Where instruments
    outnumber units, weights exist as a Moore-Penrose inverse only; other programs take another and give other numbers.
    A PanelError refuses columns that cannot be used, parts of periods, and fewer instruments than coefficients.

    Parameters
    ----------
    frame : long panel, rows in any order; a unit may lack periods
    lags : which lags of which variables are regressors: ``{"y": [1], "x": [0]}``
    gmm : variables with GMM instruments, and their lags for differences: ``{"y": (2, None)}`` for the second to the
        last. For levels, one whose first lag is a gives its difference a - 1 periods back
    own : variables that instrument themselves, by default the other regressors. One column serves both equations,
        as ``iv()`` does in xtabond2
    system : also use levels, with a constant
    steps : one, or two with the finite-sample correction of Windmeijer (2005)
    collapse : one instrument for each lag instead of one for each lag and period
    time_effects : period dummies; for system GMM instruments in levels only, as ``iv(, equation(level))``
    """
    own = [name for name in lags if name not in gmm] if own is None else list(own)
    series = _series(frame, list(dict.fromkeys([outcome, *lags, *gmm, *own])), unit, time)
    columns = {(name, k): _lagged(series[name], k) for name, orders in lags.items() for k in orders}
    x = np.stack(list(columns.values()), axis=-1)
    seen = np.isfinite(series[outcome]) & np.isfinite(x).all(axis=-1)
    common, labels = _common(seen, int(frame[time].min()), system, time_effects)
    blocks = [_gmm_block(series[name], seen, limits, system, collapse) for name, limits in gmm.items()]
    blocks += [_stack(columns[name, k][..., None], seen, system) for name in own for k in lags[name]]
    blocks += [_stack(common, seen, system)]
    if system:
        blocks[-1][:, : seen.shape[1]] = 0
    z = np.concatenate(blocks, axis=-1)
    rows = _Rows(
        y=_stack(series[outcome][..., None], seen, system)[..., 0],
        x=_stack(np.concatenate([x, common], axis=-1), seen, system),
        z=z[..., np.abs(z).max(axis=(0, 1)) > 0],
        periods=seen.shape[1],
        nobs=int((seen if system else _both(seen)).sum()),
    )
    names = [f"L{k}.{name}" if k else name for name, k in columns]
    return _estimate(rows, [*names, *labels], steps)


def _series(frame: pd.DataFrame, variables: list[str], unit: str, time: str) -> dict[str, np.ndarray]:
    """Return each variable as units x periods, missing where a unit was not observed."""
    require_columns(frame, [*variables, time], [unit])
    require_unique(frame, unit, time)
    if (frame[time] % 1 != 0).any():
        raise PanelError(f"{time} holds parts of periods: give whole numbers, such as years")
    periods = range(int(frame[time].min()), int(frame[time].max()) + 1)
    wide = frame.pivot(index=unit, columns=time, values=variables)
    return {name: wide[name].reindex(columns=periods).to_numpy(float) for name in variables}


def _lagged(values: np.ndarray, k: int) -> np.ndarray:
    """Shift along the periods; what comes before the first is missing."""
    out = np.full(values.shape, np.nan)
    out[:, k:] = values[:, : values.shape[1] - k]
    return out


def _both(seen: np.ndarray) -> np.ndarray:
    """Return where a unit is observed in a period and in the one before."""
    return seen & (_lagged(seen, 1) == 1)


def _common(seen: np.ndarray, first: int, system: bool, time_effects: bool) -> tuple[np.ndarray, list[str]]:
    """Return constant and period dummies as units x periods x columns; differences have no constant."""
    used = np.flatnonzero(seen.any(axis=0))[1:] if time_effects else np.array([], int)
    columns = np.hstack([np.ones((seen.shape[1], int(system))), np.eye(seen.shape[1])[:, used]])
    labels = [*["_cons"] * system, *(str(first + t) for t in used)]
    return np.broadcast_to(columns, (len(seen), *columns.shape)), labels


def _stack(level: np.ndarray, seen: np.ndarray, system: bool) -> np.ndarray:
    """Put differences, and with `system` levels, one under the other; rows that are not observed become zero."""
    parts = [np.where(_both(seen)[..., None], level - _lagged(level, 1), 0.0)]
    return np.concatenate([*parts, *[np.where(seen[..., None], level, 0.0)] * system], axis=1)


def _gmm_block(
    values: np.ndarray, seen: np.ndarray, limits: tuple[int, int | None], system: bool, collapse: bool
) -> np.ndarray:
    """Return lags as instruments of the differences and, with `system`, a lagged difference as one of the levels."""
    last = values.shape[1] - 1 if limits[1] is None else min(limits[1], values.shape[1] - 1)
    lags = [_spread(_lagged(values, k), _both(seen), collapse) for k in range(limits[0], last + 1)]
    block = np.concatenate(lags, axis=-1)
    if not system:
        return block
    change = _lagged(values, limits[0] - 1) - _lagged(values, limits[0])
    level = _spread(change, seen, collapse)
    upper = np.concatenate([block, np.zeros_like(level)], axis=-1)
    return np.concatenate([upper, np.concatenate([np.zeros_like(block), level], axis=-1)], axis=1)


def _spread(values: np.ndarray, kept: np.ndarray, collapse: bool) -> np.ndarray:
    """Make one column of it or, uncollapsed, one for each period; what is missing is zero."""
    filled = np.where(kept & np.isfinite(values), values, 0.0)
    return filled[..., None] if collapse else filled[..., None] * np.eye(values.shape[1])


def _weight(periods: int, system: bool) -> np.ndarray:
    """Return the covariance of differences, and levels, of independent errors: h(3) of xtabond2."""
    change = np.eye(periods) - np.eye(periods, k=-1)
    rows = np.vstack([change, np.eye(periods)]) if system else change
    return rows @ rows.T


def _estimate(rows: _Rows, names: list[str], steps: int) -> DynamicFit:
    """Estimate in two steps and keep the one asked for."""
    from scipy.stats import chi2

    count = _identified(rows.z, names)
    zx, zy = np.einsum("irm,irk->imk", rows.z, rows.x), np.einsum("irm,ir->im", rows.z, rows.y)
    weight = _weight(rows.periods, rows.z.shape[1] > rows.periods)
    apart = np.einsum("irm,rs,isn->mn", rows.z, weight, rows.z, optimize=True)
    beta, bread, reach = _solve(zx, zy, apart)
    moments = zy - zx @ beta
    spread = moments.T @ moments
    robust = uncorrected = bread @ reach @ spread @ reach.T @ bread
    efficient, plain, pull = _solve(zx, zy, spread)
    left = (zy - zx @ efficient).sum(axis=0)
    optimal = np.linalg.pinv(spread, hermitian=True) @ left
    j, df = float(left @ optimal), count - len(names)
    hansen = SpecificationTest(j, float(chi2.sf(j, df)), df)
    if steps == 2:
        change = np.einsum("imk,in->kmn", zx, moments)
        d = plain @ pull @ ((change + change.transpose(0, 2, 1)) @ optimal).T
        robust = plain + d @ plain + plain @ d.T + d @ robust @ d.T
        beta, bread, reach, uncorrected = efficient, plain, pull, plain
    serial = tuple(_serial(rows, zy - zx @ beta, beta, robust, bread @ reach, order) for order in (1, 2))
    variances = pd.DataFrame([np.diag(robust), np.diag(uncorrected)], columns=names)
    errors = variances.where(variances > 0) ** 0.5
    cov, kept = pd.DataFrame(robust, names, names), pd.Series(beta, names)
    return DynamicFit(kept, cov, errors.loc[0], errors.loc[1], hansen, serial, count, rows.nobs)


def _identified(z: np.ndarray, names: list[str]) -> int:
    """Count the instruments that others do not give, or refuse fewer than coefficients."""
    scaled = (z / np.abs(z).max(axis=(0, 1))).reshape(-1, z.shape[-1])
    count = int(np.linalg.matrix_rank(scaled))
    if count < len(names):
        raise PanelError(f"{count} instruments cannot identify {len(names)} coefficients: give more lags")
    return count


def _solve(zx: np.ndarray, zy: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, (X'Z W Z'X)^-1 and X'Z W, where W is the inverse of the spread of the moments."""
    total = zx.sum(axis=0)
    reach = total.T @ np.linalg.pinv(spread, hermitian=True)
    bread = np.linalg.inv(reach @ total)
    return bread @ reach @ zy.sum(axis=0), bread, reach


def _serial(
    rows: _Rows, moments: np.ndarray, beta: np.ndarray, cov: np.ndarray, influence: np.ndarray, order: int
) -> SpecificationTest:
    """Test differenced errors for autocorrelation of an order (Arellano & Bond 1991; Roodman 2009, section 3.5)."""
    from scipy.stats import norm

    errors = (rows.y - rows.x @ beta)[:, : rows.periods]
    before = np.nan_to_num(_lagged(errors, order))
    product = (before * errors).sum(axis=1)
    moved = np.einsum("it,itk->k", before, rows.x[:, : rows.periods])
    variance = product @ product - 2 * moved @ influence @ (moments.T @ product) + moved @ cov @ moved
    z = float(product.sum() / np.sqrt(variance))
    return SpecificationTest(z, float(2 * norm.sf(abs(z))))
