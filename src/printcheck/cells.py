"""A table of printed numbers under their ids, and checks put to them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import inf
from typing import Any

import pandas as pd

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, MEASURED, Result
from printcheck.intervals import Interval, rounding

# In the column `doubt`: a digit may be misread, so that arithmetic says nothing about the paper.
DIGIT = "digit"
OPTIONAL = ("table", "section", "stars", "doubt", "note", "stat")
# exact when printed without a point; every other number is rounded
EXACT = ("n", "k", "units", "periods", "min", "max", "other", "threshold")
LIMITS = {"se": (0.0, inf), "sd": (0.0, inf), "r2": (-inf, 1.0), "r2_adj": (-inf, 1.0)}


@dataclass(frozen=True)
class Issue:
    """What findings of one cause mean.

    Attributes
    ----------
    slug : short stable name, to which findings refer
    title : the cause in a few words
    matters : what it means for the reading of the paper
    resolve : what would settle it
    rank : place among the paper's issues, 1 first
    """

    slug: str
    title: str
    matters: str
    resolve: str
    rank: int


@dataclass(frozen=True)
class Finding:
    """One check put to printed numbers.

    Attributes
    ----------
    section, table : where it belongs: those of its first input
    kind, name : kind of check and the function that made it
    ids : the printed numbers that entered
    inputs : the same with what was printed, as text
    formula, reference, assumes : of the check; `assumes` also holds what the plan adds
    verdict, implied, printed, sentence : as in `printcheck.checks.Result`
    issue : slug of the issue that it raises; empty when it raises none
    doubt : remark of the transcription on one of the inputs, when there is one
    """

    section: str
    table: str
    kind: str
    name: str
    ids: tuple[str, ...]
    inputs: str
    formula: str
    reference: str
    assumes: str
    verdict: str
    implied: str
    printed: str
    sentence: str
    issue: str = ""
    doubt: str = ""


@dataclass
class Cells:
    """Printed numbers, the findings made on them so far and the issues that these raise.

    Attributes
    ----------
    numbers : frame indexed by id with a column `printed` and, where there are any, `table`, `section`, `stars`,
        `doubt` (``digit`` where a digit may be misread, another word for another doubt), `note` and `stat` (the end of
        the id when left out), all strings
    name : what these numbers are called in messages
    """

    numbers: pd.DataFrame = field(repr=False)
    name: str = "the table"
    findings: list[Finding] = field(default_factory=list, repr=False)
    issues: dict[str, Issue] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        missing = {name: "" for name in OPTIONAL if name not in self.numbers}
        self.numbers = self.numbers.assign(**missing)
        self._rows = {row.Index: row for row in self.numbers.itertuples()}

    def __getitem__(self, number: str) -> Interval:
        """Return every value that rounds to a printed number and that its kind allows: no R2 exceeds one."""
        row = self.row(number)
        stat = row.stat or number.rpartition(".")[2]
        value = rounding(row.printed, count=stat in EXACT)
        least, most = LIMITS.get(stat, (-inf, inf))
        low, high = max(value.low, least), min(value.high, most)
        return Interval(low, high) if low <= high else value

    def row(self, number: str) -> Any:
        """Return the row of a printed number with the columns as attributes, or say which ids are near."""
        if number not in self._rows:
            near = get_close_matches(number, list(self.numbers.index), n=3, cutoff=0.6)
            hint = f" (did you mean {', '.join(near)}?)" if near else ""
            raise KeyError(f"{self.name} prints no {number}{hint}")
        return self._rows[number]

    def whole(self, number: str) -> int:
        """Return a count or a year."""
        return int(self[number].middle)

    def stars(self, number: str) -> int:
        """Return the printed stars of a coefficient."""
        return int(self.row(number).stars or 0)

    def ids(self, pattern: str) -> list[str]:
        """Return the ids that match a regular expression from start to end, in printed order."""
        return [number for number in self.numbers.index if re.fullmatch(pattern, number)]

    def issue(self, slug: str, title: str, *, matters: str, resolve: str, rank: int) -> str:
        """Declare an issue and return its slug."""
        if slug in self.issues:
            raise ValueError(f"{self.name}: the issue {slug!r} is declared twice")
        self.issues[slug] = Issue(slug, title, matters, resolve, rank)
        return slug

    def put(
        self,
        check: Callable[..., Result],
        inputs: Mapping[str, str | Sequence[str]],
        *,
        issue: str = "",
        raises: str = "",
        assumes: str = "",
        unstated: str = "",
        also: Iterable[str] = (),
        **given: object,
    ) -> Result:
        """Put a check to printed numbers and keep the finding.

        Parameters
        ----------
        check : a function marked by `printcheck.checks.check`
        inputs : argument name to the id of a printed number, or to several ids for a sequence
        issue : issue that the finding belongs to whatever its verdict
        raises : issue that it belongs to unless it is ``consistent`` or ``measured``
        assumes : what the plan adds to the assumptions of the check
        unstated : what the paper leaves open that the formula needs, as a clause; numbers that do not fit it
            are then ``cannot tell``, not ``inconsistent``
        also : ids that the arithmetic rests on but takes from `given`, such as a sample's first and last year
        given : other arguments, passed as they are

        Notes
        -----
        Numbers that do not fit are ``cannot tell`` too where the reading of one of them is in doubt.
        """
        arguments = {
            name: self[which] if isinstance(which, str) else [self[one] for one in which]
            for name, which in inputs.items()
        }
        listed = [i for w in inputs.values() for i in ([w] if isinstance(w, str) else w)]
        ids = tuple(dict.fromkeys([*listed, *also]))
        result = self._soften(check(**arguments, **given), ids, unstated)
        settled = result.verdict in (CONSISTENT, MEASURED)
        first = self.row(ids[0])
        self.findings.append(
            Finding(
                section=first.section,
                table=first.table,
                kind=check.kind,
                name=check.__name__,
                ids=ids,
                inputs=self._inputs(ids, given),
                formula=check.formula,
                reference=check.reference,
                assumes=" ".join(_sentence(one) for one in (check.assumes, assumes) if one),
                issue=issue or ("" if settled else raises),
                doubt=self._doubt(ids),
                **vars(result),
            )
        )
        return result

    def _soften(self, result: Result, ids: Sequence[str], unstated: str) -> Result:
        """Take ``inconsistent`` back where the paper, or our reading of it, leaves something open."""
        if result.verdict != INCONSISTENT:
            return result
        reasons = [f"The paper does not state {unstated}."] if unstated else []
        unsure = [one for one in ids if self.row(one).doubt == DIGIT]
        if unsure and not reasons:
            reasons = [f"Our reading of {' and '.join(unsure)} in the scan is in doubt."]
        if not reasons:
            return result
        return replace(result, verdict=CANNOT_TELL, sentence=" ".join([result.sentence, *reasons]))

    def _inputs(self, ids: Sequence[str], given: dict[str, object]) -> str:
        numbers = [f"{one} = {self.row(one).printed}{'*' * self.stars(one)}" for one in ids]
        simple = [f"{k} = {v}" for k, v in given.items() if isinstance(v, int | float | str)]
        return "; ".join([*numbers, *simple])

    def _doubt(self, ids: Sequence[str]) -> str:
        return "; ".join(f"{one}: {self.row(one).note}" for one in ids if self.row(one).doubt)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].removesuffix('.')}."
