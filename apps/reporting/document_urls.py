"""URLs of documents, data books and evidence packs."""

from django.urls import URLPattern, path

from apps.reporting import document_views
from apps.reporting.evidence_pack import views as evidence_pack

urlpatterns: list[URLPattern] = [
    path("<slug:code>/documents/", document_views.documents, name="documents"),
    path("settings/word-templates/", document_views.templates, name="templates"),
    path("settings/word-templates/own/", document_views.templates_own, name="templates_own"),
    path("settings/word-templates/<int:pk>/", document_views.template_file, name="template_file"),
    path("<slug:year>/evidence/<str:kpi>/", evidence_pack.page, name="evidence_pack"),
]
