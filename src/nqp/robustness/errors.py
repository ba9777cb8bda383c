"""How this room refuses data."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


class DesignError(ValueError):
    """The data cannot carry the design that was asked of them; the message says why and what to do."""


def some(labels: Sequence[object], most: int = 5) -> str:
    """Write the first few labels, and how many more there are."""
    shown = ", ".join(str(label) for label in list(labels)[:most])
    return shown if len(labels) <= most else f"{shown} and {len(labels) - most} more"


def require_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a frame that lacks a column, or holds missing or infinite values in one."""
    if absent := [name for name in columns if name not in frame.columns]:
        raise DesignError(f"the frame has no column {some(absent)}; it has {some(list(frame.columns), 12)}")
    bad = [name for name in dict.fromkeys(columns) if not _complete(frame[name])]
    if bad:
        raise DesignError(f"missing or infinite values in {some(bad)}: drop or fill them before estimation")


def _complete(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return bool(np.isfinite(values.to_numpy(dtype=float, na_value=np.nan)).all())
    return not values.isna().any()


def require_binary(values: np.ndarray, treatment: str) -> None:
    """Refuse a treatment that is not 0 or 1 in every row."""
    if not np.isin(values, (0.0, 1.0)).all():
        raise DesignError(f"treatment {treatment} must be 0 or 1 in every row")
