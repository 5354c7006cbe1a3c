"""URLs of the figures pages."""

from django.urls import URLPattern, path

from apps.indicators import views

app_name = "indicators"

urlpatterns: list[URLPattern] = [
    path("", views.annual, name="annual"),
    path("sites/<str:code>/", views.site_years, name="site_years"),
    path("<slug:year>/", views.annual, name="year"),
    path("<slug:year>/export/<slug:file_format>", views.download, name="export"),
    path("<slug:year>/<str:code>/", views.figure, name="figure"),
]
