"""URLs of signing, taken in by ``anti_corruption/urls.py``."""

from django.urls import URLPattern, path

from apps.anti_corruption.signing import declared, views

urlpatterns: list[URLPattern] = [
    path("declarations/", views.declarations, name="declarations"),
    path("declarations/<int:duty>/", views.duty, name="duty"),
    path("declarations/<int:duty>/texts/<int:version>/", views.duty_text, name="duty_text"),
    path("declarations/<int:duty>/sign/", views.duty_sign, name="duty_sign"),
    path("declarations/<int:duty>/decline/", views.duty_decline, name="duty_decline"),
    path("declared/<int:declaration>/", declared.declaration, name="declaration"),
    path("declared/<int:declaration>/receipt/", declared.receipt, name="receipt"),
    path("declared/<int:declaration>/receipt.pdf", declared.receipt_file, name="receipt_pdf"),
    path("declared/<int:declaration>/receipt.json", declared.receipt_json, name="receipt_json"),
    path("declared/<int:declaration>/correct/", declared.correct, name="declaration_correct"),
]
