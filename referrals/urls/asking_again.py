"""Addresses of asking again for what no place came free for."""

from django.urls import path

from referrals.views import asking_again

urlpatterns = [
    path("drafts/ask-again/", asking_again.ask_again_list, name="ask_again_list"),
    path("requests/<ref:reference>/ask-again/", asking_again.ask_again, name="ask_again"),
]
