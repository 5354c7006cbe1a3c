"""URLs of the conflicts."""

from django.urls import URLPattern, path

from apps.anti_corruption.conflicts import views

urlpatterns: list[URLPattern] = [
    path("conflicts/", views.conflict_list, name="conflicts"),
    path("conflicts/<int:pk>/", views.conflict, name="conflict"),
    path("conflicts/<int:pk>/decide/", views.conflict_decide, name="conflict_decide"),
    path("conflicts/<int:pk>/concerned/", views.conflict_concerned, name="conflict_concerned"),
    path("conflicts/<int:pk>/partners/", views.conflict_partner, name="conflict_partner"),
]
