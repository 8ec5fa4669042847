"""Jobs that report by themselves, and what is agreed with them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from config.base import Model
from config.errors import Wrong
from config.secrets import Secret
from config.units import Day, Duration, Interval

SizeManner = Literal["steady", "varying", "ignored"]

SHORTEST_TOKEN = 12  # characters: wrong tokens are slowed down, but never refused without being looked at


class Heartbeat(Model):
    """A job that reports by itself, by calling /ping/<service>."""

    every: Interval = Field(description="How often it reports success.")
    grace: Duration = Field(default=0.0, description="How late it may be.")
    longest: Interval | None = Field(
        default=None, description="How long one run may take, for a job that reports its start (`/start`), too."
    )
    token: Secret = Field(description="Secret that the call must carry, at least 12 characters.")
    restore_tested: Day | None = Field(default=None, description="When a restore was last tested.")
    restore_every: Interval | None = Field(default=None, description="How often a restore must be tested.")
    sizes: SizeManner = Field(
        default="steady",
        description="How large its backups are, where it tells (`?size=`): about the same, or now and then (`steady`); "
        "anything but nothing at all (`varying`, for incremental ones); not judged (`ignored`).",
    )

    @model_validator(mode="after")
    def _tellable(self) -> Heartbeat:
        token = self.token.get_secret_value()
        if token != token.strip():
            raise Wrong("the token begins or ends with a space, which no header can carry")
        if len(token) < SHORTEST_TOKEN:
            raise Wrong(f"the token is shorter than {SHORTEST_TOKEN} characters", "openssl rand -hex 16")
        if self.longest is not None and self.longest > self.every:
            raise Wrong("longest must not be longer than every", "every is the time from one success to the next")
        if self.restore_tested is not None and self.restore_every is None:
            raise Wrong("restore_tested needs restore_every", "e.g. 180d")
        return self
