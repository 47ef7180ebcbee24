"""How long a failed job waits: longer each time, and never at the same moment as its neighbours."""

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 900.0


def backoff_seconds(attempts: int, chance: float) -> float:
    """The wait after the nth attempt, for a chance in [0, 1): half of it is fixed, half is luck.

    Two seconds, doubled with every attempt, a quarter of an hour at most.
    """
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempts - 1, 30))
    return longest / 2 + longest / 2 * chance
