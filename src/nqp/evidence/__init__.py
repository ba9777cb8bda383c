"""Published numbers, verdicts and the ledger."""

from nqp.evidence.entries import Estimate, LedgerError
from nqp.evidence.ledger import Ledger
from nqp.evidence.published import published
from nqp.evidence.verdicts import REASONS, exact_verdict, sign_verdict, twin_verdict

__all__ = [
    "REASONS",
    "Estimate",
    "Ledger",
    "LedgerError",
    "exact_verdict",
    "published",
    "sign_verdict",
    "twin_verdict",
]
