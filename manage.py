#!/usr/bin/env python
"""Runs one management command: `make manage cmd="..."` gives it what it needs."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    execute_from_command_line(sys.argv)
