"""Faktura at the till, delivered to PowerOffice GO: never lost, never twice, right to the øre."""

__version__ = "0.1.0"
