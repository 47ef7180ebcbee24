"""The server itself: from an empty Debian or Ubuntu to one that releases can be deployed to.

What must be true of it is a list of items, each a file of shell in `shell/items` with a check and,
where there is one, the mending. The same text is run over ssh and put into a file for cloud-init.
"""
