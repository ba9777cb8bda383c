"""The parameters of a chapter: names, defaults and allowed values, as the chapter's own cell declares them."""

import ast
import csv
import io
import math
import re
import tokenize
from dataclasses import dataclass

import yaml

from nqp.papers import papers, papers_dir, suggest
from nqp.paths import data_dir

Value = bool | int | float | str
KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
FORMS = (
    "`one of: a, b`, `2 to 7`, `at least 1`, `above 0`, `any text`, `a paper`, `a world of the twin`,"
    " `a city of the open panel`"
)
NUMBER = r"([+-]?[\d.]+(?:e[+-]?\d+)?)"
RANGE = re.compile(rf"{NUMBER} to {NUMBER}|at least {NUMBER}|above {NUMBER}")
FEW = 20


class ChapterError(Exception):
    """A chapter, paper or parameter that does not exist or cannot be used."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a chapter.

    Attributes
    ----------
    name, default : as assigned; the default's type is the parameter's
    declared : the comment behind the assignment, which says what is allowed
    choices : the allowed values; empty where a range or the type decides
    low, high : smallest and largest allowed number
    """

    name: str
    default: Value
    declared: str = ""
    choices: tuple[Value, ...] = ()
    low: float = -math.inf
    high: float = math.inf

    @property
    def allowed(self) -> str:
        """What the parameter takes, in words."""
        if self.choices:
            few = len(self.choices) <= FEW
            return f"one of {', '.join(map(str, self.choices))}" if few else self.declared
        bounded = (self.low, self.high) != (-math.inf, math.inf)
        return KINDS[type(self.default)] + (f", {self.declared}" if bounded else "")

    def read(self, given: Value) -> Value:
        """Return a value, given as text or in the parameter's type.

        Raises
        ------
        ChapterError
            For another type and a value that is not allowed, with what is.
        """
        value = _typed(given, type(self.default))
        admitted = value in self.choices if self.choices else True
        if isinstance(value, int | float):
            admitted = admitted and self.low <= value <= self.high
        if value is None or not admitted:
            near = suggest(str(given), map(str, self.choices))
            raise ChapterError(f"{self.name} is {given!r}{near}; it takes {self.allowed}")
        return value


def _typed(given: Value, kind: type[Value]) -> Value | None:
    """Return a value in the wanted type, or None where it is of another."""
    if isinstance(given, str) and kind is not str:
        if kind is bool:
            return {"true": True, "false": False}.get(given.lower())
        try:
            given = kind(given)
        except ValueError:
            return None
    value = float(given) if kind is float and type(given) is int else given
    finite = kind is not float or math.isfinite(value) if type(value) is kind else False
    return value if finite else None


def read_cell(source: str, paper: str) -> dict[str, Parameter]:
    """Return the parameters that a cell declares, by name.

    Parameters
    ----------
    source : lines such as ``window = 7  # 2 to 7``; without a comment, every value of the default's type is allowed
    paper : slug whose twin has the worlds of ``a world of the twin``

    Raises
    ------
    ChapterError
        For any other line, and for a comment that says something else.
    """
    try:
        lines = ast.parse(source).body
    except SyntaxError as wrong:
        raise ChapterError(f"the parameters cell is no Python: {wrong}") from wrong
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    found = {}
    for line in lines:
        try:
            (target,), default = line.targets, ast.literal_eval(line.value)
            name = target.id
        except (AttributeError, ValueError) as strange:
            raise ChapterError(
                f"the parameters cell may only hold lines such as `seed = 1`, not {ast.unparse(line)!r}"
            ) from strange
        if type(default) not in KINDS:
            raise ChapterError(f"{name} = {default!r} is none of {', '.join(KINDS.values())}")
        found[name] = _declare(name, default, comments.get(line.end_lineno or 0, ""), paper)
        found[name].read(default)
    return found


def _declare(name: str, default: Value, words: str, paper: str) -> Parameter:
    if not words or words.startswith("any "):
        return Parameter(name, default, words)
    if (bounds := RANGE.fullmatch(words)) and type(default) in (int, float):
        low, high, least, above = (float(b) if b else None for b in bounds.groups())
        if above is not None:
            least = math.nextafter(above, math.inf)
        return Parameter(
            name, default, words, low=low if least is None else least, high=math.inf if high is None else high
        )
    items = [item.strip() for item in words.removeprefix("one of:").split(",")]
    listed = [value for item in items for value in _listed(item, paper) or [item]]
    choices = tuple(value for one in listed if (value := _typed(one, type(default))) is not None)
    if len(choices) < len(listed) or not (words.startswith("one of:") or _listed(words, paper)):
        raise ChapterError(f"{name} has the comment {words!r}, which says no allowed values; use {FORMS}")
    return Parameter(name, default, words, choices)


def _listed(words: str, paper: str) -> list[str]:
    """Return the values that words name instead of listing them, or nothing."""
    if words == "a paper":
        return list(papers())
    if words == "a city of the open panel":
        with (data_dir() / "open" / "coordinates.csv").open(encoding="utf-8") as file:
            return [row["id"] for row in csv.DictReader(file)]
    world = re.fullmatch(r"a world of the twin(?: of (\w+))?", words)
    return _worlds(world[1] or paper) if world else []


def _worlds(paper: str) -> list[str]:
    path = papers_dir() / paper / "twin.yml"
    if not path.is_file():
        raise ChapterError(f"{paper} has no twin, so no `a world of the twin`; say `... of PAPER`")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load(path.read_text(encoding="utf-8"), loader)["worlds"])
