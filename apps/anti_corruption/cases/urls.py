"""URLs of concluded cases, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.cases import views

urlpatterns: list[URLPattern] = [
    path("cases/", views.cases, name="cases"),
    path("cases/enter/", views.case_enter, name="case_enter"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/correct/", views.case_correct, name="case_correct"),
]
