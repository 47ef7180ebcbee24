"""Money is whole cents; this is the only module that divides it.

Prices are gross. VAT follows section 14 UStG as tills do it: once per order and rate, on the gross
sum of that rate, rounded half up; net is what remains, so that net + VAT is the gross to the cent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT of one rate within one order, in cents; the rate in basis points (1900 is 19 %)."""

    rate_basis_points: int
    gross_cents: int
    vat_cents: int

    @property
    def net_cents(self) -> int:
        return self.gross_cents - self.vat_cents


def vat_in_gross(gross_cents: int, rate_basis_points: int) -> int:
    """The VAT contained in a gross sum, half up (away from zero for a refund's negative sum)."""
    if gross_cents < 0:
        return -vat_in_gross(-gross_cents, rate_basis_points)
    divisor = BASIS_POINTS + rate_basis_points
    return (2 * gross_cents * rate_basis_points + divisor) // (2 * divisor)


def taxes(amounts: Iterable[tuple[int, int]]) -> tuple[Tax, ...]:
    """VAT per rate of (rate in basis points, gross cents) pairs, lowest rate first."""
    gross_by_rate: dict[int, int] = {}
    for rate, gross in amounts:
        gross_by_rate[rate] = gross_by_rate.get(rate, 0) + gross
    return tuple(
        Tax(rate, gross, vat_in_gross(gross, rate)) for rate, gross in sorted(gross_by_rate.items())
    )


def split(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Shares of a non-negative total by largest remainder: they sum to the total, to the cent.

    Equal remainders go to the earlier share. Weights of zero throughout share equally.
    """
    if total_cents < 0 or not weights or any(weight < 0 for weight in weights):
        raise ValueError("split needs a non-negative total and non-negative weights")
    effective = list(weights) if sum(weights) else [1] * len(weights)
    whole = sum(effective)
    shares = [total_cents * weight // whole for weight in effective]
    remainders = [total_cents * weight % whole for weight in effective]
    by_remainder = sorted(range(len(shares)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: total_cents - sum(shares)]:
        shares[index] += 1
    return shares


def parse_price(text: str) -> int | None:
    """Cents of a price as people write it ("12,50 EUR", "1.234,5", "9"), or None."""
    digits = "".join(character for character in text if character in "0123456789,.")
    if not digits.strip(",.") or "-" in text:
        return None
    separator = max(digits.rfind(","), digits.rfind("."))
    fraction = digits[separator + 1 :] if separator >= 0 else ""
    if separator >= 0 and len(fraction) <= 2:
        whole = digits[:separator].replace(",", "").replace(".", "")
        return int(whole or "0") * 100 + int(fraction.ljust(2, "0"))
    return int(digits.replace(",", "").replace(".", "")) * 100


def amount(cents: int) -> Decimal:
    """The sum in whole units, for whoever prints it."""
    return Decimal(cents).scaleb(-2)
