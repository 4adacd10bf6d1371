"""`python -m posplugin` is the command `posplugin`."""

from posplugin.cli.main import main

main()
