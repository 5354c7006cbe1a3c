"""URLs of the API, and of the pages on which its tokens are kept."""

from django.urls import URLPattern, URLResolver, include, path

from apps.api import door, views

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("v1/", include(door.urlpatterns)),
]
