"""What a reader's licensed file must hold: the ``contract.yml`` of a paper."""

from dataclasses import dataclass, field
from functools import cache

import yaml

from nqp.manifest import DataError, path_of
from nqp.papers import paper, papers

FILE = "contract.yml"
ANY = (float("-inf"), float("inf"))
KINDS = ("index", "share", "level", "log", "count", "dummy")


@dataclass(frozen=True)
class Column:
    """One column of a licensed file; values are in `unit`."""

    name: str  # the header that the chapters use
    label: str
    zh: tuple[str, ...]  # Chinese headers that are understood, the paper's own first
    definition: str
    definition_zh: str
    unit: str = ""
    kind: str = "level"  # one of `KINDS`
    range: tuple[float, float] = ANY  # smallest and largest allowed
    plausible: tuple[float, float] = ANY  # where city-years lie when the unit is right
    mistaken: dict[str, str] = field(default_factory=dict)  # by another unit: formula in ``x`` into `unit`
    also: tuple[str, ...] = ()  # further headers that are understood
    absorbing: bool = False  # once 1, always 1
    roster: str = ""  # policy whose years of `nqp.data.first_treated` the column should show
    product_of: tuple[str, ...] = ()  # columns whose product it is
    vintages: tuple[str, ...] = ()  # columns of `nqp.data.province_panel` that hold its vintages
    dimension: str = ""  # part of the index that an indicator belongs to
    needed_by: tuple[str, ...] = ()  # sections that cannot run without the column

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header by which the column is understood."""
        return (self.name, *self.also, *self.zh)


@dataclass(frozen=True)
class Contract:
    """What the licensed file of a study holds: one row a city (or province) and year."""

    study: str
    years: range  # the paper's window
    keys: tuple[Column, ...]  # ``adcode``, ``city`` or ``province``, ``year``; one of the first two suffices
    columns: tuple[Column, ...]  # the variables, in the order of the template
    place: str  # the key that holds the units' names
    interpolated: bool  # whether the paper interpolates: runs of equal differences are looked for

    def __getitem__(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in (*self.keys, *self.columns) if column.name == name)


def load_contract(study: str) -> Contract:
    """Return the contract of a study's licensed file, or say which studies have one."""
    if FILE not in (one := paper(study)).files:
        known = ", ".join(with_contract())
        raise DataError(f"no contract for licensed data of {study!r}; there is one for {known}")
    return _parse(path_of(one.file(FILE)).read_text(encoding="utf-8"))


def with_contract() -> list[str]:
    """Return the papers whose licensed file has a contract."""
    return [slug for slug, one in papers().items() if FILE in one.files]


@cache
def _parse(text: str) -> Contract:
    raw = yaml.safe_load(text)
    first, last = raw["years"]
    keys, columns = (tuple(map(_column, raw[part], raw[part].values())) for part in ("keys", "columns"))
    years, interpolated = range(first, last + 1), bool(raw.get("interpolated"))
    return Contract(raw["study"], years, keys, columns, keys[1].name, interpolated)


def _column(name: str, entry: dict) -> Column:
    column = Column(name, **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
    if column.kind not in KINDS:
        raise DataError(f"contract: {name} has kind {column.kind!r}; use one of {', '.join(KINDS)}")
    return column
