"""The portal as it runs in production, with two more addresses: the floors that its pages are measured against."""

from esgportal.settings import *  # noqa: F403
from esgportal.settings import MIDDLEWARE as PORTAL_MIDDLEWARE

MIDDLEWARE = ["benchmarks.counting.CountQueries", *PORTAL_MIDDLEWARE]
ROOT_URLCONF = "benchmarks.urls"
