"""Propensity scores: logit or probit, with separation and collinearity refused by name."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import PanelError, orthonormal, require_columns, some
from nqp.robustness.treatment import require_binary

Link = Literal["logit", "probit"]


def propensity_score(
    frame: pd.DataFrame, treatment: str, covariates: Sequence[str], link: Link = "logit"
) -> pd.Series:
    """Estimate the probability of treatment given covariates by maximum likelihood, without penalty, row by row.

    A PanelError refuses missing values, a treatment that is not 0/1 or does not vary, a covariate that is constant or
    collinear with those before it, and covariates that separate perfectly or nearly so (Konis 2007).
    """
    import statsmodels.api as sm

    require_columns(frame, [treatment, *covariates])
    # rows are put in an order of their own, so that the order they come in does not reach even the last bit
    rows = frame.reset_index(drop=True)[[treatment, *covariates]].astype(float)
    rows = rows.sort_values([treatment, *covariates])
    treated, values = rows[treatment].to_numpy(), rows[list(covariates)].to_numpy()
    require_both_groups(treated, treatment)
    # standardised covariates give the same fit and converge more surely
    standard = (values - values.mean(axis=0)) / np.where(np.ptp(values, axis=0) > 0, values.std(axis=0), 1.0)
    orthonormal(standard, standard, [f"covariate {name}" for name in covariates], "the constant")
    _require_overlapping(standard, treated, covariates)
    design = sm.add_constant(standard, has_constant="add")
    fit = {"logit": sm.Logit, "probit": sm.Probit}[link](treated, design).fit(disp=0, maxiter=200)
    return pd.Series(fit.predict(), index=rows.index).sort_index().set_axis(frame.index).rename("score")


def require_both_groups(treated: np.ndarray, treatment: str) -> None:
    """Refuse a treatment that is not 0/1, or of which one value is absent."""
    require_binary(treated, treatment)
    if treated.min() == treated.max():
        raise PanelError(f"treatment {treatment} is {treated.min():.0f} in every row: nothing to match")


def _require_overlapping(standard: np.ndarray, treated: np.ndarray, covariates: Sequence[str]) -> None:
    """Refuse data in which some combination of covariates never contradicts the treatment.

    Such a combination exists if and only if sum_i s_i x_i'b, with s_i = 1 for treated and -1 for others,
    can be made positive while every s_i x_i'b >= 0; the likelihood then has no maximum.
    """
    from scipy.optimize import linprog

    signed = np.column_stack([np.ones(len(standard)), standard]) * (2 * treated - 1)[:, None]
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
    if -found.fun > 1e-6 * len(signed):
        named = [name for name, b in zip(covariates, found.x[1:], strict=True) if abs(b) > 1e-6]
        raise PanelError(
            f"{some(named)} separate treated from untreated rows perfectly, alone or together: no score"
            " exists. Leave a separating covariate out, or match exactly on it"
        )
