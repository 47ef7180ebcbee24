"""`menuvo deploy`, `rollback` and `releases` from a checkout: on this machine, or on a server."""
