"""URLs of import and export."""

from django.urls import URLPattern, path

from apps.submissions.exchange import views

app_name = "exchange"

urlpatterns: list[URLPattern] = [
    path("import/", views.import_file, name="import"),
    path("import/<slug:digest>/", views.check, name="check"),
    path("import/<slug:digest>/apply/", views.apply, name="apply"),
    path("import/<slug:digest>/problems.csv", views.problems, name="problems"),
    path("export/", views.export, name="export"),
    path("template/", views.template, name="template"),
]
