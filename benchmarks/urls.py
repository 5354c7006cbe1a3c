"""The portal's own URLs and the floors."""

from django.urls import URLPattern, URLResolver, path

from benchmarks import floor_views
from esgportal.urls import urlpatterns as portal

urlpatterns: list[URLPattern | URLResolver] = [
    *portal,
    path("bench/auth/", floor_views.auth),
    path("bench/raw/", floor_views.raw_page),
]
