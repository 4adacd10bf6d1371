"""The technician's console: the queue and all around it as web pages, on this machine alone."""
