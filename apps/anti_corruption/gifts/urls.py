"""URLs of the register of gifts, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.gifts import views

urlpatterns: list[URLPattern] = [
    path("gifts/", views.gift_list, name="gifts"),
    path("gifts/add/", views.gift_add, name="gift_add"),
    path("gifts/<int:gift>/", views.gift, name="gift"),
    path("gifts/<int:gift>/correct/", views.gift_correct, name="gift_correct"),
    path("gifts/<int:gift>/settle/", views.gift_settle, name="gift_settle"),
]
