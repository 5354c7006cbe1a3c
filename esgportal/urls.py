"""URLs of the portal."""

from allauth.account import views as account
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from apps.accounts.views import set_language
from apps.core import health

handler500 = "apps.core.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.submissions.urls")),
    path("records/", include("apps.submissions.exchange.urls")),
    path("figures/", include("apps.indicators.urls")),
    path("workforce/", include("apps.workforce.urls")),
    path("supply-chain/", include("apps.supply_chain.urls")),
    path("products/", include("apps.product_responsibility.urls")),
    path("integrity/", include("apps.anti_corruption.urls")),
    path("factors/", include("apps.greenhouse_gases.urls")),
    path("report/", include("apps.reporting.urls")),
    path("jobs/", include("apps.jobs.urls")),
    path("api/", include("apps.api.urls")),
    path("accounts/login/", login_not_required(account.login), name="account_login"),
    path("accounts/inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
