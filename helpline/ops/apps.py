"""Gives the set-up commands their place among the applications."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "helpline.ops"
    label = "ops"
