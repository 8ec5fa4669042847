"""The page that Prometheus scrapes, in text 0.0.4 and OpenMetrics 1.0.0."""
