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
# A page makes thousands of small objects, nearly all of which go when it is sent: looking through them every 700, as
# Python does of itself, takes up to a tenth of its time and finds nothing.
gc.set_threshold(20_000, 20, 20)
