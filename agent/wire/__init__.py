"""What every room shares of the machine: names, threads, meters, logs, the service manager."""
