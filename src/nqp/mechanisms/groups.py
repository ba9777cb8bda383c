"""Is an effect larger in one group than in another? Tests of the difference itself."""

from typing import Any

import numpy as np
import pandas as pd

from nqp.mechanisms.panel import TwoWayModel, prepared, require_constant
from nqp.mechanisms.twoway import fit_two_way
from nqp.panel import PanelError, some, tidy_rows


def interacted_difference(
    frame: pd.DataFrame, model: TwoWayModel, group: str, values: tuple[Any, Any]
) -> pd.DataFrame:
    """Test whether the treatment's effect differs between two groups of units, in one fully interacted model.

    Treatment, every control and the time effects get one coefficient a group (unit effects lie within groups
    anyway), so estimates are those of two separate regressions. K counts regressors of both groups, one constant
    and both sets of time effects. Interacting the treatment alone answers another question.

    Parameters
    ----------
    frame, model : long panel, balanced or not, and its regression; clusters may hold units of both groups
    group : column constant within units
    values : its only two values, in both of which treatment and controls vary. Tidy rows are indexed by ``term``:
        ``group=value`` for either, and ``difference``, the first minus the second
    """
    data = grouped_panel(frame, model, group, values)
    one, two = (f"{model.treatment} [{group}={value}]" for value in values)
    wide = {
        f"{name} [{group}={value}]": data[name] * (data["first_group"] == side)
        for value, side in zip(values, (1.0, 0.0), strict=True)
        for name in model.regressors
    }
    data = pd.concat([data, pd.DataFrame(wide)], axis=1)
    fit = fit_two_way(data, model, model.outcome, list(wide), by="first_group")
    contrasts = {f"{group}={values[0]}": {one: 1.0}, f"{group}={values[1]}": {two: 1.0}}
    return fit.combine({**contrasts, "difference": {one: 1.0, two: -1.0}})


def suest_difference(
    first: tuple[pd.DataFrame, TwoWayModel], second: tuple[pd.DataFrame, TwoWayModel]
) -> pd.DataFrame:
    """Compare the treatment's coefficient in two separately estimated regressions, as Stata's suest does.

    Scores are stacked by cluster, so whatever dependence two samples or two outcomes of the same clusters have is
    in the standard error (Weesie 1999; [R] suest). Like suest, it multiplies by G/(G-1) with G all distinct
    clusters, and uses the normal distribution: for disjoint groups, `interacted_difference` without (N-1)/(N-K).

    Either is a sample and the regression to run on it; they may differ in all but the name of clusters. Tidy rows are
    indexed by ``term``: ``first``, ``second``, ``difference`` (first minus second).
    """
    if first[1].cluster_column != second[1].cluster_column:
        raise PanelError(
            f"The first regression clusters by '{first[1].cluster_column}', the second by "
            f"'{second[1].cluster_column}'. Stacking needs the same clusters."
        )
    fits = [fit_two_way(prepared(rows, m), m, m.outcome, m.regressors) for rows, m in (first, second)]
    terms = [first[1].treatment, second[1].treatment]
    parts = [fit.influence[term] for fit, term in zip(fits, terms, strict=True)]
    stacked = pd.concat(parts, axis=1, keys=["first", "second"]).fillna(0.0)
    stacked["difference"] = stacked["first"] - stacked["second"]
    variance = np.square(stacked).sum() * len(stacked) / (len(stacked) - 1)
    if variance["difference"] <= 1e-16 * variance.sum():
        raise PanelError("The two coefficients are one and the same: their difference has no error.")
    one, two = (fit.params[term] for fit, term in zip(fits, terms, strict=True))
    estimates = pd.Series([one, two, one - two], stacked.columns)
    return tidy_rows(estimates, np.sqrt(variance)).rename_axis("term")


def grouped_panel(
    frame: pd.DataFrame, model: TwoWayModel, group: str, values: tuple[Any, Any]
) -> pd.DataFrame:
    """Return the checked panel with a column ``first_group`` (1 first value, 0 second), or refuse."""
    if group not in frame.columns:
        raise PanelError(f"The panel has no column '{group}' to split by.")
    if len(set(values)) != 2:
        raise PanelError(f"Name two different values of '{group}', not {values}.")
    other = frame.loc[~frame[group].isin(values), group]
    if len(other):
        found = other.drop_duplicates().tolist()
        raise PanelError(
            f"'{group}' has {len(other)} rows that are neither {values[0]} nor {values[1]}: {some(found)}. "
            "Take out the rows you do not compare."
        )
    first = (frame[group] == values[0]).astype(float)
    data = prepared(frame.assign(first_group=first), model, ["first_group"])
    require_constant(frame, group, model.unit, "fix each unit's group at its value before anyone was treated")
    return data
