"""Alerting and recording rules for those who let Prometheus alert: written from the same rules that are judged here."""
