"""URLs of publishing and restating a year."""

from django.urls import URLPattern, path

from apps.reporting import publishing_views, restating_views

urlpatterns: list[URLPattern] = [
    path("<slug:code>/publish/", publishing_views.publish, name="publish"),
    path("<slug:code>/editions/<int:number>/", publishing_views.edition, name="edition"),
    path("<slug:code>/editions/<int:number>/files/", publishing_views.edition_files, name="edition_files"),
    path("<slug:code>/editions/<int:number>/files/<int:pk>/", publishing_views.edition_file, name="edition_file"),
    path("<slug:code>/restatements/", restating_views.restatements, name="restatements"),
    path("<slug:code>/restatements/open/", restating_views.restatement_open, name="restatement_open"),
    path("<slug:code>/restatements/<int:pk>/", restating_views.restatement, name="restatement"),
    path("<slug:code>/restatements/<int:pk>/list/", restating_views.restatement_prepare, name="restatement_prepare"),
    path("<slug:code>/restatements/<int:pk>/approve/", restating_views.restatement_approve, name="restatement_approve"),
    path(
        "<slug:code>/restatements/<int:pk>/send-back/",
        restating_views.restatement_send_back,
        name="restatement_send_back",
    ),
    path(
        "<slug:code>/restatements/<int:pk>/withdraw/", restating_views.restatement_withdraw, name="restatement_withdraw"
    ),
]
