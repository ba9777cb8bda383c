"""The one readable file per study that declares what its twin must meet: ``data/papers/<paper>/twin.yml``."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import yaml

from nqp.data.manifest import path_of
from nqp.evidence.published import published
from nqp.papers import paper, papers, suggest

FILE = "twin.yml"


class TwinError(ValueError):
    """A study file that cannot be used, or something asked of a twin that it does not have."""


class ContradictoryTargets(TwinError):
    """Targets that cannot hold at once; the message names them, with what is left over."""


@dataclass(frozen=True)
class Column:
    """A regression of the paper.

    Attributes
    ----------
    name : table and column, such as ``t3.c1``; the ids of its targets begin with it
    outcome : the index or one of its dimensions
    terms : regressors besides the controls, the constant and the effects
    rows : which rows it uses: ``all``, ``north``, ``south``, ``high``, ``low`` or ``until YEAR``
    effects : ``city+year`` (constant and R2 as Stata's ``xtreg, fe`` with year dummies) or ``city+province-year``
        (constant and R2 as ``reghdfe``)
    instrument : variable that stands in for the first term, or empty
    rho : id of a printed spatial parameter: the outcome is then net of rho times its spatial lag
    """

    name: str
    outcome: str
    terms: tuple[str, ...]
    rows: str = "all"
    effects: str = "city+year"
    instrument: str = ""
    rho: str = ""


@dataclass(frozen=True)
class Target:
    """One coefficient that the noise-free outcome must return.

    Attributes
    ----------
    id : id of the printed number, or a name of ours for a derived target
    column, term : which coefficient of which regression
    value : printed value, or what is derived from printed ones
    derived : how `value` follows from print; empty when it is printed
    """

    id: str
    column: str
    term: str
    value: float
    derived: str = ""


@dataclass(frozen=True)
class World:
    """A way the world may be: which features may carry the departure from the prior, and what it gives up.

    Attributes
    ----------
    name : how `generate` is asked for it
    about : one sentence
    loose : factor on a feature's prior scale, by group of features; 0 shuts the group
    drop : targets that this world does not meet
    rise : added to the declared rise of a dimension's years
    """

    name: str
    about: str
    loose: dict[str, float] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    rise: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class StudyFile:
    """Everything declared for the twin of one study; printed values are read from ``data/published``."""

    slug: str
    declared: dict[str, Any]
    numbers: pd.DataFrame
    columns: dict[str, Column]
    targets: tuple[Target, ...]
    worlds: dict[str, World]

    @property
    def scaffold(self) -> dict[str, Any]:
        """Years, policy and other rules of the real part."""
        return self.declared["scaffold"]

    @property
    def outcome(self) -> str:
        """The index."""
        return self.declared["outcome"]["index"]

    @property
    def dimensions(self) -> list[str]:
        """The dimensions of the index."""
        return list(self.declared["outcome"]["dimensions"])

    @property
    def controls(self) -> list[str]:
        """The controls of every regression."""
        return list(self.declared["controls"])

    def value(self, number: str) -> float:
        """Return a printed number by its id."""
        if number not in self.numbers.index:
            raise TwinError(
                f"data/papers/{self.slug}/twin.yml asks for {number!r}, which published.csv beside it does not"
                f" have{suggest(number, self.numbers.index)}"
            )
        return float(self.numbers.at[number, "value"])

    def moments(self, symbol: str) -> dict[str, float]:
        """Return mean, sd, min and max of a variable: as printed, or as declared where print has none."""
        declared = self.declared["covariates"].get(symbol, {})
        if "mean" in declared:
            return {stat: float(declared[stat]) for stat in ("mean", "sd", "min", "max")}
        return {stat: self.value(f"t2.{symbol}.{stat}") for stat in ("mean", "sd", "min", "max")}

    def world(self, name: str) -> World:
        """Return a world by name, or say which there are."""
        if name not in self.worlds:
            raise TwinError(f"{self.slug} has no world {name!r}; it has {', '.join(self.worlds)}")
        return self.worlds[name]

    def calibrated(self, world: str = "as_printed") -> frozenset[str]:
        """Return the ids of all printed numbers that a world is made to meet, for the ledger's `target`.

        Targets and the printed numbers that derived targets rest on, the moments of Table 2, first-stage coefficients,
        and the rows of declared columns, which the scaffold settles.
        """
        dropped = self.world(world).drop
        kept = {t.id for t in self.targets if t.id not in dropped}
        derived = self.declared["derived_targets"]
        rests_on = {str(value) for name in kept & derived.keys() for value in derived[name].values()}
        first = {spec["first_stage"] for spec in self.declared["instruments"].values()}
        settled = {f"{name}.n" for name in self.columns} | set(
            self.numbers.index[self.numbers["table"] == "t2"]
        )
        return frozenset((kept | rests_on | first | settled) & set(self.numbers.index))


def available() -> list[str]:
    """Return the studies that have a twin."""
    return [slug for slug, one in papers().items() if FILE in one.files]


def read_study(slug: str) -> StudyFile:
    """Read ``twin.yml`` of a paper.

    Raises
    ------
    TwinError
        When the study has no twin, or its file names a number that is not printed.
    """
    if FILE not in paper(slug).files:
        raise TwinError(f"{slug} has no twin; studies with one: {', '.join(available())}")
    return parse_study(slug, yaml.safe_load(path_of(paper(slug).file(FILE)).read_text(encoding="utf-8")))


def parse_study(slug: str, declared: dict[str, Any]) -> StudyFile:
    """Turn the declarations of a study file into a `StudyFile`, looking every printed number up."""
    columns = {
        name: Column(name, **{**spec, "terms": tuple(spec["terms"])})
        for name, spec in declared["columns"].items()
    }
    worlds = {
        name: World(name, **{**spec, "drop": tuple(spec.get("drop", ()))})
        for name, spec in declared["worlds"].items()
    }
    draft = StudyFile(slug, declared, published(slug), columns, (), worlds)
    targets = (*_printed_targets(draft), *_derived_targets(draft))
    _refuse_repeated(targets)
    return StudyFile(slug, declared, draft.numbers, columns, targets, worlds)


def _printed_targets(study: StudyFile) -> list[Target]:
    targets = []
    for number in study.declared["targets"]:
        value = study.value(number)
        column, term = study.declared.get("aliases", {}).get(number) or number.rsplit(".", 2)[:2]
        if column not in study.columns:
            raise TwinError(
                f"data/papers/{study.slug}/twin.yml: target {number} belongs to no regression under `columns`"
            )
        targets.append(Target(number, column, term, value))
    return targets


def _refuse_repeated(targets: tuple[Target, ...]) -> None:
    """Refuse two values for one coefficient, such as a table and a text that disagree."""
    first: dict[tuple[str, str], Target] = {}
    for target in targets:
        other = first.setdefault((target.column, target.term), target)
        if other is not target:
            raise ContradictoryTargets(
                f"{other.id} = {other.value:g} and {target.id} = {target.value:g} are the same coefficient,"
                f" {target.term} of {target.column}: residual {target.value - other.value:+.6f}. Keep one under"
                " `targets` and move the other to `untargeted` with the reason"
            )


def _derived_targets(study: StudyFile) -> list[Target]:
    targets = []
    for name, spec in study.declared.get("derived_targets", {}).items():
        value = float(spec.get("value", 0.0))
        if "total" in spec:
            value = study.value(spec["total"]) * (1 - study.value(spec["rho"]))
        targets.append(Target(name, spec["column"], spec["term"], value, spec["because"]))
    return targets
