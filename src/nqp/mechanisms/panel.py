"""Checks on a long panel, made before anything is estimated on it."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


class MechanismError(ValueError):
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


def some(labels: Iterable[Hashable], most: int = 5) -> str:
    """List the first few labels for a message, and how many more there are."""
    listed = [str(label) for label in labels]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


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
    MechanismError
        A column is absent or not numeric, a value is missing, a unit has two rows in a period, a unit
        lies in two clusters, there is one cluster only, or the treatment is constant.
    """
    numeric = list(dict.fromkeys([model.outcome, *model.regressors, *extra]))
    keys = list(dict.fromkeys([model.unit, model.time, model.cluster_column]))
    columns = list(dict.fromkeys([*keys, *numeric]))
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise MechanismError(f"The panel has no column {some(absent)}; it has {some(frame.columns, 20)}.")
    _require_complete(frame[columns], numeric)
    twice = frame.loc[frame.duplicated([model.unit, model.time]), model.unit].unique()
    if len(twice):
        raise MechanismError(
            f"{len(twice)} units have more than one row in a period of '{model.time}': {some(twice)}. Keep "
            "one row a unit and period."
        )
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


def _require_complete(data: pd.DataFrame, numeric: Sequence[str]) -> None:
    text = [name for name in numeric if not pd.api.types.is_numeric_dtype(data[name].dtype)]
    if text:
        raise MechanismError(f"Columns {some(text)} are not numeric; convert them first.")
    missing = data.isna().sum()
    infinite = np.isinf(data[list(numeric)].to_numpy(float)).sum(axis=0)
    missing[list(numeric)] += infinite
    missing = missing[missing > 0]
    if len(missing):
        counts = ", ".join(f"{name} ({count})" for name, count in missing.items())
        raise MechanismError(
            f"Missing or infinite values in {counts} of {len(data)} rows. Rows are never dropped here: "
            "choose the sample yourself (for instance the years in which all columns are observed)."
        )


def require_constant(data: pd.DataFrame, column: str, unit: str, advice: str) -> None:
    """Refuse a column that changes within units, naming the units."""
    changing = data.groupby(unit)[column].nunique()
    changing = changing.index[changing > 1]
    if len(changing):
        raise MechanismError(
            f"'{column}' changes over time within {len(changing)} units of '{unit}': {some(changing)}. To "
            f"go on, {advice}."
        )


def require_balanced(data: pd.DataFrame, unit: str, time: str) -> None:
    """Refuse a panel in which some unit lacks a period, naming the units."""
    periods = data[time].nunique()
    counts = data.groupby(unit).size()
    short = counts.index[counts != periods]
    if len(short):
        raise MechanismError(
            f"This needs a balanced panel, but {len(short)} of {len(counts)} units lack some of the "
            f"{periods} periods: {some(short)}. Keep the units, or the periods, that are complete."
        )
