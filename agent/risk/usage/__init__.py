"""What is used of lines and what they deliver: demand of sites, percentiles, partners, contracts. Pure."""
