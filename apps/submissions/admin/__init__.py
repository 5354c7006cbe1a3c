"""The admin of submissions and of what needs to know their sections."""

from apps.submissions.admin import organisation, people, records, review, trail

__all__ = ["organisation", "people", "records", "review", "trail"]
