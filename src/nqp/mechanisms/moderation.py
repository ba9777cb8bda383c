"""Moderation: does the treatment's effect change with another variable, and where do the data say so?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.mechanisms.panel import MechanismError, TwoWayModel, prepared
from nqp.mechanisms.twoway import TwoWayFit, fit_two_way

Centring = Literal["grand", "group", "none"]


@dataclass(frozen=True)
class Moderation:
    """A two-way fixed-effects regression with a treatment x moderator interaction.

    Attributes
    ----------
    coefficients : DataFrame
        Indexed by ``term`` (treatment, moderator unless left out, ``treatment x moderator``, controls), with
        estimate, clustered standard error, statistic, p-value and t(G-1) interval.
    centre : float
        What was subtracted from the moderator: its mean for ``grand``, else 0.
    centring : str
        ``grand``, ``group`` or ``none``.
    support : DataFrame
        `treated_by_bin` of the moderator as used.
    overlap : tuple of float
        Range of the moderator, on the original scale (for ``group``: of the deviations), in which both
        treated and untreated rows lie.
    fit : TwoWayFit
        The regression itself.
    treatment, moderator : str
        Names; the interaction is called ``treatment x moderator``.
    """

    coefficients: pd.DataFrame
    centre: float
    centring: Centring
    support: pd.DataFrame
    overlap: tuple[float, float]
    fit: TwoWayFit
    treatment: str
    moderator: str

    @property
    def interaction(self) -> str:
        """Name of the interaction term."""
        return f"{self.treatment} x {self.moderator}"


def moderate(
    frame: pd.DataFrame,
    model: TwoWayModel,
    moderator: str,
    *,
    centring: Centring = "grand",
    group: str | None = None,
    main_term: bool = True,
    bins: int = 3,
    level: float = 0.95,
) -> Moderation:
    """Estimate how the treatment's effect varies with a moderator, with unit and time effects.

        y = b d + g z + h (d x z) + controls + unit and time effects,     z = moderator, centred

    What centring changes, and what not. Subtracting the grand mean leaves the interaction h, its standard
    error, the fit and every marginal effect as they are. It changes the main term b: the effect where the
    moderator is *zero* without centring, the effect at the *average* moderator with it. A main term that
    gains or loses its stars by centring is not a finding. Centring within groups is another model: z is then
    the deviation from the group's mean, h uses within-group differences alone, and all terms change.

    Parameters
    ----------
    frame : DataFrame
        Long panel, rows in any order; it may be unbalanced.
    model : TwoWayModel
        Outcome, treatment, controls, keys, clusters.
    moderator : str
        Numeric column; not one of the controls.
    centring : {"grand", "group", "none"}
        ``grand`` subtracts the mean over all rows, ``group`` the mean within `group`.
    group : str, optional
        Column for ``group`` centring (a unit, a province); required there, refused elsewhere.
    main_term : bool
        ``False`` leaves the moderator itself out, which is right only when the effects absorb it.
    bins : int
        Quantile bins of the support table; three are the terciles of Hainmueller et al.
    level : float
        Confidence level.

    Returns
    -------
    Moderation

    Raises
    ------
    PanelError, MechanismError
        A moderator that the effects absorb while `main_term` is true, or that does not vary among the
        treated; treated and untreated rows whose moderators do not overlap; anything
        `nqp.mechanisms.panel.prepared` refuses.

    References
    ----------
    Brambor, Clark & Golder (2006), Political Analysis 14; Hainmueller, Mummolo & Xu (2019), Political
    Analysis 27.
    """
    if moderator in [model.outcome, *model.regressors]:
        raise MechanismError(
            f"'{moderator}' is already in the model; take it out of the controls to moderate with it."
        )
    labelled, groups = _with_group(frame, centring, group)
    data = prepared(labelled, model, [moderator, *groups])
    _require_main_term_identified(data, model, moderator, main_term)
    centre = float(data[moderator].mean()) if centring == "grand" else 0.0
    means = data.groupby(groups[0])[moderator].transform("mean") if groups else centre
    z = data[moderator] - means
    overlap = _overlap(z + centre, data[model.treatment], moderator)
    interaction = f"{model.treatment} x {moderator}"
    data = data.assign(**{moderator: z, interaction: data[model.treatment] * z})
    terms = [model.treatment, *([moderator] if main_term else []), interaction, *model.controls]
    fit = fit_two_way(data, model, model.outcome, terms)
    table = pd.DataFrame({term: fit.combine({term: 1.0}, level) for term in terms}).T.rename_axis("term")
    support = treated_by_bin(z + centre, data[model.treatment], bins)
    return Moderation(table, centre, centring, support, overlap, fit, model.treatment, moderator)


def marginal_effects(
    moderation: Moderation, at: np.ndarray | None = None, *, points: int = 50, level: float = 0.95
) -> pd.DataFrame:
    """Effect of the treatment at values of the moderator, with delta-method intervals.

    The effect at v is ``b + h (v - centre)`` with variance ``V_bb + (v - centre)^2 V_hh + 2 (v - centre)
    V_bh`` (Brambor, Clark & Golder 2006), V clustered. It does not depend on grand-mean centring.

    Parameters
    ----------
    moderation : Moderation
        From `moderate`.
    at : array, optional
        Values on the moderator's original scale (for ``group`` centring: deviations). Default: `points` equal
        steps over its observed range.
    points : int
        Number of steps.
    level : float
        Pointwise confidence level.

    Returns
    -------
    DataFrame
        ``moderator, estimate, std_error, statistic, p_value, conf_low, conf_high, supported``; `supported` is
        false where treated and untreated rows do not overlap, so that the line is extrapolation.
    """
    if at is None:
        at = np.linspace(moderation.support["low"].min(), moderation.support["high"].max(), points)
    values = np.atleast_1d(np.asarray(at, dtype=float))
    rows = [
        moderation.fit.combine(
            {moderation.treatment: 1.0, moderation.interaction: v - moderation.centre}, level
        )
        for v in values
    ]
    table = pd.DataFrame(rows)
    table.insert(0, "moderator", values)
    low, high = moderation.overlap
    bins = moderation.support
    place = np.clip(np.searchsorted(bins["low"], values, side="right") - 1, 0, len(bins) - 1)
    informative = bins["treatment_sd"].to_numpy()[place] > 0
    return table.assign(supported=(values >= low) & (values <= high) & informative)


def treated_by_bin(moderator: pd.Series, treatment: pd.Series, bins: int = 3) -> pd.DataFrame:
    """Show how many treated rows each quantile bin of the moderator holds (Hainmueller, Mummolo & Xu 2019).

    A bin without treated, or without untreated, rows tells nothing about the effect there, whatever the
    straight line through the other bins says.

    Parameters
    ----------
    moderator, treatment : Series
        Same rows. A row counts as treated where the treatment is not zero.
    bins : int
        Quantile bins; bins with equal edges (ties) are merged.

    Returns
    -------
    DataFrame
        Indexed by ``bin`` (1 lowest): ``low, high`` (observed), ``n, n_treated, share_treated,
        treatment_sd``. For a continuous treatment read ``treatment_sd``: without spread there is no effect to
        see.
    """
    codes = pd.qcut(moderator, bins, labels=False, duplicates="drop")
    data = pd.DataFrame({"bin": codes, "z": moderator, "d": treatment.astype(float), "on": treatment != 0})
    table = data.groupby("bin").agg(
        low=("z", "min"),
        high=("z", "max"),
        n=("z", "size"),
        n_treated=("on", "sum"),
        share_treated=("on", "mean"),
        treatment_sd=("d", "std"),
    )
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="bin"))


def _with_group(frame: pd.DataFrame, centring: Centring, group: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Add the centring group as integer codes, so that it may hold text."""
    if centring not in ("grand", "group", "none"):
        raise MechanismError(f"Centring is 'grand', 'group' or 'none', not {centring!r}.")
    if (centring == "group") != (group is not None):
        raise MechanismError(
            "Give `group` with centring='group', and only there: it names the column to centre within."
        )
    if group is None:
        return frame, []
    if group not in frame.columns or frame[group].isna().any():
        raise MechanismError(
            f"The centring group '{group}' is not a column of the panel, or has missing values."
        )
    return frame.assign(centring_group=pd.factorize(frame[group])[0]), ["centring_group"]


