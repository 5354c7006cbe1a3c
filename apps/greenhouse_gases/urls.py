"""URLs of the factors and of what a year is reckoned with."""

from django.urls import URLPattern, path

from apps.greenhouse_gases import views

app_name = "factors"

urlpatterns: list[URLPattern] = [
    path("", views.factor_list, name="list"),
    path("add/", views.factor_add, name="add"),
    path("<int:pk>/", views.factor, name="factor"),
    path("<int:pk>/version/", views.version_add, name="version"),
    path("years/", views.years, name="years"),
    path("years/<slug:code>/", views.year_basis, name="year"),
    path("years/<slug:code>/contracts/", views.instrument_add, name="instrument_add"),
    path("contracts/<int:pk>/remove/", views.instrument_remove, name="instrument_remove"),
]
