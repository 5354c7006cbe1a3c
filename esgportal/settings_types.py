"""What the type checker loads: the settings with harmless values, whatever the shell has set."""

import os

os.environ["ESGPORTAL_DEBUG"] = "true"
os.environ["ESGPORTAL_DEMO"] = "true"

from esgportal.settings import *  # noqa: E402, F403
