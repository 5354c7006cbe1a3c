"""URLs of the roster."""

from django.urls import URLPattern, path

from apps.workforce import views

app_name = "workforce"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/roster/", views.roster, name="roster"),
    path("<int:pk>/roster/template.xlsx", views.roster_template, name="roster_template"),
    path("<int:pk>/roster/<slug:digest>/", views.roster_check, name="roster_check"),
    path("<int:pk>/roster/<slug:digest>/apply/", views.roster_apply, name="roster_apply"),
]
