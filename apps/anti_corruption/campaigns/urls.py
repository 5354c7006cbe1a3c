"""URLs of rounds of signing, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.campaigns import views

urlpatterns: list[URLPattern] = [
    path("rounds/", views.campaigns, name="campaigns"),
    path("rounds/new/", views.campaign_new, name="campaign_new"),
    path("rounds/<int:pk>/", views.campaign, name="campaign"),
    path("rounds/<int:pk>/export.xlsx", views.campaign_export, name="campaign_export"),
    path("rounds/<int:pk>/remind/", views.campaign_remind, name="campaign_remind"),
    path("rounds/<int:pk>/close/", views.campaign_close, name="campaign_close"),
    path("rounds/duties/<int:pk>/excuse/", views.duty_excuse, name="duty_excuse"),
    path("rounds/refusals/<int:pk>/", views.refusal, name="refusal"),
]
