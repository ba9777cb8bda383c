"""Two-way fixed effects by linearmodels and pyfixest at once, which must agree."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from nqp.panel.frames import PanelError, require_columns, require_unique
from nqp.panel.means import net_of, orthonormal
from nqp.panel.small_sample import positive_semidefinite, small_sample
from nqp.panel.tidy import COLUMNS, tidy, tidy_rows

AGREE = 1e-8
"""Largest gap between the engines, relative to the size of estimate and standard error."""


def two_way(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    *,
    unit: str,
    time: str,
    cluster: str | Sequence[str] | None = None,
    cov_type: Literal["clustered", "robust"] = "clustered",
) -> pd.DataFrame:
    """Regress with unit and time effects, in two engines.

    Estimates and plain sandwich errors come from linearmodels and pyfixest, which absorb the effects by different
    algorithms, and must agree; the small-sample factor of Stata's reghdfe is then put on linearmodels'. Errors
    clustered two ways are first made positive semi-definite (see `positive_semidefinite`), which neither engine does.

    Parameters
    ----------
    frame : long panel, rows in any order, balanced or not. Units of one row are kept; take them out first where
        the paper's program does
    outcome, regressors, unit : columns, the first two of numbers
    time : column of periods, or of cells that bind a period (province-years); a unit has one row in each
    cluster : column to cluster by, or two of them; by default the unit
    cov_type : ``clustered``, or ``robust`` to unequal variances alone

    Columns are those of `tidy`, a row a regressor and one named ``Intercept``; and ``convention``, which says factor
    and degrees of freedom, and ``gap``, how far the engines are apart (missing for the constant, which pyfixest does
    not give). A PanelError refuses columns that cannot be used, an empty sample, a repeated unit and period, fewer
    than two clusters, an outcome or regressor that is constant or absorbed or collinear, and engines that disagree.
    """
    names = [outcome, *regressors]
    by = [] if cov_type == "robust" else [unit] if cluster is None else np.atleast_1d(cluster).tolist()
    _check(frame, names, unit, time, by)
    coded = pd.DataFrame({f"x{k}": frame[name].to_numpy(float) for k, name in enumerate(names)})
    keys = {key: pd.factorize(frame[key], sort=True)[0] for key in (unit, time, *by)}
    scale, df = small_sample(len(frame), len(regressors), [keys[unit], keys[time]], [keys[key] for key in by])
    coded = coded.assign(unit=keys[unit], time=keys[time], **{f"c{k}": keys[key] for k, key in enumerate(by)})
    first = _linearmodels(coded, len(regressors), len(by))
    second = _pyfixest(coded, len(regressors), len(by))
    gap = _gap(tidy(first).set_index("term"), tidy(second).set_index("term"), list(regressors))
    rows = tidy(first, df=df, se_scale=scale).set_index("term").loc[[*gap.index, "Intercept"]]
    if len(by) > 1:
        cov = first.cov.loc[gap.index, gap.index].to_numpy()
        repaired = positive_semidefinite(cov, coded[gap.index].std().to_numpy())
        error = scale * np.sqrt(np.diag(repaired))
        rows.loc[gap.index, COLUMNS] = tidy_rows(rows.loc[gap.index, "estimate"], error, df=df)
    rows = rows.rename(index=dict(zip(gap.index, regressors, strict=True))).reset_index()
    said = f"reghdfe, {' and '.join(by) or 'robust'}: factor {scale:.6f}, t({df:g})"
    return rows.assign(convention=said, gap=[*gap, np.nan])


def _check(frame: pd.DataFrame, names: list[str], unit: str, time: str, by: list[str]) -> None:
    """Refuse what an engine would answer with a panic or a wrong number."""
    require_columns(frame, names, [unit, time, *by])
    if frame.empty:
        raise PanelError(
            f"no rows are left to regress {names[0]} on {', '.join(names[1:])}: widen the sample"
        )
    require_unique(frame, unit, time)
    raw = frame[names].to_numpy(float)
    net = net_of(raw, frame[unit], frame[time])
    effects = f"the effects of {unit} and {time}"
    orthonormal(net[:, :1], raw[:, :1], [f"the outcome {names[0]}"], effects)
    orthonormal(net[:, 1:], raw[:, 1:], names[1:], effects)


def _linearmodels(coded: pd.DataFrame, regressors: int, levels: int) -> Any:
    """Fit PanelOLS with plain sandwich errors."""
    from linearmodels import PanelOLS

    indexed = coded.set_index(["unit", "time"], drop=False).rename_axis(["i", "t"])
    x = indexed[[f"x{k + 1}" for k in range(regressors)]].assign(Intercept=1.0)
    options = {"debiased": False, "auto_df": False, "count_effects": False}
    if levels:
        clusters = indexed[[f"c{k}" for k in range(levels)]]
        options |= {"cov_type": "clustered", "clusters": clusters, "group_debias": False}
    else:
        options |= {"cov_type": "robust"}
    return PanelOLS(indexed["x0"], x, entity_effects=True, time_effects=True).fit(**options)


def _pyfixest(coded: pd.DataFrame, regressors: int, levels: int) -> Any:
    """Fit feols with plain sandwich errors; columns are renamed, since it stumbles over some names and types."""
    import pyfixest as pf

    vcov = {"CRV1": "+".join(f"c{k}" for k in range(levels))} if levels else "hetero"
    formula = f"x0 ~ {' + '.join(f'x{k + 1}' for k in range(regressors))} | unit + time"
    options = {"ssc": pf.ssc(k_adj=False, G_adj=False), "demeaner": pf.MapDemeaner(fixef_tol=1e-12)}
    return pf.feols(formula, coded, vcov=vcov, fixef_rm="none", **options)


def _gap(first: pd.DataFrame, second: pd.DataFrame, regressors: list[str]) -> pd.Series:
    """Return the relative gap of estimate or standard error for each regressor, or refuse the largest."""
    both = ["estimate", "std_error"]
    terms = [f"x{k + 1}" for k in range(len(regressors))]
    apart = (first.loc[terms, both] - second.reindex(terms)[both]).abs().max(axis=1)
    gap = apart / first.loc[terms, both].abs().sum(axis=1)
    if not (gap <= AGREE).all():
        worst = int(np.argmax(gap.fillna(np.inf)))
        raise PanelError(
            f"linearmodels and pyfixest disagree on {regressors[worst]} by {gap.iloc[worst]:.1e} of its size:"
            f" {first.loc[terms[worst], 'estimate']:.10g} and {second['estimate'].get(terms[worst], np.nan):.10g}."
            " Look for a regressor that is nearly absorbed or collinear"
        )
    return gap
