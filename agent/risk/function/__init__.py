"""Critical functions: where their legs stand, and what the legs share."""
