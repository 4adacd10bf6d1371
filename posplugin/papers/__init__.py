"""What is printed, or attached to an invoice, of a sale paid with Faktura."""
