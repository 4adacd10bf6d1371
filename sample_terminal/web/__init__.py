"""The sample terminal's page: a touch till as a restaurant would use it, on this machine alone."""
