"""How exporters name the system that a machine runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Info(NamedTuple):
    """Labels of a family whose value is 1: those that name the product, best first, and the version.

    ``product``: what the family is about where it has no such label.
    """

    products: tuple[str, ...]
    version: str
    product: str = ""


# node_exporter, windows_exporter, prometheus-pve-exporter, vmware_exporter
INFOS: Mapping[str, Info] = {
    "node_os_info": Info(("id", "name"), "version_id"),
    "windows_os_info": Info(("product",), "version"),
    "pve_version_info": Info((), "version", "Proxmox VE"),
    "vmware_host_product_info": Info((), "version", "VMware ESXi"),
}
