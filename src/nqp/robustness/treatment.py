"""What a design needs of a treatment, and the controls of a balanced panel."""

from collections.abc import Sequence

import numpy as np

from nqp.panel import PanelError, orthonormal, some, within
from nqp.panel.frames import Panel


def require_binary(values: np.ndarray, treatment: str) -> None:
    """Refuse a treatment that is not 0 or 1 in every row."""
    if not np.isin(values, (0.0, 1.0)).all():
        raise PanelError(f"treatment {treatment} must be 0 or 1 in every row")


def adoption(panel: Panel, treatment: str) -> np.ndarray:
    """Return each unit's first treated period as a position 1..T-1, T where never treated, or refuse the treatment."""
    values = panel[treatment]
    require_binary(values, treatment)
    net_basis(panel, [treatment], "treatment")
    reversed_ = panel.units[(np.diff(values, axis=1) < 0).any(axis=1)]
    if len(reversed_):
        raise PanelError(f"treatment {treatment} switches off in units {some(reversed_)}: it must stay on")
    always = panel.units[values[:, 0] == 1]
    if len(always):
        raise PanelError(
            f"units {some(always)} are treated in the first period {panel.times[0]}: they have no period"
            " before treatment. Leave them out, or start the panel earlier"
        )
    return np.where(values.any(axis=1), values.argmax(axis=1), len(panel.times))


def net_basis(panel: Panel, names: Sequence[str], role: str = "control") -> np.ndarray:
    """Return an orthonormal basis, (N*T) x K, of variables net of both effects, or refuse one by name and role."""
    shape = len(names), panel.values[0].size
    raw = np.array([panel[name] for name in names]).reshape(shape)
    net = np.array([within(panel[name]) for name in names]).reshape(shape)
    return orthonormal(net.T, raw.T, [f"{role} {name}" for name in names], "the unit and period effects")
