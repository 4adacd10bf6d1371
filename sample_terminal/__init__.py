"""A working restaurant till without a screen: what a POS host does with the plugin, in code to copy from.

It is no approved cash register system. It reaches payment plugins only through `posplugin.hooks.PosHost`.
"""
