"""What a reader's licensed file must hold: the ``contract.yml`` of a paper."""

from dataclasses import dataclass, field
from functools import cache

import yaml

from nqp.manifest import DataError, path_of
from nqp.papers import paper, papers

FILE = "contract.yml"
KINDS = ("index", "share", "level", "log", "count", "dummy")


@dataclass(frozen=True)
class Column:
    """One column of a licensed file.

    Attributes
    ----------
    name : the header that the chapters use
    zh : Chinese headers that are understood, the paper's own first
    also : further headers that are understood
    kind : one of `KINDS`
    range : smallest and largest allowed value, in `unit`
    plausible : where city-years lie when the unit is right
    mistaken : formulas in ``x`` that bring a value in a common other unit into `unit`, by that unit
    absorbing : once 1, always 1
    roster : policy of `nqp.data.first_treated` whose years the column should show
    product_of : columns whose product it is
    dimension : part of the index that an indicator belongs to
    needed_by : sections that cannot run without the column
    """

    name: str
    label: str
    zh: tuple[str, ...]
    definition: str
    definition_zh: str
    unit: str = ""
    kind: str = "level"
    range: tuple[float, float] = (float("-inf"), float("inf"))
    plausible: tuple[float, float] = (float("-inf"), float("inf"))
    mistaken: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    absorbing: bool = False
    roster: str = ""
    product_of: tuple[str, ...] = ()
    dimension: str = ""
    needed_by: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header by which the column is understood."""
        return (self.name, *self.also, *self.zh)


@dataclass(frozen=True)
class Contract:
    """What the licensed file of a study holds: one row a city and year.

    Attributes
    ----------
    study : slug
    first_year, last_year : the paper's window
    keys : ``adcode``, ``city``, ``year``; one of the first two suffices
    columns : the variables, in the order of the template
    """

    study: str
    first_year: int
    last_year: int
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]

    @property
    def years(self) -> range:
        """The years of the window."""
        return range(self.first_year, self.last_year + 1)

    def __getitem__(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in (*self.keys, *self.columns) if column.name == name)


def load_contract(study: str) -> Contract:
    """Return the contract of a study's licensed file.

    Raises
    ------
    DataError
        For a study without a contract, with those that have one.
    """
    if FILE not in (one := paper(study)).files:
        raise DataError(
            f"no contract for licensed data of {study!r}; there is one for {', '.join(with_contract())}"
        )
    return _parse(path_of(one.file(FILE)).read_text(encoding="utf-8"))


def with_contract() -> list[str]:
    """Return the papers whose licensed file has a contract."""
    return [slug for slug, one in papers().items() if FILE in one.files]


@cache
def _parse(text: str) -> Contract:
    raw = yaml.safe_load(text)
    first, last = raw["years"]
    keys, columns = (
        tuple(_column(name, entry) for name, entry in raw[part].items()) for part in ("keys", "columns")
    )
    return Contract(raw["study"], first, last, keys, columns)


def _column(name: str, entry: dict) -> Column:
    column = Column(name, **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
    if column.kind not in KINDS:
        raise DataError(f"contract: {name} has kind {column.kind!r}; use one of {', '.join(KINDS)}")
    return column
