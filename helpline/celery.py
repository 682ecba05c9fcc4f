"""Background work: sweeps that make sure what events make fast."""

import os

from celery import Celery
from celery.signals import setup_logging

from helpline.logs import leave_alone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
# The pool belongs to the web server's threads; a worker has one at a time.
os.environ.setdefault("DATABASE_POOL", "0")

app = Celery("helpline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
setup_logging.connect(leave_alone)  # or Celery adds handlers that print arguments
