"""Coupling coordination (耦合协调度): do several subsystems stand high, and equally high?"""

import numpy as np
import pandas as pd

from nqp.panel import require_columns


def coupling_coordination(subsystems: pd.DataFrame, *, form: str = "standard") -> pd.DataFrame:
    """Return coupling degree C, coordination index T (the mean), and D = sqrt(C T), the coupling coordination degree.

    With n subsystems u between 0 and 1, ``standard`` is their geometric over their arithmetic mean,
    ``C = n (u_1 ... u_n)^(1/n) / (u_1 + ... + u_n)``: 1 where all are equal, however low, and 0 where one is 0.
    ``without n`` leaves the factor n out, so that C never passes 1/n: the lost coefficient of many papers. ``modified``
    multiplies one minus the mean gap of pairs by ``(prod u / max u)^(1/(n-1))`` and takes the root, which spreads C out
    (Wang, Kong, Ren, Zhi & Dai 2021, Journal of Natural Resources 36(3), on all three). Where all are 0, C is 0.

    `subsystems` are (rows, n >= 2), values from 0 to 1; columns ``C, T, D`` come back, rows as given. PanelError and
    ValueError refuse gaps, values outside 0 to 1, and an unknown form.
    """
    require_columns(subsystems, list(subsystems.columns))
    u, n = subsystems.to_numpy(dtype=float), subsystems.shape[1]
    if n < 2 or (u < 0).any() or (u > 1).any():
        raise ValueError("coupling needs two or more subsystems, from 0 to 1; scale with min_max() first")
    highest = u.max(axis=1)
    relative = u / np.where(highest > 0, highest, 1)[:, None]
    product, total = relative.prod(axis=1), np.maximum(relative.sum(axis=1), 1)
    if form in ("standard", "without n"):
        degree = product ** (1 / n) / total * (n if form == "standard" else 1)
    elif form == "modified":
        gaps = np.mean([np.abs(u[:, i] - u[:, j]) for i in range(n) for j in range(i)], axis=0)
        degree = np.sqrt((1 - gaps) * product ** (1 / (n - 1)))
    else:
        raise ValueError(f"form is {form!r}; use standard, without n or modified")
    index = u.mean(axis=1)
    return pd.DataFrame({"C": degree, "T": index, "D": np.sqrt(degree * index)}, index=subsystems.index)
