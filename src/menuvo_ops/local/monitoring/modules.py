"""What Gatus and Beszel are built of, by the pins in `infra`."""

from pathlib import Path

from menuvo_ops.local.golang import Module

# The module whose pages npm builds.
BESZEL = "github.com/henrygd/beszel"


def gatus(checkout: Path) -> Module:
    return Module("gatus", checkout / "infra/gatus/build", "github.com/TwiN/gatus/v5")


def hub(checkout: Path) -> Module:
    return Module("beszel", checkout / "infra/beszel/build", f"{BESZEL}/internal/cmd/hub")


def agent(checkout: Path) -> Module:
    return Module("agent", checkout / "infra/beszel/build", f"{BESZEL}/internal/cmd/agent")