def _require_main_term_identified(
    data: pd.DataFrame, model: TwoWayModel, moderator: str, main_term: bool
) -> None:
    fixed = data.groupby(model.unit)[moderator].transform("first").eq(data[moderator]).all()
    common = data.groupby(model.time)[moderator].transform("first").eq(data[moderator]).all()
    if main_term and (fixed or common):
        where = (
            f"constant within every unit of '{model.unit}'"
            if fixed
            else f"the same for all units in each '{model.time}'"
        )
        raise MechanismError(
            f"The moderator '{moderator}' is {where}, so the fixed effects absorb its main term. The "
            "interaction is still identified: pass main_term=False to leave the main term out on purpose."
        )
    if not main_term and not (fixed or common):
        raise MechanismError(
            f"The moderator '{moderator}' varies within units and across them; without its main term the "
            "interaction would pick it up. Keep main_term=True."
        )


def _overlap(z: pd.Series, treatment: pd.Series, moderator: str) -> tuple[float, float]:
    on, off = z[treatment != 0], z[treatment == 0]
    if np.ptp(on.to_numpy()) == 0:
        raise MechanismError(
            f"The moderator '{moderator}' is {on.iloc[0]:g} in all {len(on)} treated rows: its interaction "
            "repeats the treatment."
        )
    if off.empty:  # a continuous treatment that is never zero: every value is as good as observed
        return float(on.min()), float(on.max())
    low, high = max(on.min(), off.min()), min(on.max(), off.max())
    if low > high:
        raise MechanismError(
            f"No common support: the moderator '{moderator}' is {on.min():g} to {on.max():g} in treated "
            f"rows and {off.min():g} to {off.max():g} in untreated ones. The interaction would be pure "
            "extrapolation."
        )
    return float(low), float(high)
