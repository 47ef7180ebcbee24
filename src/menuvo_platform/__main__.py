import sys

from menuvo_platform.cli import main

sys.exit(main())
