"""Addresses of people's accounts, of their own passwords, and of what a council sets up first."""

from django.urls import URLPattern, path

from referrals.views import choosing_password, people, people_access, people_address, set_up

HERE = "people/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("people/add/", people.person_add, name="person_add"),
    path(HERE, people.person_detail, name="person_detail"),
    path(f"{HERE}roles/", people.person_roles, name="person_roles"),
    path(f"{HERE}e-mail/", people_address.person_email, name="person_email"),
    path(f"{HERE}link/", people_access.person_link, name="person_link"),
    path(f"{HERE}link/take-back/", people_access.person_link_back, name="person_link_back"),
    path(f"{HERE}deactivate/", people_access.person_deactivate, name="person_deactivate"),
    path(f"{HERE}reactivate/", people_access.person_reactivate, name="person_reactivate"),
    path("choose-password/<uuid:key>/", choosing_password.choose_password, name="choose_password"),
    path("set-up/", set_up.set_up, name="set_up"),
]
