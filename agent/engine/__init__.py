"""Plans, polls, keeps what was read, and judges it: the heart of the daemon, free of collectors and exporters."""
