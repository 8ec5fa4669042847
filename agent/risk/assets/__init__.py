"""The asset register against what was seen."""
