"""Makes the portal's own admin site the default one."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "apps.submissions.admin_site.PortalAdminSite"
