"""The least Django needs to run the stock pattern, as its documentation advises."""

import os

import environ

SECRET_KEY = "only for the benchmark"
INSTALLED_APPS = ["tests.load"]
DATABASES = {
    "default": environ.Env.db_url_config(os.environ["YARDSTICK_DATABASE_URL"])
    | {"CONN_MAX_AGE": None}
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": os.environ["REDIS_URL"], "max_connections": 10000}]},
    }
}
ASGI_APPLICATION = "tests.load.stock.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
