"""Uninterruptible power supplies: what they say, how long they last, what they feed, who is shut down in time."""
