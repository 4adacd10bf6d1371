"""The whole set-up, looked at: what `posplugin check` says, and whether automatic sending may begin."""

from posplugin.checking.check import Checking
from posplugin.checking.customers import refused, verify_register
from posplugin.checking.gate import release
from posplugin.checking.opening import not_opened
from posplugin.checking.words import Said, said

__all__ = ["Checking", "Said", "not_opened", "refused", "release", "said", "verify_register"]
