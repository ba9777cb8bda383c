"""Room: robustness. Would the finding survive another assignment, sample, instrument or omitted variable?"""

from nqp.robustness.bacon import BaconDecomposition, goodman_bacon
from nqp.robustness.confounding import ImpactThreshold, ReplacementRobustness, itcv, rir
from nqp.robustness.covariate_balance import balance
from nqp.robustness.errors import DesignError
from nqp.robustness.matching import Match, Rule, match, match_scores
from nqp.robustness.random_assignment import Placebo, placebo
from nqp.robustness.score import propensity_score
from nqp.robustness.weak_instruments import (
    AndersonRubin,
    EffectiveF,
    ReducedForm,
    anderson_rubin,
    effective_f,
    reduced_form,
    tf_interval,
)

__all__ = [
    "AndersonRubin",
    "BaconDecomposition",
    "DesignError",
    "EffectiveF",
    "ImpactThreshold",
    "Match",
    "Placebo",
    "ReducedForm",
    "ReplacementRobustness",
    "Rule",
    "anderson_rubin",
    "balance",
    "effective_f",
    "goodman_bacon",
    "itcv",
    "match",
    "match_scores",
    "placebo",
    "propensity_score",
    "reduced_form",
    "rir",
    "tf_interval",
]
