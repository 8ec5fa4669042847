"""What leaves the daemon: the page for Prometheus, the API, alerts to Alertmanager and to people."""
