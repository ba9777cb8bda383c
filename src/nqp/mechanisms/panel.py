"""Checks on a long panel, made before anything is estimated on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nqp.panel import PanelError, require_columns, require_unique, some


@dataclass(frozen=True)
class TwoWayModel:
    """A regression with unit and time effects: which columns play which part."""

    outcome: str
    treatment: str  # 0/1 or continuous
    controls: Sequence[str] = ()  # time-varying
    unit: str = "id"  # this and `time` are the panel's keys; both get fixed effects
    time: str = "year"
    cluster: str | None = None  # column to cluster by, else the unit. Units must be nested in it

    @property
    def regressors(self) -> list[str]:
        """The treatment, then the controls."""
        return [self.treatment, *self.controls]

    @property
    def cluster_column(self) -> str:
        """The column that clusters: `cluster`, or else `unit`."""
        return self.cluster or self.unit


def prepared(frame: pd.DataFrame, model: TwoWayModel, extra: Sequence[str] = ()) -> pd.DataFrame:
    """Return the model's columns and further numeric ones, sorted by unit and time.

    A PanelError names a column that is absent or not numeric, or has a missing value, and a unit with two rows in a
    period or in two clusters.
    """
    numeric = list(dict.fromkeys([model.outcome, *model.regressors, *extra]))
    keys = [model.unit, model.time, model.cluster_column]
    require_columns(frame, numeric, keys)
    require_unique(frame, model.unit, model.time)
    columns = list(dict.fromkeys([*keys, *numeric]))
    data = frame[columns].sort_values([model.unit, model.time], ignore_index=True)
    data[numeric] = data[numeric].astype(float)
    require_constant(data, model.cluster_column, model.unit, "cluster by a level that contains whole units")
    return data


def require_constant(data: pd.DataFrame, column: str, unit: str, advice: str) -> None:
    """Refuse a column that changes within units, naming the units."""
    changing = data.groupby(unit)[column].nunique()
    changing = changing.index[changing > 1]
    if len(changing):
        raise PanelError(
            f"'{column}' changes over time within {len(changing)} units of '{unit}': {some(changing)}. To "
            f"go on, {advice}."
        )
