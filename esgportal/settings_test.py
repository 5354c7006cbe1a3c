"""Settings of the test run: a private database that is thrown away, a cheap hasher, mail in memory."""

import os

from esgportal import embedded

os.environ.setdefault("ESGPORTAL_DEBUG", "true")
os.environ.setdefault("ESGPORTAL_DEMO", "true")
for _name in ("ESGPORTAL_REPLICA_URL", "ESGPORTAL_S3_BUCKET"):
    os.environ.pop(_name, None)  # the tests of these bring their own
if embedded.is_wanted():
    # Set before the settings are read, and inherited by the workers of pytest-xdist.
    os.environ["DATABASE_URL"] = embedded.throwaway()

from esgportal.settings import *  # noqa: E402, F403
from esgportal.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 0}  # no pool: its sessions would outlive the tests
STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
