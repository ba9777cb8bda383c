"""Misallocation of capital and labour between regions: how far their shares are from the efficient ones."""

import numpy as np
import pandas as pd

from nqp.panel import PanelError, balanced_panel, require_columns, some


def misallocation(
    frame: pd.DataFrame, output: str, capital: str, labour: str, *, period: str, elasticity: float | str
) -> pd.DataFrame:
    """Return the distortion of each factor in each region, from actual against efficient shares.

    Regions produce with constant returns and sell at one price, so that a factor is allocated efficiently where its
    marginal product is the same everywhere (Hsieh & Klenow 2009; between regions Bai & Liu 2018, as Ye 2024 states it,
    equations 5 and 6). With s a region's share of output in a period, ``beta = sum(s beta_i)``, and K_i / K its share
    of capital::

        gamma = (K_i / K) / (s beta_i / beta)        tau = 1 / gamma - 1

    tau is above zero where a region has too little of the factor. Weighted by factor shares it is zero in every
    period, whatever the distortions: their common level is not identified, ratios of ``1 + tau`` are. With one
    elasticity for all, tau compares output per unit of the factor with the nation's, and the elasticity cancels.

    Parameters
    ----------
    frame : one row a region and period; all regions of the nation, since their sums make the shares
    output, capital, labour : columns above zero; output at current prices
    period : column
    elasticity : of output with respect to capital, between 0 and 1, or a column with that of each row's region;
        labour's is one less it

    Columns are ``tau_capital, tau_labour``, and ``M_cap, M_lab, M_all``, their absolute values and the sum, on the
    index of `frame`. A PanelError names what is not above zero, or an elasticity outside (0, 1).
    """
    own = [elasticity] if isinstance(elasticity, str) else []
    require_columns(frame, [output, capital, labour, *own], [period])
    _require_positive(frame, [output, capital, labour])
    of_capital = frame[elasticity] if own else pd.Series(float(elasticity), frame.index)
    if (outside := of_capital[(of_capital <= 0) | (of_capital >= 1)]).size:
        raise PanelError(
            f"{len(outside)} of {len(frame)} elasticities of capital are not between 0 and 1: "
            f"{some(outside.round(3).unique())}. Use one elasticity for all, or bound them and say so."
        )
    taus = {}
    for name, factor, beta in (("capital", capital, of_capital), ("labour", labour, 1 - of_capital)):
        efficient = _share(frame[output] * beta, frame[period])
        taus[f"tau_{name}"] = efficient / _share(frame[factor], frame[period]) - 1
    sizes = {"M_cap": taus["tau_capital"].abs(), "M_lab": taus["tau_labour"].abs()}
    return pd.DataFrame({**taus, **sizes, "M_all": sizes["M_cap"] + sizes["M_lab"]})


def perpetual_inventory(
    frame: pd.DataFrame,
    investment: str,
    *,
    unit: str,
    period: str,
    depreciation: float,
    growth: float | pd.Series,
) -> pd.Series:
    """Return the capital stock at each period's end, on the index of `frame`.

    ``K_t = (1 - depreciation) K_{t-1} + I_t``, from ``K_0 = I_0 / (depreciation + growth)`` (Hall & Jones 1999). Where
    investment has always grown at that rate the stock is larger by the factor ``1 + growth``.

    Parameters
    ----------
    frame : balanced; a PanelError refuses periods that do not follow one another
    investment : column at constant prices, above zero
    unit, period : columns
    depreciation, growth : shares a period; growth is that before the first one, for all or a Series by unit. A
        PanelError names units in which both do not sum to more than zero
    """
    _require_positive(frame, [investment])
    panel = balanced_panel(frame, [investment], unit, period)
    if (np.diff(panel.times) != 1).any():
        raise PanelError(f"'{investment}' skips periods: a stock needs every one from the first to the last.")
    grown = growth if isinstance(growth, pd.Series) else pd.Series(growth, panel.units)
    rate = depreciation + grown.reindex(panel.units)
    if len(bad := rate.index[~(rate > 0)]):
        raise PanelError(f"no start for {some(bad)}: depreciation + growth is not above zero")
    stocks = [panel[investment][:, 0] / rate.to_numpy()]
    for flow in panel[investment].T[1:]:
        stocks.append((1 - depreciation) * stocks[-1] + flow)
    row, column = (pd.Index(k).get_indexer(frame[n]) for k, n in ((panel.units, unit), (panel.times, period)))
    return pd.Series(np.array(stocks)[column, row], frame.index)


def _share(values: pd.Series, period: pd.Series) -> pd.Series:
    return values / values.groupby(period).transform("sum")


def _require_positive(frame: pd.DataFrame, names: list[str]) -> None:
    if low := [name for name in names if (frame[name] <= 0).any()]:
        raise PanelError(f"{some(low)}: not above zero everywhere, so that it has no share or stock")
