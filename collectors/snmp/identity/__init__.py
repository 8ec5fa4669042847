"""What a device is: facts, hardware, neighbours, restarts, access ports."""
