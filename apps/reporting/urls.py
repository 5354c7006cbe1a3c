"""URLs of the annual report."""

from django.urls import URLPattern

from apps.reporting import dashboard_urls, document_urls, publishing_urls, statement_urls

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    *dashboard_urls.urlpatterns,
    *statement_urls.urlpatterns,
    *publishing_urls.urlpatterns,
    *document_urls.urlpatterns,
]
