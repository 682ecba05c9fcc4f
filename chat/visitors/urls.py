"""What the visitor's host answers: one address for the whole visit."""

from django.urls import path

from chat.visitors import views

app_name = "visitors"
urlpatterns = [
    path("", views.here, name="here"),
    path("transcript", views.transcript, name="transcript"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
