"""How a run that did not come to its end exits."""

from __future__ import annotations

from evalharness.errors import ExitCode
from evalharness.model.run import RunState

STATES = {
    RunState.INTERRUPTED: ExitCode.INTERRUPTED,
    RunState.BUDGET: ExitCode.BUDGET,
    RunState.STOPPED: ExitCode.INCOMPLETE,
    RunState.PENDING: ExitCode.INCOMPLETE,
}
