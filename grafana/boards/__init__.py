"""One board a file, listed in ``grafana.registry``."""
