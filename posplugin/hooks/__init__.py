"""The contract between a till and its payment plugins: `specs` says it, `PosHost` is the till's side of it."""

from posplugin.hooks.host import HostFailure, PosHost
from posplugin.hooks.specs import CONTRACT, PROJECT, hookimpl

__all__ = ["CONTRACT", "PROJECT", "HostFailure", "PosHost", "hookimpl"]
