"""Reading a ``twin.yml``: every mistake is named with file and key before anything is drawn."""

from collections.abc import Iterable
from typing import Any

import yaml

from nqp.data.manifest import path_of
from nqp.evidence.published import published
from nqp.papers import paper, papers, suggest
from nqp.twin.declared import ContradictoryTargets, TwinError, declare
from nqp.twin.study_file import AS_PRINTED, NAME, STATS, StudyFile, Target

EFFECTS = ("unit", "unit+year", "unit+province-year")


def available() -> list[str]:
    """Return the papers that have a twin."""
    return [slug for slug, one in papers().items() if NAME in one.files]


def read_study(slug: str) -> StudyFile:
    """Read ``twin.yml`` of a paper.

    Raises
    ------
    TwinError
        When the paper has no twin, or its file cannot be used; the message names the key.
    """
    if NAME not in paper(slug).files:
        raise TwinError(f"{slug} has no twin; papers with one: {', '.join(available())}")
    return parse_study(slug, yaml.safe_load(path_of(paper(slug).file(NAME)).read_text(encoding="utf-8")))


def parse_study(slug: str, raw: dict[str, Any]) -> StudyFile:
    """Turn the content of a ``twin.yml`` into a `StudyFile` and refuse what cannot be used."""
    study = StudyFile(paper(slug), declare(raw, f"data/papers/{slug}/{NAME}"), published(slug))
    for check in (_treatments, _covariates, _columns, _targets, _worlds):
        check(study)
    return study


def _known(study: StudyFile, key: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            said = f"unknown {what} {name!r}{suggest(name, known)}; there are {', '.join(known) or 'none'}"
            raise study.mistake(key, said)


def _treatments(study: StudyFile) -> None:
    declared, policies = study.declared.treatments, study.paper.policies or {}
    _known(study, "treatments", "treatment", declared, study.paper.treatments)
    _known(study, "treatments", "policy", [t.policy for t in declared.values() if t.policy], policies)
    _known(study, "treatments", "treatment of the headline", study.headline, declared)
    _known(study, "columns", "regression of the headline", study.headline.values(), study.columns)


def _covariates(study: StudyFile) -> None:
    declared = study.declared
    drawn = [name for name, spec in declared.treatments.items() if not spec.policy]
    needed = [*study.controls, *declared.moderators, *drawn]
    _known(study, "covariates", "control, moderator or treatment", declared.covariates, needed)
    for name in needed:
        if name not in declared.covariates:
            raise study.mistake(
                "covariates", f"{name} is not drawn; say how, or `{name}: {{}}` for the defaults"
            )
        if missing := [stat for stat in STATS if stat not in study.moments(name)]:
            raise study.mistake(
                f"covariates: {name}", f"print has no {', '.join(missing)} of it; declare them"
            )
    for name, spec in declared.covariates.items():
        if spec.between + spec.trend**2 > 1:
            raise study.mistake(
                f"covariates: {name}", "between and the square of trend are shares: at most 1 together"
            )
    for name in study.dimensions:
        if "mean" not in study.moments(name):
            raise study.mistake(f"outcome, dimensions: {name}", "print has no mean of it; declare one")


def _columns(study: StudyFile) -> None:
    for name, column in study.columns.items():
        key = f"columns: {name}"
        _known(study, key, "outcome", [column.outcome], [study.outcome, *study.dimensions])
        _known(study, key, "control", column.controls, study.controls)
        _known(study, key, "subsample", [column.rows], ["all", *study.declared.subsamples])
        _known(study, key, "effects", [column.effects], EFFECTS)
        if column.instrument:
            _known(study, key, "instrument", [column.instrument], study.declared.instruments)


def _targets(study: StudyFile) -> None:
    """Refuse ids that are not printed, and two values for one coefficient, as of a table and a text that disagree."""
    first: dict[tuple[str, str], Target] = {}
    for target in study.targets:
        _known(study, "targets", f"regression of {target.id},", [target.column], study.columns)
        other = first.setdefault((target.column, target.term), target)
        if other is not target:
            raise ContradictoryTargets(
                f"{study.mistake('targets', other.id)} = {other.value:g} and {target.id} = {target.value:g} are the"
                f" same coefficient, {target.term} of {target.column}: residual {target.value - other.value:+.6f}."
                " Keep one under `targets` and move the other to `untargeted` with the reason"
            )
    for number in study.declared.untargeted:
        if not any(one.startswith(f"{number}.") for one in study.numbers.index):
            study.value(number, "untargeted")


def _worlds(study: StudyFile) -> None:
    _known(study, "worlds", "world", [AS_PRINTED], [name for name in study.worlds if not study.departs(name)])
    for name, world in study.worlds.items():
        key = f"worlds: {name}"
        _known(study, key, "target", world.drop, [t.id for t in study.targets])
        _known(study, key, "dimension", world.rise, study.dimensions)
        if study.departs(name) and (world.drop or world.loose or world.rise):
            raise study.mistake(
                key, "effect, drift and spillover go with no loose, drop or rise: nothing is solved"
            )
