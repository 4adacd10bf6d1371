"""What people do with the day's settlements: see them first, choose a period, take one back, read a SAF-T file."""
