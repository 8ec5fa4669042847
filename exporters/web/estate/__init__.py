"""Services, contracts, class rooms, fleets, licences and backups as the status page shows them."""
