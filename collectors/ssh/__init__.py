"""The configuration of devices over SSH: fetched each night, read only, by netmiko in processes of its own."""
