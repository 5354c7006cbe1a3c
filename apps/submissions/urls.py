"""URLs of the staff pages."""

from django.conf import settings
from django.urls import URLPattern, path

from apps.submissions.views import attachments, entry, handing_in, history, styleguide, work

app_name = "submissions"

urlpatterns: list[URLPattern] = [
    path("", work.my_work, name="my_work"),
    path("registers/", work.place_list, name="places"),
    path("submissions/", work.submission_list, name="list"),
    path("submissions/<int:pk>/", entry.edit, name="edit"),
    path("submissions/<int:pk>/submit/", handing_in.submit, name="submit"),
    path("submissions/<int:pk>/history/", history.submission_history, name="history"),
    path("submissions/<int:pk>/comment/", attachments.comment, name="comment"),
    path("submissions/<int:pk>/evidence/", attachments.evidence_upload, name="evidence_upload"),
    path("evidence/<int:pk>/", attachments.evidence_download, name="evidence"),
    path("evidence/<int:pk>/delete/", attachments.evidence_delete, name="evidence_delete"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide.styleguide, name="styleguide"))
