"""What a printed number says: every value that rounds to it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import inf, log10, nextafter, sqrt


@dataclass(frozen=True)
class Interval:
    """A closed interval of real numbers; arithmetic returns every value that the operands allow.

    Operands are taken as unrelated. Where one number occurs twice in a formula the result can only be too wide,
    so "outside the interval" stays a safe thing to say; `extremes` gives the sharp one for monotone formulas.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval cannot run from {self.low} to {self.high}")

    def __add__(self, other: "Interval | float") -> "Interval":
        other = interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval | float") -> "Interval":
        return self + -interval(other)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __mul__(self, other: "Interval | float") -> "Interval":
        other = interval(other)
        ends = [a * b if a and b else 0.0 for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: "Interval | float") -> "Interval":
        """Divide; a ZeroDivisionError where the denominator may have either sign or is zero."""
        other = interval(other)
        if other.low < 0 < other.high or other.low == other.high == 0:
            raise ZeroDivisionError(f"a denominator from {other.low:g} to {other.high:g} may be zero")
        if other.low == 0:
            other = Interval(nextafter(0, 1), other.high)
        if other.high == 0:
            other = Interval(other.low, nextafter(0, -1))
        return self * Interval(1 / other.high, 1 / other.low)

    def __radd__(self, other: float) -> "Interval":
        return interval(other) + self

    def __rsub__(self, other: float) -> "Interval":
        return interval(other) - self

    def __rmul__(self, other: float) -> "Interval":
        return interval(other) * self

    def __rtruediv__(self, other: float) -> "Interval":
        return interval(other) / self

    def __abs__(self) -> "Interval":
        if self.low <= 0 <= self.high:
            return Interval(0.0, max(-self.low, self.high))
        return self if self.low > 0 else -self

    def squared(self) -> "Interval":
        """Return the squares; tighter than ``x * x`` when the interval holds zero."""
        size = abs(self)
        return Interval(size.low**2, size.high**2)

    def root(self) -> "Interval":
        """Return the square roots of the part that is not negative."""
        return Interval(sqrt(max(self.low, 0.0)), sqrt(max(self.high, 0.0)))

    @property
    def middle(self) -> float:
        """The number as printed."""
        return (self.low + self.high) / 2

    def meets(self, other: "Interval | float") -> bool:
        """Whether the two have a value in common, up to 1e-9 of their size."""
        other = interval(other)
        slack = 1e-9 * max(
            1e-6, *(abs(x) for x in (self.low, self.high, other.low, other.high) if abs(x) < inf)
        )
        return self.low <= other.high + slack and other.low <= self.high + slack

    def __str__(self) -> str:
        return span(self)


def interval(value: Interval | float) -> Interval:
    """Return a number as an interval without width; leave an interval alone."""
    return value if isinstance(value, Interval) else Interval(float(value), float(value))


def rounding(printed: str, *, count: bool = True) -> Interval:
    """Return every value that rounds to a printed string, ``1.2e-05`` too; a tie may have been rounded either way.

    A percent sign is read off: the interval is in the printed unit. A whole number without a point is an exact count,
    or with ``count=False`` a rounded one, as an F printed 105.
    """
    text = printed.strip().removesuffix("%").replace(",", "").replace("\u2212", "-")
    value = float(text)
    if count and text.lstrip("+-").isdecimal() and not printed.strip().endswith("%"):
        return interval(value)
    half = 0.5 * 10.0 ** Decimal(text).as_tuple().exponent
    return Interval(value - half, value + half)


def as_printed(value: Interval) -> str:
    """Write the number whose rounding interval this is, with its trailing zeros; any other interval as `span` does."""
    width = value.high - value.low
    if width == 0:
        return f"{value.middle:g}"
    digits = -log10(width)
    if width == inf or abs(digits - round(digits)) > 1e-6:
        return span(value)
    return f"{value.middle:.{max(0, round(digits))}f}"


def extremes(function: Callable[..., float], *arguments: Interval | float) -> Interval:
    """Return the range of a function that is monotone in each argument: its values at the corners."""
    corners = product(*({one.low, one.high} for one in map(interval, arguments)))
    values = [function(*corner) for corner in corners]
    return Interval(min(values), max(values))


def span(value: Interval, digits: int = 4) -> str:
    """Write an interval as ``low to high``; a single number alone, whole numbers without a point.

    Parameters
    ----------
    digits : fewest significant digits; as many more are shown as bring both ends within a quarter of the width, so
        that the half units at the ends of a rounding interval are not rounded away
    """
    if value.low == value.high:
        return f"{value.low:.{digits}g}" if value.low != round(value.low) else f"{value.low:.0f}"
    near = (value.high - value.low) / 4
    for count in range(digits, 13):
        low, high = f"{value.low:.{count}g}", f"{value.high:.{count}g}"
        exact = abs(float(low) - value.low) <= near and abs(float(high) - value.high) <= near
        if low != high and (exact or value.high == inf or value.low == -inf):
            return f"{low} to {high}"
    return low
