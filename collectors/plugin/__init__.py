"""Check ``plugin``: any program that speaks the Nagios plug-in interface."""

from agent.contract import CollectorSpec
from collectors.plugin.collector import build, remark
from collectors.plugin.families import FAMILIES
from config.plugin import PluginParams

SPEC = CollectorSpec("plugin", PluginParams, FAMILIES, build, remark=remark)
