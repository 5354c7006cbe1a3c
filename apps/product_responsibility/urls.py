"""URLs of the certificates."""

from django.urls import URLPattern, path

from apps.product_responsibility import views

app_name = "product"

urlpatterns: list[URLPattern] = [
    path("certificates/", views.certificate_list, name="certificates"),
    path("certificates/add/", views.certificate_add, name="certificate_add"),
    path("certificates/<int:pk>/", views.certificate, name="certificate"),
    path("certificates/<int:pk>/change/", views.certificate_edit, name="certificate_edit"),
    path("certificates/<int:pk>/end/", views.certificate_end, name="certificate_end"),
    path("certificates/<int:pk>/remove/", views.certificate_remove, name="certificate_remove"),
    path("certificates/<int:pk>/files/", views.file_upload, name="certificate_file_add"),
    path("certificate-files/<int:pk>/", views.file_download, name="certificate_file"),
]
