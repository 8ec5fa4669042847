"""From walked rows to columns, pieces and readers of values."""
