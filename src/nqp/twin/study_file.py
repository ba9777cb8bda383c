"""The one readable file per paper that declares what its twin must meet: ``data/papers/<paper>/twin.yml``."""

from collections.abc import Iterable
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
    """A coefficient that the noise-free outcome must return, printed or derived from print."""

    id: str
    column: str
    term: str
    value: float


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
    def dimensions(self) -> list[str]:
        """The dimensions of the index; the index itself where it has none."""
        return list(self.declared.outcome.dimensions)

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
            controls = self.paper.controls if column.controls is None else column.controls
            terms = column.terms or list(self.declared.treatments)[:1]
            own = {"name": name, "outcome": column.outcome or self.paper.outcome, "terms": terms}
            filled[name] = Spec(**vars(column) | own | {"controls": controls})
        return filled

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Printed and derived targets."""
        targets = []
        for number in self.declared.targets:
            column, term = self.declared.aliases.get(number) or number.rsplit(".", 2)[:2]
            targets.append(Target(number, column, term, self.value(number)))
        for name, spec in self.declared.derived_targets.items():
            key, value = f"derived_targets: {name}", float(spec.value)
            if spec.total:
                value = self.value(spec.total, key) * (1 - self.value(spec.rho, key))
            targets.append(Target(name, spec.column, spec.term, value))
        return tuple(targets)

    def mistake(self, key: str, what: str) -> TwinError:
        """Return an error that names the file and the key."""
        return TwinError(f"data/papers/{self.slug}/{NAME}, {key}: {what}")

    def known(self, key: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
        """Refuse the first name that is not known, with its neighbours."""
        known = list(known)
        for name in names:
            if name not in known:
                there = f"{suggest(name, known)}; there are {', '.join(known) or 'none'}"
                raise self.mistake(key, f"unknown {what} {name!r}{there}")

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
        spec = (self.declared.covariates | self.declared.outcome.dimensions).get(symbol)
        declared = pd.Series({stat: getattr(spec, stat, None) for stat in STATS}, dtype=float).dropna()
        return rows.set_index("stat")["value"].to_dict() | declared.to_dict()

    def world(self, name: str) -> Spec:
        """Return a world by name, or say which there are."""
        if name not in self.worlds:
            near = suggest(name, self.worlds)
            raise TwinError(f"{self.slug} has no world {name!r}{near}; it has {', '.join(self.worlds)}")
        return self.worlds[name]

    def departs(self, world: str) -> bool:
        """Return whether treatment works otherwise in a world than printed, so that it meets no coefficient."""
        spec = self.world(world)
        kept = spec.effect, spec.drift, spec.spillover, spec.effects, spec.between, spec.moved
        return kept != (1, 0, 0, {}, 0, 1)

    def kept(self, world: str) -> list[Target]:
        """Return the targets that a world meets without noise."""
        return [] if self.departs(world) else [t for t in self.targets if t.id not in self.world(world).drop]

    def calibrated(self, world: str = AS_PRINTED) -> frozenset[str]:
        """Return the ids of all printed numbers that a world is made to meet, for the ledger's `target`.

        Targets, what derived ones rest on, the descriptive table, first stages, paths to mediators, and the rows of
        declared columns.
        """
        met = {t.id for t in self.kept(world)}
        for name, spec in self.declared.derived_targets.items():
            if name in met:
                met |= {spec.total, spec.rho}
        met |= {spec.first_stage for spec in self.declared.instruments.values()}
        met |= {number for path in self.declared.mediators.values() for number in path}
        rows = self.numbers.index[self.numbers["stat"].eq("n")]
        met |= {n for n in rows if n.startswith(tuple(f"{name}." for name in self.columns))}
        return frozenset((met | {*self.described.index}) & {*self.numbers.index})
