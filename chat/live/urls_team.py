"""The counsellor's plain road: one address, two verbs."""

from django.urls import path

from chat.live.verbs import by_method
from chat.live.views import counsellor_rows, counsellor_say

urlpatterns = [
    path("rows", by_method(GET=counsellor_rows, POST=counsellor_say), name="counsellor-rows")
]
