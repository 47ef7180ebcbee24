"""All tables, for whoever needs them together: the migration check and relationships by name."""

from menuvo_platform.accounts import models as accounts
from menuvo_platform.db.base import Base
from menuvo_platform.images import models as images
from menuvo_platform.imports import models as imports
from menuvo_platform.jobs import models as jobs
from menuvo_platform.menus import models as menus
from menuvo_platform.merchants import models as merchants
from menuvo_platform.orders import models as orders
from menuvo_platform.stores import models as stores

SLICES = (accounts, images, imports, jobs, menus, merchants, orders, stores)
METADATA = Base.metadata
