"""The visitor's plain road: one address, two verbs."""

from django.urls import path

from chat.live.verbs import by_method
from chat.live.views import visitor_rows, visitor_say

urlpatterns = [path("rows", by_method(GET=visitor_rows, POST=visitor_say), name="visitor-rows")]
