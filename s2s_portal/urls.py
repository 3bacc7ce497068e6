"""The map of the site. Each part keeps its own addresses; this says where they begin and what answers a refusal."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from referrals.views.home import home
from referrals.views.start import start
from s2s_portal import health
from s2s_portal.organisations.admin import repairs_site

# Only what people here need of the sign-in library: an administrator makes accounts and gives new passwords.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("home/", home, name="home"),
    path("accounts/", include(accounts)),
    path("", include("referrals.urls")),
    path("", include("quotas.urls")),
    path("", include("s2s_portal.notifications.urls")),
    path("", include("s2s_portal.organisations.urls")),
    path("", include("s2s_portal.oversight.urls")),
    path("", include("s2s_portal.demo.urls")),
    path("repairs/", repairs_site.urls),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]

handler400 = "s2s_portal.organisations.views.errors.bad_request"
handler403 = "s2s_portal.organisations.views.errors.permission_denied"
handler404 = "s2s_portal.organisations.views.errors.page_not_found"
handler429 = "s2s_portal.organisations.views.errors.too_many_tries"  # not Django's: the sign-in library asks for it
handler500 = "s2s_portal.organisations.views.errors.server_error"
