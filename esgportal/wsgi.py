"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from esgportal import limits

limits.serves_pages = True
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esgportal.settings")

application = get_wsgi_application()
# What was loaded so far stays for good: a collection that goes through it takes longer than a page.
gc.collect()
gc.freeze()
