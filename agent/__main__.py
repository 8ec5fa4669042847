"""``python -P -m agent`` is the command ``ringwacht``."""

from agent.cli import main

main()
