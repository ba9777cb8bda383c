"""The parameters of a chapter: names, defaults and allowed values, as the chapter's own cell declares them."""

import ast
import csv
import io
import math
import re
import tokenize
from dataclasses import dataclass

from nqp.papers import Refusal, papers, papers_dir, read_yaml, suggest
from nqp.paths import data_dir

Value = bool | int | float | str
KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
FORMS = "`one of: a, b`, `2 to 7`, `at least 1`, `above 0`, `any text`, `a paper` or `a world of the twin`"
NUMBER = r"([+-]?[\d.]+(?:e[+-]?\d+)?)"
RANGE = re.compile(rf"{NUMBER} to {NUMBER}|at least {NUMBER}|above {NUMBER}")
FEW = 20
QUICK_DRAWS = 50


class ChapterError(Refusal):
    """A chapter, paper or parameter that does not exist or cannot be used."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a chapter, of its default's type."""

    name: str
    default: Value
    declared: str = ""  # the comment behind the assignment, which says what is allowed
    choices: tuple[Value, ...] = ()  # empty where the range decides
    low: float = -math.inf
    high: float = math.inf

    @property
    def allowed(self) -> str:
        """What the parameter takes, in words."""
        if self.choices:
            return self.declared if len(self.choices) > FEW else f"one of {', '.join(map(str, self.choices))}"
        kind = KINDS[type(self.default)]
        return kind if not self.declared or self.declared.startswith("any ") else f"{kind}, {self.declared}"

    @property
    def few(self) -> int | None:
        """Few draws, or the lowest number of other repetitions; none for what counts neither.

        Such a number is whole, at least 1, and has no upper bound.
        """
        if (
            isinstance(self.default, bool | float | str)
            or self.low < 1
            or self.high < math.inf
            or self.choices
        ):
            return None
        return max(QUICK_DRAWS, int(self.low)) if self.name == "draws" else int(self.low)

    @property
    def another(self) -> Value | None:
        """Another value that it takes, to show a change; none where a fraction or any text is taken."""
        if isinstance(self.default, bool):
            return not self.default
        if isinstance(self.default, int) and not self.choices:
            return self.default + (1 if self.default < self.high else -1)
        return next((one for one in self.choices if one != self.default), None)

    def read(self, given: Value) -> Value:
        """Return a value, given as text or in the parameter's type; a `ChapterError` says what it takes instead."""
        value = _typed(given, type(self.default))
        inside = value in self.choices if self.choices else value is not None
        if not inside or (isinstance(value, int | float) and not self.low <= value <= self.high):
            near = suggest(str(given), map(str, self.choices))
            raise ChapterError(f"{self.name} is {given!r}{near}; it takes {self.allowed}")
        return value


def _typed(given: Value, kind: type[Value]) -> Value | None:
    """Return a value in the wanted type, or None where it is of another; text is read as a reader means it."""
    if kind is bool and isinstance(given, str):
        given = {"true": True, "false": False}.get(given.lower(), given)
    elif isinstance(given, str) or (kind is float and type(given) is int):
        try:
            given = kind(given)
        except ValueError:
            return None
    return given if type(given) is kind and (kind is str or math.isfinite(given)) else None


def read_cell(source: str, paper: str) -> dict[str, Parameter]:
    """Return the parameters that a cell declares, by name; a `ChapterError` refuses a line or comment of another form.

    Lines are such as ``window = 7  # 2 to 7``; without a comment, every value of the default's type is allowed. The
    paper's twin has the worlds of ``a world of the twin``.
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    found = {}
    for line in ast.parse(source).body:
        try:
            (target,), default = line.targets, ast.literal_eval(line.value)
            name, _ = target.id, KINDS[type(default)]
        except (AttributeError, KeyError, ValueError) as strange:
            written = ast.unparse(line)
            raise ChapterError(f"a parameter is a line such as `seed = 1`, not {written!r}") from strange
        found[name] = _declare(name, default, comments.get(line.end_lineno or 0, ""), paper)
        found[name].read(default)
    return found


def _declare(name: str, default: Value, words: str, paper: str) -> Parameter:
    kind = type(default)
    if not words or words.startswith("any "):
        return Parameter(name, default, words)
    if (bounds := RANGE.fullmatch(words)) and kind in (int, float):
        low, high, above = (bounds[1] or bounds[3], bounds[2] or "inf", bounds[4])
        low = float(low) if low else math.nextafter(float(above), math.inf)
        return Parameter(name, default, words, low=low, high=float(high))
    items = [item.strip() for item in words.removeprefix("one of:").split(",")]
    choices = tuple(_typed(one, kind) for item in items for one in _listed(item, paper) or [item])
    if None in choices or not (words.startswith("one of:") or _listed(words, paper)):
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
    return list(read_yaml(papers_dir() / (world[1] or paper) / "twin.yml")["worlds"]) if world else []
