"""URLs of the index, the statements and the targets."""

from django.urls import URLPattern, path

from apps.reporting import index_views, statement_views, target_views

urlpatterns: list[URLPattern] = [
    path("", index_views.home, name="home"),
    path("<slug:year>/", index_views.year_index, name="year"),
    path("<slug:year>/carry-forward/", statement_views.carry_forward, name="carry_forward"),
    path("<slug:year>/statements/<str:code>/", statement_views.statement, name="statement"),
    path("<slug:year>/statements/<str:code>/approve/", statement_views.statement_approve, name="statement_approve"),
    path(
        "<slug:year>/statements/<str:code>/send-back/", statement_views.statement_send_back, name="statement_send_back"
    ),
    path("<slug:year>/statements/<str:code>/reopen/", statement_views.statement_reopen, name="statement_reopen"),
    path(
        "<slug:year>/statements/<str:code>/responsible/",
        statement_views.statement_responsible,
        name="statement_responsible",
    ),
    path(
        "<slug:year>/statements/<str:code>/carry-forward/",
        statement_views.carry_forward,
        name="statement_carry_forward",
    ),
    path("<slug:year>/targets/", target_views.targets, name="targets"),
    path("<slug:year>/targets/<slug:code>/", target_views.target_review, name="target_review"),
]
