"""The one readable file per paper that declares what its twin must meet: ``data/papers/<paper>/twin.yml``."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from nqp.papers import Paper, suggest
from nqp.twin.declared import Spec, TwinError

NAME = "twin.yml"
AS_PRINTED = "as_printed"
STATS = ("mean", "sd", "min", "max")


@dataclass(frozen=True)
class Target:
    """A coefficient that the noise-free outcome must return; `derived` says how a value that is not printed follows."""

    id: str
    column: str
    term: str
    value: float
    derived: str = ""


@dataclass(frozen=True)
class StudyFile:
    """Everything declared for the twin of one paper; printed values are read from its ``published.csv``."""

    paper: Paper
    declared: Spec
    numbers: pd.DataFrame

    @property
    def slug(self) -> str:
        """The paper's name."""
        return self.paper.slug

    @property
    def outcome(self) -> str:
        """The index."""
        return self.paper.outcome

    @property
    def controls(self) -> list[str]:
        """The controls of every regression that does not declare its own."""
        return list(self.paper.controls)

    @property
    def dimensions(self) -> list[str]:
        """The dimensions of the index; the index itself where it has none."""
        return list(self.declared.outcome.dimensions)

    @property
    def treatments(self) -> list[str]:
        """The treatments."""
        return list(self.declared.treatments)

    @property
    def worlds(self) -> dict[str, Spec]:
        """The declared worlds."""
        return self.declared.worlds

    @property
    def headline(self) -> dict[str, str]:
        """The regression of each treatment by which the paper is known."""
        return {term: column for column, term in (n.rsplit(".", 2)[:2] for n in self.paper.headline)}

    @cached_property
    def columns(self) -> dict[str, Spec]:
        """The declared regressions, with what they leave open filled in."""
        filled = {}
        for name, column in self.declared.columns.items():
            controls = self.controls if column.controls is None else column.controls
            own = {"name": name, "outcome": column.outcome or self.outcome, "controls": controls}
            filled[name] = Spec(**vars(column) | own | {"terms": column.terms or self.treatments[:1]})
        return filled

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Printed and derived targets."""
        targets = []
        for number in self.declared.targets:
            column, term = self.declared.aliases.get(number) or number.rsplit(".", 2)[:2]
            targets.append(Target(number, column, term, self.value(number)))
        for name, spec in self.declared.derived_targets.items():
            key, value = f"derived_targets: {name}", spec.value
            if spec.total:
                value = self.value(spec.total, key) * (1 - self.value(spec.rho, key))
            targets.append(Target(name, spec.column, spec.term, float(value), spec.because))
        return tuple(targets)

    def mistake(self, key: str, what: str) -> TwinError:
        """Return an error that names the file and the key."""
        return TwinError(f"data/papers/{self.slug}/{NAME}, {key}: {what}")

    def value(self, number: str | float, key: str = "targets") -> float:
        """Return a printed number by its id; a number that is no id is itself."""
        if not isinstance(number, str):
            return float(number)
        if number not in self.numbers.index:
            near = suggest(number, self.numbers.index)
            raise self.mistake(key, f"{number!r} is no id of published.csv beside it{near}")
        return float(self.numbers.at[number, "value"])

    @property
    def described(self) -> pd.DataFrame:
        """The printed numbers of the descriptive table; none where the paper has no such table."""
        return self.numbers[self.numbers["table"].eq(self.declared.descriptives or "none")]

    def moments(self, symbol: str) -> dict[str, float]:
        """Return what is known of mean, sd, min and max: as printed, but where the file declares them."""
        rows = self.described[self.described["term"].eq(symbol) & self.described["stat"].isin(STATS)]
        spec = {**self.declared.covariates, **self.declared.outcome.dimensions}.get(symbol)
        own = {stat: getattr(spec, stat, None) for stat in STATS}
        printed = dict(zip(rows["stat"], rows["value"].astype(float), strict=True))
        return printed | {stat: float(x) for stat, x in own.items() if x is not None}

    def world(self, name: str) -> Spec:
        """Return a world by name, or say which there are."""
        if name not in self.worlds:
            near = suggest(name, self.worlds)
            raise TwinError(f"{self.slug} has no world {name!r}{near}; it has {', '.join(self.worlds)}")
        return self.worlds[name]

    def departs(self, world: str) -> bool:
        """Return whether treatment works otherwise in a world than printed, so that it meets no coefficient."""
        spec = self.world(world)
        return (spec.effect, spec.drift, spec.spillover) != (1, 0, 0)

    def kept(self, world: str) -> list[Target]:
        """Return the targets that a world meets without noise."""
        return [] if self.departs(world) else [t for t in self.targets if t.id not in self.world(world).drop]

    def calibrated(self, world: str = AS_PRINTED) -> frozenset[str]:
        """Return the ids of all printed numbers that a world is made to meet, for the ledger's `target`.

        Targets and the printed numbers that derived targets rest on, the descriptive table, first-stage coefficients,
        and the rows of declared columns, which the scaffold settles.
        """
        kept = {t.id for t in self.kept(world)}
        derived = [spec for name, spec in self.declared.derived_targets.items() if name in kept]
        rests_on = {number for spec in derived for number in (spec.total, spec.rho)}
        first = {spec.first_stage for spec in self.declared.instruments.values()}
        rows = self.numbers.index[self.numbers["stat"].eq("n")]
        settled = {n for n in rows if any(n.startswith(f"{name}.") for name in self.columns)}
        return frozenset(
            (kept | rests_on | first | settled | {*self.described.index}) & {*self.numbers.index}
        )
