"""What ``twin.yml`` may say: one dataclass a section. README.md beside this file explains each key."""

from dataclasses import dataclass, field
from typing import Any

from nqp.papers import make


@dataclass(frozen=True)
class Rule:
    """Which rows: a condition on one column, or all rows outside another rule."""

    column: str = ""
    equals: Any = None
    among: tuple[Any, ...] | None = None
    above: float | str | None = None  # a number, or ``yearly mean``
    at_least: float | None = None
    at_most: float | None = None
    outside: str = ""  # name of the rule whose other rows these are
    rows: str = ""  # id of the printed number of rows, which a drawn column is made to give
    units: float | str = ""  # in `sample`: how many units, a number or an id


@dataclass(frozen=True)
class SampleChoice:
    """Which of the candidates of ``paper.yml`` are in: a draw that meets what print counts."""

    units: float | str
    counts: tuple[Rule, ...] = ()
    first_out: tuple[str, ...] = ()  # provinces that are left out before others


@dataclass(frozen=True)
class Treatment:
    """A treatment: of a policy of ``paper.yml``, or, without one, drawn as its covariate is."""

    policy: str = ""
    event_study: bool = False  # columns may name ``event K``, and effects may differ by event time
    midpoint: float = 0.0  # event time at which the prior effect is the average one


@dataclass(frozen=True)
class OtherPolicy:
    """Another policy: from the roster, perhaps with whole provinces and cities by name, or drawn."""

    roster: str = ""
    provinces: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    year: int = 0
    draw: int = 0  # number of units that are drawn where no roster is at hand, large and treated ones first
    treated: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True)
class UnitSize:
    """Latent size of a unit: what controls, counts and outcome have in common."""

    treated: float = 0.0
    region: dict[str, float] = field(default_factory=dict)
    named: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Covariate:
    """How a regressor is drawn; moments are the printed ones where none are declared."""

    size: float = 0.0  # correlation of the unit's own level with unit size
    between: float = 0.6  # share of variance between units
    trend: float = 0.0  # loading on the common trend
    persistence: float = 0.6  # of the yearly rest
    with_treatment: float = 0.0  # loading on the first treatment, which links short and long columns
    mean: float | None = None
    sd: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Instrument:
    """A count of units times a trend (first year = 1), at the level that gives the printed first stage."""

    first_stage: str
    size: float = 0.5
    treated: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True)
class Consistency:
    """Which covariates give way so that short and long columns of print can both hold."""

    short: str
    anchor: str
    moderators: dict[str, str] = field(default_factory=dict)
    column: str = ""  # the long column with other policies
    controls: tuple[str, ...] = ()  # two controls that take loadings on those policies
    start: tuple[float, ...] = (0.0, 0.0)


@dataclass(frozen=True)
class Levels:
    """Planned unit means of an outcome: skewed to the right, higher in larger units."""

    sd: float
    with_size: float = 0.6
    skew: float = 0.8


@dataclass(frozen=True)
class OwnNoise:
    """Noise of one dimension: its sd, the share in common with the others, persistence of the rest."""

    sd: float
    common: float = 0.0
    persistence: float = 0.5


@dataclass(frozen=True)
class Dimension:
    """One dimension of the index, or the index itself where it has none."""

    levels: Levels
    noise: OwnNoise
    prior: dict[str, float | str] = field(default_factory=dict)  # coefficient of a feature: a number or an id
    rise: float = 0.0  # of the common years, first to last
    bend: float = 1.0
    effect_growth: float = 0.0  # of the effect, a year since treatment
    loose: float = 1.0  # how far it may depart from its prior, against the other dimensions
    lowest: str = ""  # unit that holds the minimum; without a name, the one planned lowest
    highest: str = ""
    mean: float | None = None
    sd: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Outcome:
    """The index and how it is made of its dimensions."""

    dimensions: dict[str, Dimension]
    weights: str = "print"  # ``mean``, ``sum``, or ``print``: from printed means and effects of three dimensions
    effect: dict[str, str] = field(default_factory=dict)  # for ``print``: ids of the effects
    closed_by: str = ""  # dimension whose unit effects give the index its sd and maximum
    lowest: str = ""
    highest: str = ""
    ridge: float = 0.02


@dataclass(frozen=True)
class Noise:
    """What the noise of all dimensions shares."""

    persistence: float = 0.3
    province_share: float = 0.0
    rho: float = 0.0
    size_tilt: float = 0.0
    time_tilt: float = 0.0
    calm: float = 1.0  # factor for the unit with the lowest index


@dataclass(frozen=True)
class Production:
    """Inputs behind two Malmquist indicators."""

    mix: float
    mix_change: float
    waste_change: float
    progress: float
    leap: float
    leader: str
    catcher: str
    indicators: tuple[str, str]


