"""What ``twin.yml`` may say: the keys of each section with their defaults. README.md beside this file explains them."""

from types import SimpleNamespace
from typing import Any

from nqp.papers import Refusal, suggest

Spec = SimpleNamespace  # a section of the file: its keys are attributes
NEEDED = object()


class TwinError(Refusal, ValueError):
    """A study file that cannot be used, or something asked of a twin that it does not have."""


class ContradictoryTargets(TwinError):
    """Targets that cannot hold at once; the message names them, with what is left over."""


class One(dict):
    """A section; None where it is absent and has a key without default."""


class Many(dict):
    """Sections by name."""


RULE = {"column": "", "equals": None, "among": None, "above": None, "at_least": None, "outside": "",
        "rows": ""}  # fmt: skip
MOMENTS = {"mean": None, "sd": None, "min": None, "max": None}
DIMENSION = {
    "prior": {}, "rise": 0.0, "bend": 1.0, "effect_growth": 0.0, "loose": 1.0, "lowest": "", "highest": "",
    "levels": One(sd=0.0, with_size=0.6, skew=0.8), "noise": One(sd=0.0, common=0.0, persistence=0.5),
}  # fmt: skip
FILE = One(
    covariate_seed=NEEDED,
    descriptives="",
    constant="Constant",
    sample=One(units=NEEDED, first_out=[], counts=[RULE | {"units": NEEDED}]),
    counted_as_south=[],
    treatments=Many(policy="", event_study=False, midpoint=0.0),
    moderators=[],
    mediators={},
    policies=Many(roster="", provinces=[], cities=[], year=0, draw=0, treated=0.0, spread=1.0),
    subsamples=Many(RULE),
    unit_size=One(treated=0.0, region={}, named={}),
    covariates=Many(size=0.0, between=0.6, trend=0.0, persistence=0.6, loads={}, adds={}, **MOMENTS),
    instruments=Many(first_stage=NEEDED, level=NEEDED, size=0.0, treated=0.0, spread=1.0),
    outcome=One(
        dimensions=Many(DIMENSION | MOMENTS), weights="print", effect={}, closed_by="", lowest="", highest="",
        ridge=0.02,
    ),
    noise=One(persistence=0.3, province_share=0.0, rho=0.0, size_tilt=0.0, time_tilt=0.0, calm=1.0),
    production=One(
        mix=NEEDED, mix_change=NEEDED, waste_change=NEEDED, progress=NEEDED, leap=NEEDED, leader=NEEDED,
        catcher=NEEDED, indicators=NEEDED,
    ),
    entropy_total=1.0,
    indicators=Many(
        dimension=NEEDED, printed_as=NEEDED, share=NEEDED, typical=NEEDED, low=NEEDED, high=NEEDED, kind="real"
    ),
    columns=Many(outcome="", terms=None, controls=None, rows="all", effects="unit+year", instrument="", rho=""),
    targets=[],
    aliases={},
    derived_targets=Many(column=NEEDED, term=NEEDED, because=NEEDED, value=0.0, total="", rho=""),
    untargeted={},
    worlds=Many(about=NEEDED, effect=1.0, effects={}, drift=0.0, spillover=0.0, between=0.0, moved=1.0,
                loose={}, drop=[], rise={}),
)  # fmt: skip


def declare(raw: Any, place: str, keys: dict[str, Any] = FILE) -> Spec:
    """Return a section with its defaults; a TwinError names `place` and the key that is unknown or missing."""
    if not isinstance(raw, dict):
        raise TwinError(f"{place}: {raw!r} is no list of keys; write `key: value` lines")
    for key in raw:
        if key not in keys:
            near = suggest(str(key), keys)
            raise TwinError(f"{place}: unknown key {key!r}{near}; it takes {', '.join(keys)}")
    if missing := [key for key, default in keys.items() if default is NEEDED and raw.get(key) is None]:
        raise TwinError(f"{place}: lacks {', '.join(missing)}")
    return Spec(**{key: _value(raw.get(key), default, f"{place}, {key}") for key, default in keys.items()})


def _value(given: Any, default: Any, place: str) -> Any:
    if isinstance(default, Many):
        return {name: declare(one or {}, f"{place}: {name}", default) for name, one in (given or {}).items()}
    if isinstance(default, list) and default:  # sections in a list
        return [declare(one, place, default[0]) for one in given or []]
    if isinstance(default, One):
        optional = given is None and NEEDED in default.values()
        return None if optional else declare(given or {}, place, default)
    return default if given is None else given
