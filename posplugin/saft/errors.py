"""What goes wrong when a SAF-T file is read."""

from __future__ import annotations

from posplugin.domain.errors import PosPluginError


class SaftError(PosPluginError):
    """The file, or a transaction in it, cannot be used; the text says which, what stands there, and the remedy."""
