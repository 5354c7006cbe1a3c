"""URLs of important positions, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.holders import exchange, views

urlpatterns: list[URLPattern] = [
    path("holders/", views.holders, name="holders"),
    path("holders/add/", views.holder_add, name="holder_add"),
    path("holders/import/", exchange.import_file, name="holders_import"),
    path("holders/import/template.xlsx", exchange.template, name="holders_template"),
    path("holders/import/<slug:digest>/", exchange.check, name="holders_check"),
    path("holders/import/<slug:digest>/apply/", exchange.apply, name="holders_apply"),
    path("holders/import/<slug:digest>/problems.csv", exchange.problems, name="holders_problems"),
    path("holders/<int:pk>/end/", views.holder_end, name="holder_end"),
]
