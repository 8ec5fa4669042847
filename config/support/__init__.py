"""Until when makers support versions of systems and firmware: the shipped table, and tables of users."""
