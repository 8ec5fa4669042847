"""Dashboards as code: one board a file in ``boards``; the JSON in ``dashboards`` is made from them by ``make docs``."""
