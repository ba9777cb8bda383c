"""Reading a ``twin.yml``: every mistake is named with file and key before anything is drawn."""

from collections.abc import Iterator
from typing import Any

import yaml

from nqp.evidence.published import published
from nqp.manifest import path_of
from nqp.papers import paper, papers
from nqp.twin.declared import ContradictoryTargets, TwinError, declare
from nqp.twin.study_file import AS_PRINTED, NAME, STATS, StudyFile, Target


def available() -> list[str]:
    """Return the papers that have a twin."""
    return [slug for slug, one in papers().items() if NAME in one.files]


def read_study(slug: str) -> StudyFile:
    """Read ``twin.yml`` of a paper; a TwinError says that there is none, or names the key that cannot be used."""
    if NAME not in paper(slug).files:
        raise TwinError(f"{slug} has no twin; papers with one: {', '.join(available())}")
    return parse_study(slug, yaml.safe_load(path_of(paper(slug).file(NAME)).read_text(encoding="utf-8")))


def parse_study(slug: str, raw: dict[str, Any]) -> StudyFile:
    """Turn the content of a ``twin.yml`` into a `StudyFile` and refuse what cannot be used."""
    study = StudyFile(paper(slug), declare(raw, f"data/papers/{slug}/{NAME}"), published(slug))
    for key, what, names, known in _names(study):
        study.known(key, what, names, known)
    _moments(study)
    _targets(study)
    for name, world in study.worlds.items():
        if study.departs(name) and (world.drop or world.loose or world.rise):
            said = "effect, effects, drift and spillover go with no loose, drop or rise: nothing is solved"
            raise study.mistake(f"worlds: {name}", said)
    return study


def _drawn(study: StudyFile) -> list[str]:
    treatments = study.declared.treatments.items()
    others = [*study.declared.moderators, *study.declared.mediators]
    return [*study.paper.controls, *others, *(k for k, t in treatments if not t.policy)]


def _names(study: StudyFile) -> Iterator[tuple]:
    """Yield every key that names something: key, what it names, the names, and those there are."""
    declared = study.declared
    policies = [t.policy for t in declared.treatments.values() if t.policy]
    yield "treatments", "treatment", declared.treatments, [*study.paper.treatments, *declared.covariates]
    yield "treatments", "policy", policies, study.paper.policies or {}
    yield "treatments", "treatment of the headline", study.headline, declared.treatments
    yield "columns", "regression of the headline", study.headline.values(), study.columns
    yield "covariates", "control, moderator or treatment", declared.covariates, _drawn(study)
    for name, column in study.columns.items():
        key = f"columns: {name}"
        yield key, "outcome", [column.outcome], [study.paper.outcome, *study.dimensions]
        yield key, "control", column.controls, study.paper.controls
        yield key, "subsample", [column.rows], ["all", *declared.subsamples]
        yield key, "effects", [column.effects], ["unit", "unit+year", "unit+province-year"]
        yield key, "instrument", [column.instrument], ["", *declared.instruments]
    for name, path in study.declared.mediators.items():
        yield f"mediators: {name}", "id of published.csv", path, study.numbers.index
    for target in study.targets:
        yield "targets", f"regression of {target.id},", [target.column], study.columns
    yield "worlds", "world", [AS_PRINTED], [name for name in study.worlds if not study.departs(name)]
    for name, world in study.worlds.items():
        yield f"worlds: {name}", "target", world.drop, [t.id for t in study.targets]
        yield f"worlds: {name}", "dimension", world.rise, study.dimensions
        yield f"worlds: {name}, effects", "treatment", world.effects, declared.treatments


def _moments(study: StudyFile) -> None:
    """Refuse a variable that is not drawn, has no moments, or has shares of variance that exceed one."""
    for name in _drawn(study):
        if name not in study.declared.covariates:
            said = f"{name} is not drawn; say how, or `{name}: {{}}` for the defaults"
            raise study.mistake("covariates", said)
        spec, key = study.declared.covariates[name], f"covariates: {name}"
        if missing := [stat for stat in STATS if stat not in study.moments(name)]:
            raise study.mistake(key, f"print has no {', '.join(missing)} of it; declare them")
        if spec.between + spec.trend**2 > 1:
            raise study.mistake(key, "between and the square of trend are shares: at most 1 together")
    for name in study.dimensions:
        if "mean" not in study.moments(name):
            raise study.mistake(f"outcome, dimensions: {name}", "print has no mean of it; declare one")


def _targets(study: StudyFile) -> None:
    """Refuse ids that are not printed, and two values for one coefficient, as of a table and a text that disagree."""
    first: dict[tuple[str, str], Target] = {}
    for target in study.targets:
        other = first.setdefault((target.column, target.term), target)
        if other is not target:
            both = f"{other.id} = {other.value:g} and {target.id} = {target.value:g}"
            raise ContradictoryTargets(
                f"{study.mistake('targets', both)} are the same coefficient, {target.term} of {target.column}: residual"
                f" {target.value - other.value:+.6f}. Move one of them to `untargeted` with the reason"
            )
    for number in study.declared.untargeted:
        if not study.numbers.index.str.startswith(f"{number}.").any():
            study.value(number, "untargeted")
