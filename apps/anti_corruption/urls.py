"""URLs of integrity."""

from apps.anti_corruption.campaigns.urls import urlpatterns as campaigns
from apps.anti_corruption.cases.urls import urlpatterns as cases
from apps.anti_corruption.conflicts.urls import urlpatterns as conflicts
from apps.anti_corruption.documents.urls import urlpatterns as documents
from apps.anti_corruption.gifts.urls import urlpatterns as gifts
from apps.anti_corruption.holders.urls import urlpatterns as holders
from apps.anti_corruption.signing.urls import urlpatterns as signing

app_name = "integrity"

urlpatterns = [*signing, *gifts, *documents, *holders, *campaigns, *conflicts, *cases]
