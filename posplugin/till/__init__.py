"""What happens at the till: a promise, its capture or its void, and the day's end."""
