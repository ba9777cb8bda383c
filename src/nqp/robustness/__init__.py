"""Room: robustness. Would the finding survive another assignment, sample, instrument or omitted variable?"""

from nqp.robustness.bacon import goodman_bacon
from nqp.robustness.covariate_balance import balance
from nqp.robustness.matching import Match, Rule, match
from nqp.robustness.random_assignment import placebo
from nqp.robustness.weak_instruments import anderson_rubin, critical_f, reduced_form, tf_interval

__all__ = [
    "Match",
    "Rule",
    "anderson_rubin",
    "balance",
    "critical_f",
    "goodman_bacon",
    "match",
    "placebo",
    "reduced_form",
    "tf_interval",
]
