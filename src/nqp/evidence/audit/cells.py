"""A paper's printed numbers under their ids, and checks put to them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from nqp.evidence.audit.checks import CANNOT_TELL, INCONSISTENT, Result
from nqp.evidence.audit.intervals import Interval, rounding
from nqp.evidence.published import published
from nqp.papers import suggest

# Remarks of our transcription that cast doubt on a digit, not on what the paper means by it.
DOUBT = re.compile(r"(?<!clean )OCR|DOUBT|CONFLICT|digit may have been lost")
# Remarks that say that we may have misread a digit: then arithmetic says nothing about the paper.
UNSURE = re.compile(r"DOUBT")

# Rank of a finding that is given no place among those that matter.
UNRANKED = 99


@dataclass(frozen=True)
class Finding:
    """One check put to printed numbers.

    Attributes
    ----------
    study, section, table : where it belongs: the chapter and the printed table of its first input
    kind, name : kind of check and the function that made it
    ids : the printed numbers that entered
    inputs : the same with their names in the formula and what was printed, as text
    formula, reference, assumes : of the check; `assumes` also holds what the plan adds
    verdict, implied, printed, sentence : as in `Result`
    matters : what reading of the paper the finding changes; empty for a finding that changes none
    resolve : what would settle it
    doubt : remark of our transcription on one of the inputs, when there is one
    rank : place among the findings that matter, 1 first; those without a place come last
    """

    study: str
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
    matters: str = ""
    resolve: str = ""
    doubt: str = ""
    rank: int = UNRANKED


@dataclass
class Cells:
    """The printed numbers of one paper and the findings made on them so far."""

    study: str
    numbers: pd.DataFrame = field(repr=False)
    findings: list[Finding] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, study: str) -> "Cells":
        """Open the printed numbers of a study."""
        return cls(study, published(study))

    def __getitem__(self, number: str) -> Interval:
        """Return every value that rounds to a printed number."""
        return rounding(self.row(number).printed)

    def row(self, number: str) -> pd.Series:
        """Return the row of a printed number, or say which ids are near."""
        if number not in self.numbers.index:
            raise KeyError(f"{self.study} prints no {number}{suggest(number, self.numbers.index)}")
        return self.numbers.loc[number]

    def stars(self, number: str) -> int:
        """Return the printed stars of a coefficient."""
        return int(self.row(number).stars or 0)

    def ids(self, pattern: str) -> list[str]:
        """Return the ids that match a regular expression from start to end, in printed order."""
        return [number for number in self.numbers.index if re.fullmatch(pattern, number)]

    def put(
        self,
        check: Callable[..., Result],
        inputs: dict[str, str | Sequence[str]],
        *,
        matters: str = "",
        resolve: str = "",
        assumes: str = "",
        unstated: str = "",
        rank: int = UNRANKED,
        also: Iterable[str] = (),
        **given: object,
    ) -> Result:
        """Put a check to printed numbers and keep the finding.

        Parameters
        ----------
        check : a function marked by `nqp.evidence.audit.checks.check`
        inputs : argument name to the id of a printed number, or to several ids for a sequence
        matters, resolve, assumes, rank : as in `Finding`
        unstated : what the paper leaves open that the formula needs, as a clause; numbers that do not fit it
            are then ``cannot tell``, not ``inconsistent``
        also : ids that the arithmetic rests on but takes from `given`, such as a sample's first and last year
        given : other arguments, passed as they are

        Notes
        -----
        Numbers that do not fit are ``cannot tell`` too where our own reading of one of them is in doubt.
        """
        arguments = {
            name: self[which] if isinstance(which, str) else [self[one] for one in which]
            for name, which in inputs.items()
        }
        result = check(**arguments, **given)
        if unstated and result.verdict == INCONSISTENT:
            result = replace(
                result,
                verdict=CANNOT_TELL,
                sentence=f"{result.sentence} The paper does not state {unstated}.",
            )
        ids = tuple(
            dict.fromkeys(
                [i for w in inputs.values() for i in ([w] if isinstance(w, str) else w)] + list(also)
            )
        )
        unsure = [one for one in ids if UNSURE.search(self.row(one).note)]
        if unsure and result.verdict == INCONSISTENT:
            words = f"{result.sentence} Our reading of {' and '.join(unsure)} in the scan is in doubt."
            result = replace(result, verdict=CANNOT_TELL, sentence=words)
        first = self.row(ids[0])
        self.findings.append(
            Finding(
                study=self.study,
                section=first.chapter,
                table=first.table,
                kind=check.kind,
                name=check.__name__,
                ids=ids,
                inputs=self._inputs(ids, given),
                formula=check.formula,
                reference=check.reference,
                assumes=" ".join(_sentence(one) for one in (check.assumes, assumes) if one),
                verdict=result.verdict,
                implied=result.implied,
                printed=result.printed,
                sentence=result.sentence,
                matters=matters,
                resolve=resolve,
                doubt=self._doubt(ids),
                rank=rank,
            )
        )
        return result

    def _inputs(self, ids: Sequence[str], given: dict[str, object]) -> str:
        numbers = [f"{one} = {self.row(one).printed}{'*' * self.stars(one)}" for one in ids]
        simple = [f"{k} = {v}" for k, v in given.items() if isinstance(v, int | float | str)]
        return "; ".join([*numbers, *simple])

    def _doubt(self, ids: Sequence[str]) -> str:
        notes = self.numbers.loc[list(ids), "note"]
        return "; ".join(f"{one}: {note}" for one, note in notes.items() if DOUBT.search(note))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].removesuffix('.')}."
