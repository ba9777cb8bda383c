"""Moderation: does the treatment's effect change with another variable, and where do the data say so?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from nqp.mechanisms.panel import TwoWayModel, prepared
from nqp.mechanisms.twoway import TwoWayFit, fit_two_way
from nqp.panel import PanelError

Centring = Literal["grand", "none"]


@dataclass(frozen=True)
class Moderation:
    """A two-way fixed-effects regression with a treatment x moderator interaction.

    Its support is, for each tercile of the moderator (1 lowest, ties merged), ``low, high`` (observed), ``n, n_treated,
    share_treated, treatment_sd`` (Hainmueller, Mummolo & Xu 2019); treated where the treatment is not zero. A bin with
    only treated, or only untreated, rows tells nothing about the effect there.
    """

    coefficients: pd.DataFrame  # tidy rows indexed by ``term``
    centre: float  # what was subtracted from the moderator: its mean for ``grand``, else 0
    support: pd.DataFrame
    fit: TwoWayFit
    treatment: str
    interaction: str  # name of the product's term


def moderate(
    frame: pd.DataFrame,
    model: TwoWayModel,
    moderator: str,
    *,
    centring: Centring = "grand",
    main_term: bool = True,
) -> Moderation:
    """Estimate how the treatment's effect varies with a moderator, with unit and time effects.

        y = b d + g z + h (d x z) + controls + unit and time effects,     z = moderator, centred

    Centring leaves h, its standard error, the fit and every marginal effect as they are. It moves b alone: the
    effect where the moderator is *zero* without it, at the *average* moderator with it.

    Parameters
    ----------
    frame, model : long panel, balanced or not, and its regression
    moderator : numeric column; not one of the controls
    centring : ``grand`` subtracts the mean over all rows
    main_term : ``False`` leaves the moderator itself out, which is right only when the effects absorb it

    A PanelError refuses a moderator that the effects absorb while `main_term` is true, or that does not vary among the
    treated, and treated and untreated rows whose moderators do not overlap. After Brambor, Clark & Golder (2006),
    Political Analysis 14, and Hainmueller, Mummolo & Xu (2019), ibid. 27.
    """
    if moderator in [model.outcome, *model.regressors]:
        raise PanelError(f"'{moderator}' is already in the model; take it out to moderate with it.")
    if centring not in ("grand", "none"):
        raise PanelError(f"centring is {centring!r}: choose 'grand' or 'none'")
    data = prepared(frame, model, [moderator])
    if not main_term:
        _require_absorbed(data, model, moderator)
    centre = float(data[moderator].mean()) if centring == "grand" else 0.0
    z, d = data[moderator] - centre, data[model.treatment]
    _require_support(data[moderator], d, moderator)
    interaction = f"{model.treatment} x {moderator}"
    terms = [model.treatment, *([moderator] if main_term else []), interaction, *model.controls]
    fit = fit_two_way(data.assign(**{moderator: z, interaction: d * z}), model, model.outcome, terms)
    rows = fit.combine({term: {term: 1.0} for term in terms})
    return Moderation(rows, centre, _support(data[moderator], d), fit, model.treatment, interaction)


def marginal_effects(
    moderation: Moderation, at: np.ndarray | None = None, *, points: int = 50
) -> pd.DataFrame:
    """Effect of the treatment at values of the moderator, with delta-method intervals.

    The effect at v is ``b + h (v - centre)``, with clustered variance (Brambor, Clark & Golder 2006). Values `at` are
    on the moderator's original scale; by default `points` equal steps over its observed range. Beyond, it extrapolates.
    Returns ``moderator`` and tidy columns with pointwise intervals.
    """
    if at is None:
        at = np.linspace(moderation.support["low"].min(), moderation.support["high"].max(), points)
    values = np.atleast_1d(np.asarray(at, dtype=float))
    slope = {moderation.interaction: values - moderation.centre, moderation.treatment: 1.0}
    rows = moderation.fit.combine(pd.DataFrame(slope).to_dict("index")).reset_index(drop=True)
    rows.insert(0, "moderator", values)
    return rows


def johnson_neyman(moderation: Moderation) -> np.ndarray:
    """Values of the moderator at which the effect begins or ceases to differ from zero at 5 %, in increasing order.

    They solve ``(b + h m)^2 = t^2 (V_bb + 2 m V_bh + m^2 V_hh)`` with ``m = v - centre``, clustered V and t with G - 1
    degrees of freedom (Johnson & Neyman 1936; Bauer & Curran 2005): two values, or none. They may lie outside the data,
    and are not adjusted for the search over values.
    """
    fit, terms = moderation.fit, [moderation.treatment, moderation.interaction]
    (b, h), v = fit.params[terms], fit.cov.loc[terms, terms].to_numpy()
    t2 = stats.t.ppf(0.975, fit.n_clusters - 1) ** 2
    roots = np.roots([h**2 - t2 * v[1, 1], 2 * (b * h - t2 * v[0, 1]), b**2 - t2 * v[0, 0]])
    return moderation.centre + np.sort(roots.real[np.isreal(roots)])


def _support(moderator: pd.Series, treatment: pd.Series) -> pd.DataFrame:
    """Return the table that `Moderation.support` describes."""
    codes = pd.qcut(moderator, 3, labels=False, duplicates="drop")
    data = pd.DataFrame({"bin": codes, "z": moderator, "d": treatment, "on": treatment != 0})
    cells = {"low": ("z", "min"), "high": ("z", "max"), "n": ("z", "size"), "n_treated": ("on", "sum")}
    cells |= {"share_treated": ("on", "mean"), "treatment_sd": ("d", "std")}
    table = data.groupby("bin").agg(**cells)
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="bin"))


def _require_absorbed(data: pd.DataFrame, model: TwoWayModel, moderator: str) -> None:
    """Refuse to leave out the main term of a moderator that varies within units and across them."""
    if min(data.groupby(key)[moderator].nunique().max() for key in (model.unit, model.time)) > 1:
        raise PanelError(
            f"The moderator '{moderator}' varies within units and across them; without its main term the "
            "interaction would pick it up. Keep main_term=True."
        )


def _require_support(z: pd.Series, treatment: pd.Series, moderator: str) -> None:
    on, off = z[treatment != 0], z[treatment == 0]
    if max(on.min(), off.min()) > min(on.max(), off.max()):  # never true of a treatment that is never zero
        raise PanelError(
            f"No common support: the moderator '{moderator}' is {on.min():g} to {on.max():g} in treated "
            f"rows and {off.min():g} to {off.max():g} in untreated ones. The interaction would be pure "
            "extrapolation."
        )
