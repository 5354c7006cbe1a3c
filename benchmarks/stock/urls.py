"""The admin, and an import without preview."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from benchmarks.stock import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("best/", admin.site.admin_view(views.best_import)),
]
