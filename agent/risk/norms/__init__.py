"""The measurable requirements of norms in own words, and what fulfils each now; docs/norms.md has the limits."""
