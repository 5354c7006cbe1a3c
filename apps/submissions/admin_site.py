"""The reviewers' admin."""

from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    pass
