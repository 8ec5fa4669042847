"""Check ``scrape``: another exporter's page, read into the store."""
