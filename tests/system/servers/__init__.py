"""A whole server in namespaces, with systemd, and the laptop that sets it up.

Nothing of it reaches this machine: its network is a pair of links between two namespaces, its
switches of the kernel are files, and its root is a layer that is thrown away.
"""