@dataclass(frozen=True)
class Indicator:
    """One raw indicator of an index with entropy weights."""

    dimension: str
    printed_as: str  # its name in indicators.csv, which holds its direction
    share: float  # wanted weight inside its dimension
    typical: float  # usual level after scaling to [0, 1]
    low: float
    high: float
    kind: str = "real"  # ``count`` (whole numbers) or ``given`` (a Malmquist index, from production data)


@dataclass(frozen=True)
class Column:
    """A regression of the paper; `name` is table and column, and the ids of its targets begin with it."""

    name: str
    outcome: str = ""  # empty: the index
    terms: tuple[str, ...] = ()  # regressors besides the controls; empty: the only treatment
    controls: tuple[str, ...] | None = None  # None: those of ``paper.yml``
    rows: str = "all"
    effects: str = "unit+year"
    instrument: str = ""  # stands in for the first term
    rho: str = ""  # id of a printed spatial parameter: the outcome is then net of rho times its spatial lag


@dataclass(frozen=True)
class DerivedTarget:
    """A target that follows from print: a value, or a printed total effect times one minus rho."""

    column: str
    term: str
    because: str
    value: float = 0.0
    total: str = ""
    rho: str = ""


@dataclass(frozen=True)
class World:
    """A way the world may be. One with `effect`, `drift` or `spillover` departs from `as_printed` and meets no targets.

    `loose` and `rise` solve anew: factors on the prior scale of groups of features (0 shuts a group), and what is added
    to the rise of a dimension. `drop` names targets that are given up.
    """

    name: str
    about: str
    effect: float = 1.0
    drift: float = 0.0
    spillover: float = 0.0
    loose: dict[str, float] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    rise: dict[str, float] = field(default_factory=dict)

    @property
    def departs(self) -> bool:
        """Whether treatment works otherwise here than print says, so that no coefficient is met."""
        return (self.effect, self.drift, self.spillover) != (1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Declared:
    """The whole file."""

    covariate_seed: int
    treatments: dict[str, Treatment]
    covariates: dict[str, Covariate]
    outcome: Outcome
    columns: dict[str, Column]
    targets: tuple[str, ...]
    worlds: dict[str, World]
    descriptives: str = ""  # table of printed moments
    constant: str = "Constant"
    sample: SampleChoice | None = None
    counted_as_south: tuple[int, ...] = ()
    unit_size: UnitSize = field(default_factory=UnitSize)
    policies: dict[str, OtherPolicy] = field(default_factory=dict)
    moderators: tuple[str, ...] = ()
    instruments: dict[str, Instrument] = field(default_factory=dict)
    subsamples: dict[str, Rule] = field(default_factory=dict)
    consistency: Consistency | None = None
    noise: Noise = field(default_factory=Noise)
    production: Production | None = None
    entropy_total: float = 1.0
    indicators: dict[str, Indicator] = field(default_factory=dict)
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)
    derived_targets: dict[str, DerivedTarget] = field(default_factory=dict)
    untargeted: dict[str, str] = field(default_factory=dict)


ONE = {"sample": SampleChoice, "unit_size": UnitSize, "consistency": Consistency, "noise": Noise,
       "production": Production}  # fmt: skip
MANY = {"treatments": Treatment, "policies": OtherPolicy, "covariates": Covariate, "instruments": Instrument,
        "subsamples": Rule, "indicators": Indicator, "columns": Column, "derived_targets": DerivedTarget,
        "worlds": World}  # fmt: skip


def declare(raw: dict[str, Any], place: str) -> Declared:
    """Return the declarations of a file; `place` names it in errors.

    Raises
    ------
    PaperError
        For an unknown or missing key, naming section and key.
    """
    raw = dict(raw)
    for key in raw.keys() & ONE.keys():
        raw[key] = make(ONE[key], raw[key], f"{place}, {key}")
    for key in raw.keys() & MANY.keys():
        raw[key] = {
            name: make(MANY[key], _entries(MANY[key], name, spec), f"{place}, {key}: {name}")
            for name, spec in raw[key].items()
        }
    if raw.get("sample"):
        counts = [make(Rule, spec, f"{place}, sample: counts") for spec in raw["sample"].counts]
        raw["sample"] = SampleChoice(raw["sample"].units, tuple(counts), raw["sample"].first_out)
    raw["outcome"] = _outcome(raw.get("outcome") or {}, f"{place}, outcome")
    return make(Declared, raw, place)


def _entries(kind: type, name: str, spec: dict[str, Any] | None) -> dict[str, Any]:
    return {"name": name, **(spec or {})} if kind in (Column, World) else dict(spec or {})


def _outcome(raw: dict[str, Any], place: str) -> Outcome:
    made = {}
    for name, spec in (raw.get("dimensions") or {}).items():
        spec, where = dict(spec), f"{place}: {name}"
        for key, kind in (("levels", Levels), ("noise", OwnNoise)):
            if key in spec:
                spec[key] = make(kind, spec[key], f"{where}, {key}")
        made[name] = make(Dimension, spec, where)
    return make(Outcome, {**raw, "dimensions": made or None}, place)
