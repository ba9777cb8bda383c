"""Published numbers, verdicts and the ledger."""

from nqp.evidence.ledger import Ledger
from nqp.evidence.published import published
from nqp.evidence.verdicts import twin_verdict

__all__ = ["Ledger", "published", "twin_verdict"]
