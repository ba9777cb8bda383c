"""Room: robustness. Would the finding survive another assignment, sample, instrument or omitted variable?"""

from nqp.robustness.bacon import goodman_bacon
from nqp.robustness.gmm import dynamic_gmm
from nqp.robustness.honest import union_interval
from nqp.robustness.matching import Rule, match
from nqp.robustness.random_assignment import placebo
from nqp.robustness.weak_instruments import ReducedForm, anderson_rubin, reduced_form, tf_interval

__all__ = [
    "ReducedForm",
    "Rule",
    "anderson_rubin",
    "dynamic_gmm",
    "goodman_bacon",
    "match",
    "placebo",
    "reduced_form",
    "tf_interval",
    "union_interval",
]
