"""Checks on a long panel, made before anything is estimated on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.data.panels import PanelError, require_columns, require_unique, some


class MechanismError(PanelError):
    """A moderation, mediation or group comparison was asked for that the data cannot answer."""


@dataclass(frozen=True)
class TwoWayModel:
    """A regression with unit and time effects: which columns play which part.

    Attributes
    ----------
    outcome, treatment : str
        Column names. The treatment may be 0/1 or continuous.
    controls : tuple of str
        Time-varying controls.
    unit, time : str
        The panel's keys; both get fixed effects.
    cluster : str or None
        Column to cluster by; ``None`` clusters by unit. Units must be nested in it.
    """

    outcome: str
    treatment: str
    controls: tuple[str, ...] = ()
    unit: str = "id"
    time: str = "year"
    cluster: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "controls", tuple(self.controls))

    @property
    def regressors(self) -> list[str]:
        """The treatment, then the controls."""
        return [self.treatment, *self.controls]

    @property
    def cluster_column(self) -> str:
        """The column that clusters: `cluster`, or else `unit`."""
        return self.cluster or self.unit


def prepared(frame: pd.DataFrame, model: TwoWayModel, extra: Sequence[str] = ()) -> pd.DataFrame:
    """Return the model's columns, sorted by unit and time, once they passed every check.

    Parameters
    ----------
    frame : DataFrame
        Long panel in any row order; it is not changed.
    model : TwoWayModel
        Which columns are used.
    extra : sequence of str
        Further numeric columns (a mediator, a moderator).

    Raises
    ------
    PanelError
        A column is absent or not numeric, a value is missing, or a unit has two rows in a period.
    MechanismError
        A unit lies in two clusters, there is one cluster only, or the treatment is constant.
    """
    numeric = list(dict.fromkeys([model.outcome, *model.regressors, *extra]))
    keys = [model.unit, model.time, model.cluster_column]
    require_columns(frame, numeric, keys)
    require_unique(frame, model.unit, model.time)
    columns = list(dict.fromkeys([*keys, *numeric]))
    data = frame[columns].sort_values([model.unit, model.time], ignore_index=True)
    data[numeric] = data[numeric].astype(float)
    require_constant(data, model.cluster_column, model.unit, "cluster by a level that contains whole units")
    if data[model.cluster_column].nunique() < 2:
        raise MechanismError(
            f"'{model.cluster_column}' has one value only; clustered errors need at least two clusters."
        )
    if np.ptp(data[model.treatment].to_numpy()) == 0:
        raise MechanismError(
            f"The treatment '{model.treatment}' is {data[model.treatment].iloc[0]:g} in every row, so it "
            "has no effect to estimate. Use a sample that holds treated and untreated rows."
        )
    return data


def require_constant(data: pd.DataFrame, column: str, unit: str, advice: str) -> None:
    """Refuse a column that changes within units, naming the units."""
    changing = data.groupby(unit)[column].nunique()
    changing = changing.index[changing > 1]
    if len(changing):
        raise MechanismError(
            f"'{column}' changes over time within {len(changing)} units of '{unit}': {some(changing)}. To "
            f"go on, {advice}."
        )
