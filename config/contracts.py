"""What providers owe, what was licensed, and what runs out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from config.base import Id, Model, Text
from config.errors import Wrong
from config.hours import ALWAYS, Hours
from config.units import Day, Duration, Rate, Ratio


class Deadline(Model):
    """Something that runs out; reminders come 90, 30 and 7 days before."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    expires: Day = Field(description="Last day.")
    site: Id | None = Field(default=None, description="Whom it concerns.")
    what_to_do: Text | None = Field(default=None, description="What to do about it.")


class Bandwidth(Model):
    """Contracted line rate."""

    down: Rate = Field(description="Towards us.")
    up: Rate = Field(description="Away from us.")


class Contract(Model):
    """What a provider owes."""

    provider: Text = Field(description="Who owes it.")
    availability: Ratio | None = Field(default=None, description="Share of the service hours in a calendar month.")
    hours: Hours = Field(default=ALWAYS, description="Service hours; German or English weekdays, or `always`.")
    bandwidth: Bandwidth | None = Field(default=None, description="Contracted line rate.")
    monthly_cost: float | None = Field(default=None, ge=0, description="Cost of a month.")
    hotline: Text | None = Field(default=None, description="Telephone number for faults.")
    reaction: Duration | None = Field(default=None, description="Time to the provider's reaction.")
    ends: Day | None = Field(default=None, description="Last day of the contract.")
    notice: Duration | None = Field(default=None, description="How long before the end notice must be given.")


Seats = Annotated[int, Field(ge=0, le=10**9)]


class Licence(Model):
    """Seats of a product: how many are held, how many are used, what they cost, when they renew."""

    product: Text = Field(description="What is licensed.")
    name: Text | None = Field(default=None, description="Name for people; default: the product.")
    contract: Id | None = Field(default=None, description="Contract it is bought under.")
    site: Id | None = Field(default=None, description="Whom it concerns.")
    seats: Seats | None = Field(default=None, description="Seats held; default: as the `source` says.")
    used: Seats | None = Field(default=None, description="Seats used, counted by hand.")
    above: Ratio | None = Field(
        default=None, description="Share of the seats above which they are reported; default: that of the rule."
    )
    source: Id | None = Field(default=None, description="Cloud service that counts the seats.")
    sku: Text | None = Field(default=None, description="Its name of the product (Microsoft Graph: skuPartNumber).")
    yearly_cost: float | None = Field(default=None, ge=0, description="Cost of a year, of all seats.")
    renews: Day | None = Field(default=None, description="Last day of the term.")
    notice: Duration | None = Field(default=None, description="How long before that notice must be given.")

    @model_validator(mode="after")
    def _counted_once(self) -> Licence:
        if (self.source is None) != (self.sku is None):
            raise Wrong("source and sku go together", "the sku is the name of the product there, e.g. ENTERPRISEPACK")
        if self.used is not None and self.source is not None:
            raise Wrong("used is counted by hand or by a source, not both")
        return self
