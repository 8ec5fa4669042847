"""Check ``microsoft365``: health and seats of a cloud service, by Microsoft Graph."""
