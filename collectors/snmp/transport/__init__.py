"""Talking to a device: sockets, retries, SNMPv3, and two engines behind one conversation."""
