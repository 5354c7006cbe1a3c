"""URLs of suppliers and assessments."""

from django.urls import URLPattern, path

from apps.supply_chain.register import assessments, exchange, views

urlpatterns: list[URLPattern] = [
    path("suppliers/", views.suppliers, name="suppliers"),
    path("suppliers/add/", views.supplier_add, name="supplier_add"),
    path("suppliers/import/", exchange.import_file, name="suppliers_import"),
    path("suppliers/import/template.xlsx", exchange.template, name="suppliers_template"),
    path("suppliers/import/<slug:digest>/", exchange.check, name="suppliers_check"),
    path("suppliers/import/<slug:digest>/apply/", exchange.apply, name="suppliers_apply"),
    path("suppliers/import/<slug:digest>/problems.csv", exchange.problems, name="suppliers_problems"),
    path("suppliers/export.<slug:file_format>", exchange.export, name="suppliers_export"),
    path("suppliers/<int:pk>/", views.supplier, name="supplier"),
    path("suppliers/<int:pk>/edit/", views.supplier_edit, name="supplier_edit"),
    path("suppliers/<int:pk>/assess/", assessments.assessment_add, name="assessment_add"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<int:pk>/edit/", assessments.assessment_edit, name="assessment_edit"),
    path("assessments/<int:pk>/delete/", assessments.assessment_delete, name="assessment_delete"),
    path("assessments/<int:pk>/files/", assessments.file_add, name="assessment_file_add"),
    path("assessments/<int:pk>/actions/", assessments.action_add, name="action_add"),
    path("assessments/<int:pk>/confirm/", assessments.assessment_confirm, name="assessment_confirm"),
    path("assessments/<int:pk>/withdraw/", assessments.assessment_withdraw, name="assessment_withdraw"),
    path("assessment-files/<int:pk>/", assessments.file, name="assessment_file"),
    path("assessment-files/<int:pk>/delete/", assessments.file_delete, name="assessment_file_delete"),
    path("actions/<int:pk>/delete/", assessments.action_delete, name="action_delete"),
    path("actions/<int:pk>/recheck/", assessments.action_recheck, name="action_recheck"),
]
