"""A small twin of the portal's submissions and records, without rules, locks or audit."""

from django.db import models


class Site(models.Model):
    """A production base."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A line of the form, such as electricity."""

    code = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A site and a month."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    period = models.CharField(max_length=12)
    state = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "period"], name="stock_submission_once")]

    def __str__(self) -> str:
        return f"{self.site} {self.period}"


class Record(models.Model):
    """A value of a line in a month."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    state = models.CharField(max_length=20)
    method = models.CharField(max_length=12, blank=True)
    entered_value = models.DecimalField(max_digits=30, decimal_places=12, null=True, blank=True)
    entered_unit = models.CharField(max_length=12, blank=True)
    quantity = models.DecimalField(max_digits=30, decimal_places=12, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "item"], name="stock_record_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.quantity}"
