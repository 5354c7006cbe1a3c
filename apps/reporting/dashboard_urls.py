"""URLs of the dashboards."""

from django.urls import URLPattern, path

from apps.reporting import dashboard_views

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard_views.dashboard, name="dashboard"),
]
