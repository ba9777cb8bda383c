"""What a student's notebook imports: the seed of a student number, and how an answer is handed in."""

import json
from typing import Any

from nqp.papers import Refusal


def seed(number: str) -> int:
    """Return the seed that a student number stands for, below 2 to the power of 32; refuse what is no digits."""
    if not (number.isascii() and number.isdecimal() and len(number) <= 15):
        raise Refusal(f"the student number is {number[:40]!r}; write 1 to 15 digits, such as 20260017")
    return int(number) % 2**32


def hand_in(number: str, answer: Any) -> int:
    """Print an answer (a number, a text, a truth value, or a list or array) for marking; return the number's seed."""
    plain = answer.tolist() if hasattr(answer, "tolist") else answer
    print(json.dumps(plain, default=lambda one: one.item()))
    return seed(number)
