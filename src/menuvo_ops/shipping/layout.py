"""Where things lie in a release file; written by packing, read on the server."""

MANIFEST = "menuvo_release/manifest.json"
INFRA = "menuvo_release/infra/"
ENTRY = "menuvo_ops.server.command"
# Where the platform image carries it.
IN_IMAGE = "/opt/menuvo/menuvo.pyz"
