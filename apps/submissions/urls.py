"""URLs of the staff pages."""

from django.urls import URLPattern, path

from apps.submissions.views import work

app_name = "submissions"

urlpatterns: list[URLPattern] = [
    path("", work.my_work, name="my_work"),
    path("submissions/", work.submission_list, name="list"),
]
