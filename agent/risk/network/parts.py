"""Which places hang together."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx


def joined(places: Iterable[str], pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the parts that these pairs join the places into, each in the order of the places."""
    order = tuple(places)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(order)
    graph.add_edges_from((one, other) for one, other in pairs if one in graph and other in graph)
    return tuple(tuple(place for place in order if place in part) for part in nx.connected_components(graph))
