"""Check ``projector``: one connection a poll, closed at once; nothing is ever switched or set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.contract import CollectError, Harvest, Target, Wire
from agent.layout import LayoutCache, Sample
from collectors.projector import parse
from collectors.projector.client import Conversation, Patience
from collectors.projector.parse import NotPjlink, Question, Reply
from config.schools import Projector

# The rest is for what happens before and after: a poll that ends by itself keeps what it has heard.
SHARE_OF_BUDGET = 0.9


class ProjectorCollector:
    """Reads one projector; satisfies contract.Collector and Traceable."""

    def __init__(self, host: str, port: int, params: Projector, target: Target, wire: Wire) -> None:
        self.trace: Callable[[str], None] | None = None
        self._host = host
        self._port = port
        self._password = None if params.password is None else params.password.get_secret_value()
        self._target = target
        self._wire = wire
        self._layouts = LayoutCache()
        self._facts: dict[Question, str] = {}

    async def collect(self) -> Harvest:
        """Read it once. Raises Unreachable, AuthFailed, BadReply, CannotCheck."""
        address = await self._wire.resolve(self._host)
        patience = Patience(self._target.timeout_seconds, SHARE_OF_BUDGET * self._target.budget_seconds)
        where = f"{self._host} port {self._port}"
        conversation = Conversation(where, patience, self._password, self.trace)
        poll = _Poll(conversation)
        try:
            await conversation.open(address, self._port)
            await poll.ask_state()
            await poll.ask_facts(self._facts)
        except CollectError:
            self._facts.clear()  # it may be another one when it comes back
            raise
        finally:
            conversation.close()
        layout, values = self._layouts.arrange(poll.series())
        return Harvest(layout, values, _named(self._facts), partial=tuple(poll.missing))

    async def close(self) -> None:
        """Nothing stays open between polls."""


@dataclass(slots=True)
class _Poll:
    """What is heard in one poll. ``missing``: what should have been answered and was not, for people."""

    conversation: Conversation
    samples: list[Sample] = field(default_factory=list[Sample])
    missing: list[str] = field(default_factory=list[str])
    power: str | None = None
    is_class_2: bool = False
    has_hung_up: bool = False
    has_failed: bool = False

    async def ask_state(self) -> None:
        """Ask for the power first: without it there is nothing to say. Raises as ``Conversation.ask``."""
        power = await self.conversation.ask(parse.POWER)
        self.power = parse.power_of(power.text)
        self._take(parse.POWER, power)
        answer = await self._heard(parse.CLASS)
        self.is_class_2 = answer is not None and answer.text.strip() == "2"
        for question in parse.STATES_OF_CLASS_2 if self.is_class_2 else parse.STATES:
            heard = await self._heard(question)
            if heard is not None:
                self._take(question, heard)

    async def ask_facts(self, known: dict[Question, str]) -> None:
        """Ask for what does not change and is not known yet."""
        for question in parse.FACTS_OF_CLASS_2 if self.is_class_2 else parse.FACTS:
            if question not in known:
                heard = await self._heard(question)
                if heard is not None and heard.refusal in {None, "undefined"}:
                    known[question] = parse.fact(heard.text)

    async def _heard(self, question: Question) -> Reply | None:
        """Return the answer; after one that failed nothing is asked: whoever hung up or is slow stays so."""
        if self.has_hung_up:
            return None
        try:
            return await self.conversation.ask(question)
        except CollectError as error:
            self.missing.append(f"{question.name}: {error.detail}")
            self.has_hung_up = True
            return None

    def _take(self, question: Question, answer: Reply) -> None:
        """Keep the series. What is not defined, or not to be had in standby, is not missing."""
        if answer.refusal is None:
            try:
                self.samples.extend(parse.samples(question, answer.text))
            except NotPjlink as error:
                self.missing.append(str(error))
        elif answer.refusal == "failure" and question in {parse.POWER, parse.ERRORS}:
            self.has_failed = True
        elif answer.refusal == "failure":
            self.missing.append(f"{question.name}: it cannot tell (ERR4)")
        elif answer.refusal == "time" and self.power not in parse.ASLEEP:
            self.missing.append(f"{question.name}: not now (ERR3)")

    def series(self) -> list[Sample]:
        """Return all that was heard; ERR4 is a failure of the projector, where it does not say of which part."""
        if not self.has_failed:
            return self.samples
        failure = Sample(parse.ERROR, ("other",), 2.0)
        return [*(one for one in self.samples if (one.family, one.labels) != failure[:2]), failure]


def _named(facts: Mapping[Question, str]) -> dict[str, str]:
    return {parse.FACTS_OF_CLASS_2[question]: text for question, text in facts.items() if text}
