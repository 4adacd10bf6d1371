"""PowerOffice GO API v2 over httpx."""
