"""What a student's notebook imports: the seed of a number, and how an answer leaves the kernel."""

from typing import Any

from nqp.papers import Refusal

DIGITS = 15
ANSWER = "application/x.nqp-answer+json"
LONGEST = 10_000  # characters of an answer


def seed(number: str) -> int:
    """Return the seed that a student number stands for, below 2 to the power of 32.

    A `Refusal` names a number that is empty, too long, or holds other characters than the digits 0 to 9.
    """
    number = str(number)
    if not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
        raise Refusal(f"the student number is {number[:40]!r}; write 1 to {DIGITS} digits, such as 20260017")
    return int(number) % 2**32


def plain(value: Any) -> Any:
    """Return an answer as JSON holds it: numbers, texts and truth values, alone or in lists.

    A TypeError says what cannot be an answer.
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(
        f"an answer is a number, a text, a truth value or a list of them, not {type(value).__name__}"
    )


def hand_in(name: str, value: Any) -> None:
    """Publish an answer as an output of the running cell."""
    import json

    from IPython.display import display

    written = json.dumps({name: plain(value)})
    if len(written) > LONGEST:
        raise ValueError(f"{name} is written with {len(written)} characters; an answer has at most {LONGEST}")
    display({ANSWER: written}, raw=True)
