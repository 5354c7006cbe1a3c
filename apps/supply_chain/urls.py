"""URLs of the supply chain."""

from django.urls import URLPattern

from apps.supply_chain.register.urls import urlpatterns as register
from apps.supply_chain.tenders.urls import urlpatterns as tenders

app_name = "supply_chain"

urlpatterns: list[URLPattern] = [*register, *tenders]
