"""URLs of documents, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.documents import views

urlpatterns: list[URLPattern] = [
    path("documents/", views.documents, name="documents"),
    path("documents/<int:pk>/prepare/", views.prepare, name="version_prepare"),
    path("documents/versions/<int:pk>/", views.version, name="version"),
    path("documents/versions/<int:pk>/edit/", views.edit, name="version_edit"),
    path("documents/versions/<int:pk>/issue/", views.issue, name="version_issue"),
    path("documents/versions/<int:pk>/discard/", views.discard, name="version_discard"),
]
