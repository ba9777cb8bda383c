"""Published numbers, verdicts and the ledger."""

from nqp.evidence.ledger import Ledger
from nqp.evidence.published import published

__all__ = ["Ledger", "published"]
