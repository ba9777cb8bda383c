"""How this room refuses data."""

import numpy as np

from nqp.data.panels import PanelError


class DesignError(PanelError):
    """The data cannot carry the design that was asked of them; the message says why and what to do."""


def require_binary(values: np.ndarray, treatment: str) -> None:
    """Refuse a treatment that is not 0 or 1 in every row."""
    if not np.isin(values, (0.0, 1.0)).all():
        raise DesignError(f"treatment {treatment} must be 0 or 1 in every row")
