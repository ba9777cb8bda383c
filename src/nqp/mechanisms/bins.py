"""Effects by tercile of a moderator, free of the straight line that an interaction draws."""

import pandas as pd

from nqp.mechanisms.panel import TwoWayModel, prepared
from nqp.mechanisms.twoway import fit_two_way
from nqp.panel import PanelError


def tercile_effects(frame: pd.DataFrame, model: TwoWayModel, moderator: str) -> pd.DataFrame:
    """Estimate the treatment's effect at the median of each tercile of a moderator (Hainmueller et al. 2019, eq. 4).

    Each tercile has a level, a slope and an effect that changes with the moderator, all of its own; unit and time
    effects and controls are common. Tidy rows are indexed ``lowest, middle, highest``, with the ``median`` of the
    moderator. A PanelError refuses ties that leave no three terciles, and one in which the treatment does not vary.
    """
    data = prepared(frame, model, [moderator])
    bins = pd.qcut(data[moderator], 3, labels=False, duplicates="drop")
    medians = data[moderator].groupby(bins).median()
    if len(medians) < 3:
        raise PanelError(f"'{moderator}' has too many equal values for terciles; compare groups instead")
    terms: dict[str, pd.Series] = {}
    for k, middle in medians.items():
        inside = (bins == k).astype(float)
        parts = {"level": inside, "slope": (data[moderator] - middle) * inside}
        treated = {
            f"{model.treatment} x {name} {k}": data[model.treatment] * part for name, part in parts.items()
        }
        terms |= treated | {f"{name} {k}": part for name, part in parts.items() if (name, k) != ("level", 0)}
    wide = pd.concat([data, pd.DataFrame(terms)], axis=1)
    fit = fit_two_way(wide, model, model.outcome, [*terms, *model.controls])
    names = dict(zip(("lowest", "middle", "highest"), medians.index, strict=True))
    rows = fit.combine({name: {f"{model.treatment} x level {k}": 1.0} for name, k in names.items()})
    return rows.assign(median=medians.to_numpy())
