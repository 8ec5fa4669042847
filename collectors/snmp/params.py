"""What can be set of an SNMP check."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from pydantic import Field, field_validator, model_validator

from collectors.snmp.parse import MAX_SERIES
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.walking.walk import MAX_REPETITIONS, MAX_ROWS
from config.base import Model


class SnmpParams(Model):
    """A device's own ``snmp:`` section; what it leaves out is learnt from the device."""

    engine: Engine = Field(
        default="auto",
        description="gufo is fast, pysnmp puts up with more; auto changes over where the fast one cannot read.",
    )
    retries: int = Field(default=1, ge=0, le=5, description="How often a request without answer is sent again.")
    accept_from: tuple[str, ...] = Field(
        default=(), description="Other addresses that this device may answer from (v1, v2c; clusters, VRRP)."
    )
    request_id_bits: Literal[16, 32] = Field(
        default=32, description="16 for a device that answers with half of the request-id (v1, v2c)."
    )
    max_repetitions: int = Field(
        default=MAX_REPETITIONS, ge=1, le=MAX_REPETITIONS, description="Rows that one GETBULK may ask for at most."
    )
    max_rows: int = Field(default=MAX_ROWS, ge=1, description="Rows after which the walk of one subtree is stopped.")
    max_series: int = Field(default=MAX_SERIES, ge=1, description="Series kept of this device; those beyond are cut.")

    @field_validator("accept_from")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            ip_address(text)
        return value

    @model_validator(mode="after")
    def _need_the_compatible_engine(self) -> SnmpParams:
        if self.engine == "gufo" and (self.accept_from or self.request_id_bits != 32):
            raise ValueError("accept_from and request_id_bits need engine: auto or pysnmp")
        return self
