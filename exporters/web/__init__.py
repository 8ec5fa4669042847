"""The daemon's own HTTP server: metrics, API, health, reload."""
