"""Two-way demeaning, controls and adoption dates of a balanced panel."""

from collections.abc import Sequence

import numpy as np

from nqp.data.panels import Panel, some
from nqp.robustness.errors import DesignError, require_binary
from nqp.robustness.orthogonal import TOLERANCE, orthonormal


def two_way_demean(values: np.ndarray) -> np.ndarray:
    """Take unit and period means out of an array (..., N, T) of a balanced panel."""
    unit_mean = values.mean(axis=-1, keepdims=True)
    period_mean = values.mean(axis=-2, keepdims=True)
    return values - unit_mean - period_mean + values.mean(axis=(-2, -1), keepdims=True)


def orthonormal_controls(panel: Panel, controls: Sequence[str]) -> np.ndarray:
    """Return an orthonormal basis, (N*T) x K, of the two-way demeaned controls.

    Raises DesignError naming a control that the effects absorb or that the controls before it explain.
    """
    raw = [panel[name] for name in controls]
    left = [two_way_demean(values).ravel() for values in raw]
    count = len(panel.units) * len(panel.times)
    columns = (np.array(values).reshape(len(controls), count).T for values in (left, raw))
    return orthonormal(*columns, [f"control {name}" for name in controls], "the unit and period effects")


def require_varying_treatment(panel: Panel, treatment: str) -> None:
    """Refuse a treatment that unit and period effects absorb."""
    values = panel[treatment]
    left = np.square(two_way_demean(values)).sum()
    if left <= TOLERANCE * np.square(values - values.mean()).sum():
        what = "is constant within the panel" if np.ptp(values) == 0 else "is absorbed by the two-way effects"
        raise DesignError(f"treatment {treatment} {what}: its effect is not identified")


def adoption(panel: Panel, treatment: str) -> np.ndarray:
    """Return each unit's first treated period as a position 1..T-1; never-treated units have T.

    Raises DesignError unless the treatment is 0/1, stays on once on, varies, and starts after the first
    period in every treated unit.
    """
    values = panel[treatment]
    require_binary(values, treatment)
    require_varying_treatment(panel, treatment)
    reversed_ = panel.units[(np.diff(values, axis=1) < 0).any(axis=1)]
    if len(reversed_):
        raise DesignError(
            f"treatment {treatment} switches off in units {some(reversed_)}: it must stay on once on"
        )
    always = panel.units[values[:, 0] == 1]
    if len(always):
        raise DesignError(
            f"units {some(always)} are treated in the first period {panel.times[0]}: they have no period"
            " before treatment. Leave them out, or start the panel earlier"
        )
    return np.where(values.any(axis=1), values.argmax(axis=1), len(panel.times))


def require_never_treated(first: np.ndarray, periods: int, treatment: str) -> None:
    """Refuse a panel in which every unit is treated in the end."""
    if not (first == periods).any():
        raise DesignError(
            f"no unit is never treated: {treatment} reaches every unit, so nothing is left to compare"
        )
