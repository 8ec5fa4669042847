"""What people are told: messages in German or English, long and as a text message of 160 characters."""
