"""What can be set of an SNMP check."""

from __future__ import annotations

from pydantic import Field

from collectors.snmp.walk import MAX_REPETITIONS, MAX_ROWS
from config.base import Model


class SnmpParams(Model):
    """A device's own ``snmp:`` section; what it leaves out is learnt from the device."""

    max_repetitions: int = Field(
        default=MAX_REPETITIONS, ge=1, le=MAX_REPETITIONS, description="Rows that one GETBULK may ask for at most."
    )
    max_rows: int = Field(default=MAX_ROWS, ge=1, description="Rows after which the walk of one subtree is stopped.")
