"""Messages to people through Apprise, which knows some 170 services."""

from __future__ import annotations

from functools import partial

from pydantic import SecretStr

from agent.contract import CannotCheck, Delivered, Delivery, Parcel, Rejected, Retry, Wire
from exporters.messages.briefing import Briefing
from exporters.messages.compose import compose
from exporters.ways import RETRY_SECONDS, Way, load_ways, name_of


class AppriseDeliverer:
    """Delivers over one Apprise URL of a receiver; ``place``: what it is called, e.g. "URL 1 of on-call".

    The URL holds secrets: neither it nor what Apprise says about it reaches a log or a result.
    """

    def __init__(self, place: str, url: SecretStr, briefing: Briefing, wire: Wire) -> None:
        self._place = place
        self._url = url
        self._briefing = briefing
        self._wire = wire
        self._way: Way | None = None

    async def deliver(self, parcel: Parcel) -> Delivery:
        """Try once; why it failed names the URL by its place. Not to be called again meanwhile."""
        message = compose(parcel, self._briefing)
        try:
            if self._way is None:
                (self._way,) = await self._wire.blocking("apprise", partial(load_ways, (self._url,)))
            if self._way is None:
                return Rejected(f"{self._place} is none that Apprise knows")
            outcome = await self._wire.blocking("apprise", partial(self._way.send, message, parcel.key))
        except CannotCheck as error:
            return Retry(RETRY_SECONDS, f"{self._place}: {error.detail}")
        match outcome:
            case Delivered():
                return outcome
            case Retry(after_seconds=seconds, why=why):
                return Retry(seconds, f"{self._place} did not take the message: {why}")
            case Rejected(why=why):
                return Rejected(f"{self._place} refused the message: {why}")


def deliverers_of(
    receiver: str, urls: tuple[SecretStr, ...], briefing: Briefing, wire: Wire
) -> dict[str, AppriseDeliverer]:
    """Return one for each URL, in their order, by ``name_of`` it."""
    return {
        name_of(number, url): AppriseDeliverer(f"URL {number} of {receiver}", url, briefing, wire)
        for number, url in enumerate(urls, 1)
    }
