"""Pure judgement: from the inventory and a view of the store to findings. No I/O, no clock."""
