from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """`what` is fit for everybody's eyes; `details` may name hosts and paths."""

    what: str
    details: str

    def __str__(self) -> str:
        return f"{self.what}: {self.details}"
