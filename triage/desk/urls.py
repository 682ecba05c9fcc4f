"""The addresses of the desk."""

from django.urls import path

from triage.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("board", views.board, name="board"),
    path("claim", views.claim, name="claim"),
    path("next", views.take_next, name="next"),
    path("presence", views.presence, name="presence"),
    path("door", views.door, name="door"),
    path("hours", views.hours, name="hours"),
    path("hours/set", views.set_hours, name="set-hours"),
    path("talks/<uuid:talk>/open", views.open_talk, name="open"),
    path("talks/<uuid:talk>/end", views.end, name="end"),
    path("talks/<uuid:talk>/note", views.add_note, name="note"),
    path("talks/<uuid:talk>/give-back", views.give_back, name="give-back"),
    path("talks/<uuid:talk>/offer", views.offer, name="offer"),
    path("talks/<uuid:talk>/withdraw", views.withdraw, name="withdraw"),
    path("talks/<uuid:talk>/accept", views.accept, name="accept"),
]
