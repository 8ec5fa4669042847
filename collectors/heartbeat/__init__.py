"""Check ``heartbeat``: what a job that reports by itself last said."""

from agent.contract import CollectorSpec
from collectors.heartbeat.collector import build
from collectors.heartbeat.parse import FAMILIES
from config.heartbeats import Heartbeat

SPEC = CollectorSpec("heartbeat", Heartbeat, FAMILIES, build)
