"""What the risk figure is made of: classes by rule, what stands where, what nobody measures."""
