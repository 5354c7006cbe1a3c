"""The group, its sites, its reporting years, and who does what where."""

from apps.organisation.models.calendar import Period, ReportingYear
from apps.organisation.models.people import Membership
from apps.organisation.models.places import Assignment, Group, Site, SiteRow

__all__ = ["Assignment", "Group", "Membership", "Period", "ReportingYear", "Site", "SiteRow"]
