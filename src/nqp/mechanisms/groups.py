"""Is an effect larger in one group than in another? Tests of the difference itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nqp.data.panels import some
from nqp.mechanisms.panel import MechanismError, TwoWayModel, prepared, require_constant
from nqp.mechanisms.twoway import fit_two_way, tidy_row


@dataclass(frozen=True)
class CoefficientDifference:
    """Two coefficients and the test of their difference.

    Attributes
    ----------
    table : DataFrame
        Indexed by ``term``: the first coefficient, the second, and ``difference`` (first minus second), each
        with estimate, standard error, statistic, p-value and interval.
    convention : str
        Which small-sample factor and reference distribution were used.
    n_obs, n_clusters : int
        Rows and distinct clusters behind the difference.
    """

    table: pd.DataFrame
    convention: str
    n_obs: int
    n_clusters: int


def interacted_difference(
    frame: pd.DataFrame, model: TwoWayModel, group: str, values: tuple[Any, Any], *, level: float = 0.95
) -> CoefficientDifference:
    """Test whether the treatment's effect differs between two groups of units, in one fully interacted model.

    Treatment, every control and the time effects get one coefficient a group (unit effects lie within groups
    anyway), so the point estimates are those of the two separate regressions, and the difference has a
    standard error (clustered, so that clusters with units in both groups are allowed).

    Interacting the treatment alone, with common controls and time effects, answers another question and gives
    other numbers.

    Parameters
    ----------
    frame : DataFrame
        Long panel, rows in any order; it may be unbalanced.
    model : TwoWayModel
        Outcome, treatment, controls, keys, clusters.
    group : str
        Column constant within units.
    values : pair
        The two values of `group`; the difference is the first minus the second. Rows with any other value are
        refused: take them out first.
    level : float
        Confidence level.

    Returns
    -------
    CoefficientDifference
        Terms are ``group=value``. K counts regressors of both groups, one constant, and both sets of time
        effects.

    Raises
    ------
    PanelError, MechanismError
        A group that changes within units, other values, a group in which the treatment does not vary or, for
        a 0/1 treatment, in which no unit is treated or none is never treated; anything
        `nqp.mechanisms.panel.prepared` refuses.
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
    table = pd.DataFrame(
        {
            f"{group}={values[0]}": fit.combine({one: 1.0}, level),
            f"{group}={values[1]}": fit.combine({two: 1.0}, level),
            "difference": fit.combine({one: 1.0, two: -1.0}, level),
        }
    ).T.rename_axis("term")
    convention = f"G/(G-1) x (N-1)/(N-{fit.n_params}), t({fit.n_clusters - 1})"
    return CoefficientDifference(table, convention, fit.n_obs, fit.n_clusters)


def suest_difference(
    first: tuple[pd.DataFrame, TwoWayModel], second: tuple[pd.DataFrame, TwoWayModel], *, level: float = 0.95
) -> CoefficientDifference:
    """Compare the treatment's coefficient in two separately estimated regressions, as Stata's suest does.

    The regressions may differ in sample, outcome, treatment or controls. Their scores are stacked by cluster,
    so whatever dependence two samples or two outcomes of the same clusters have is in the standard error
    (Weesie 1999; [R] suest, methods and formulas). Like suest, it multiplies by G/(G-1) with G all distinct
    clusters, uses no other small-sample factor, and the normal distribution.

    For two disjoint groups it is `interacted_difference` without the factor (N-1)/(N-K). Stata's suest does
    not take fixed-effects commands; this is what it gives after dummies, or demeaning by hand.

    Parameters
    ----------
    first, second : pair of DataFrame and TwoWayModel
        A sample and the regression to run on it. Cluster labels must mean the same in both.
    level : float
        Confidence level.

    Returns
    -------
    CoefficientDifference
        Terms are ``first``, ``second``, ``difference`` (first minus second).

    Raises
    ------
    PanelError, MechanismError
        Cluster columns of the two models differ in name; the two regressions are the same one; anything
        `nqp.mechanisms.panel.prepared` refuses.
    """
    if first[1].cluster_column != second[1].cluster_column:
        raise MechanismError(
            f"The first regression clusters by '{first[1].cluster_column}', the second by "
            f"'{second[1].cluster_column}'. Stacking needs the same clusters."
        )
    samples = [prepared(*equation) for equation in (first, second)]
    fits = [
        fit_two_way(data, model, model.outcome, model.regressors)
        for data, (_, model) in zip(samples, (first, second), strict=True)
    ]
    terms = [first[1].treatment, second[1].treatment]
    stacked = pd.concat(
        [fit.influence[term] for fit, term in zip(fits, terms, strict=True)], axis=1, keys=["first", "second"]
    ).fillna(0.0)
    clusters = len(stacked)
    cov = (stacked.T @ stacked).to_numpy() * clusters / (clusters - 1)
    estimates = np.array([fit.params[term] for fit, term in zip(fits, terms, strict=True)])
    if np.array([1, -1]) @ cov @ [1, -1] <= 1e-16 * np.trace(cov):
        raise MechanismError(
            "The two coefficients are one and the same, so their difference has no error to test it by."
        )
    contrasts = {"first": [1.0, 0.0], "second": [0.0, 1.0], "difference": [1.0, -1.0]}
    table = pd.DataFrame(
        {
            name: tidy_row(float(np.dot(w, estimates)), float(np.sqrt(w @ cov @ w)), level=level)
            for name, w in ((name, np.array(w)) for name, w in contrasts.items())
        }
    ).T.rename_axis("term")
    return CoefficientDifference(table, "G/(G-1), normal", sum(fit.n_obs for fit in fits), clusters)


def grouped_panel(
    frame: pd.DataFrame, model: TwoWayModel, group: str, values: tuple[Any, Any]
) -> pd.DataFrame:
    """Return the checked panel with a column ``first_group`` (1 first value, 0 second), or refuse."""
    if group not in frame.columns:
        raise MechanismError(f"The panel has no column '{group}' to split by.")
    if len(set(values)) != 2:
        raise MechanismError(f"Name two different values of '{group}', not {values}.")
    other = frame.loc[~frame[group].isin(values), group]
    if len(other):
        found = other.drop_duplicates().tolist()
        raise MechanismError(
            f"'{group}' has {len(other)} rows that are neither {values[0]} nor {values[1]}: {some(found)}. "
            "Take out the rows you do not compare."
        )
    labelled = frame.assign(first_group=(frame[group] == values[0]).astype(float))
    data = prepared(labelled, model, ["first_group"])
    require_constant(
        data.rename(columns={"first_group": group}),
        group,
        model.unit,
        "fix each unit's group at its value before anyone was treated",
    )
    for value, side in zip(values, (1.0, 0.0), strict=True):
        _require_treatment_varies(data[data["first_group"] == side], model, f"{group}={value}")
    return data


def _require_treatment_varies(part: pd.DataFrame, model: TwoWayModel, label: str) -> None:
    treatment = part.groupby(model.unit)[model.treatment]
    if set(part[model.treatment].unique()) <= {0.0, 1.0}:
        ever = treatment.max() > 0
        if not ever.any():
            raise MechanismError(f"No unit with {label} is ever treated, so it has no effect to compare.")
        if ever.all():
            raise MechanismError(
                f"Every unit with {label} is treated at some time; none is never treated, so its effect "
                "would rest on comparing early with late adopters. Choose another grouping."
            )
    elif (treatment.max() - treatment.min()).max() == 0:
        raise MechanismError(f"'{model.treatment}' is constant over time in every unit with {label}.")
