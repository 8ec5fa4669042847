"""Profiles: how a device is recognised, and how a vendor's objects become neutral families."""
