"""All settings, read once from the environment (see docs/configuration.md)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpline import env
from helpline.live import addresses
from helpline.logs import logging_config
from helpline.policy import policy

ROOT = Path(__file__).resolve().parent.parent
MODE = env.read.str("MODE", default="production")
PRODUCTION = MODE == "production"
DEBUG = False  # a debug page shows variables, and variables hold words

if MODE not in ("production", "development", "test"):
    env.stop(f"MODE moet production, development of test zijn, niet {MODE!r}.")
env.require((*env.SECRETS, *env.SERVICES, *(env.ADDRESSES if PRODUCTION else ())))

# --- addresses ---
PORT = env.read.int("PORT", default=8000)
VISITOR_ORIGINS = env.origins("VISITOR_ORIGIN", f"http://chat.localhost:{PORT}")
TEAM_ORIGIN = env.origins("TEAM_ORIGIN", f"http://team.localhost:{PORT}")[0]
if PRODUCTION:
    env.require_tls([*VISITOR_ORIGINS, TEAM_ORIGIN])
ALLOWED_HOSTS = [urlsplit(origin).hostname or "" for origin in [*VISITOR_ORIGINS, TEAM_ORIGIN]]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# "no-referrer" would make browsers send `Origin: null` with every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the road without JavaScript has a frame of its own

# --- secrets ---
SECRET_KEY = env.read.str("SECRET_KEY")
MASTER_KEYS = env.read.str("MASTER_KEYS")
AUDIT_KEY = env.read.str("AUDIT_KEY")

# --- applications ---
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.postgres",
    "django_otp",
    "axes",
    "csp",
    "helpline.apps.HelplineConfig",
    "helpline.vault.apps.VaultConfig",
    "helpline.audit.apps.AuditConfig",
    "helpline.staff.apps.StaffConfig",
    "helpline.live.apps.LiveConfig",
    "helpline.ops.apps.OpsConfig",
    "chat.conversations.apps.ConversationsConfig",
    "chat.visitors.apps.VisitorsConfig",
    "chat.live.apps.ChatLiveConfig",
    "triage.risk.apps.RiskConfig",
    "triage.shifts.apps.ShiftsConfig",
    "triage.line.apps.LineConfig",
    "triage.live.apps.TriageLiveConfig",
    "triage.desk.apps.DeskConfig",
]
MIDDLEWARE = [
    "helpline.hosts.choose_site",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "helpline.pages.quiet",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "helpline.hosts.SessionOnTeam",
    "helpline.hosts.TicketOnVisitor",
    "django.middleware.common.CommonMiddleware",
    "helpline.hosts.CsrfOnTeam",
    "helpline.hosts.CsrfOnVisitor",
    "helpline.hosts.AuthenticationOnTeam",
    "helpline.hosts.OtpOnTeam",
    "helpline.hosts.AtHomeOnTeam",
    "helpline.hosts.MessagesOnTeam",
    "helpline.pages.refusals",
]
ROOT_URLCONF = "helpline.urls_visitor"  # each host has its own: helpline.hosts.choose_site
CSRF_FAILURE_VIEW = "helpline.pages.forbidden"
# On the team site; the visitor's secret lies with the ticket. Not in the session:
# then every stranger at the sign-in page would leave a row.
CSRF_COOKIE_NAME = "__Host-team-form"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # gone with the browser
ASGI_APPLICATION = "helpline.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# The admin's own checks look for the middleware by class; here each runs on
# the team site only, wrapped by helpline.hosts (E408-E410, W003). The proxy
# sends http on to https, and an onion has none (W008). The road without
# JavaScript has a frame of its own (W019).
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]
SILENCED_SYSTEM_CHECKS += ["security.W003", "security.W008", "security.W019"]

# --- databases ---
POOLED = env.read.bool("DATABASE_POOL", default=MODE != "test")


def _database(name: str, *, pooled: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = env.read.db_url(name)
    options = found.get("OPTIONS", {}) | {"application_name": "helpline"}
    if pooled:
        options["pool"] = {"min_size": 2, "max_size": 12, "timeout": 20}
    return found | {"OPTIONS": options, "CONN_MAX_AGE": 0}


DATABASES = {
    "default": _database("DATABASE_URL", pooled=POOLED) | {"TEST": {"MIRROR": "owner"}},
    "owner": _database("OWNER_DATABASE_URL") | {"TEST": {"DEPENDENCIES": []}},
    "keys": _database("KEYS_DATABASE_URL", pooled=POOLED) | {"TEST": {"DEPENDENCIES": []}},
}
DATABASE_ROUTERS = ["helpline.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.read.str("REDIS_URL")
BELL_URLS = env.read.str("BELL_URLS", default="") or REDIS_URL
try:
    addresses.check(BELL_URLS)
except ValueError as error:
    env.stop(f"BELL_URLS of REDIS_URL klopt niet: {error}.")

# --- background work ---
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # whoever writes in Redis may not stop the sweeps
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 30, "socket_keepalive": True}

# --- uploads: there are none ---
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024

# --- language ---
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# --- static files: an address for each release, so that all may be kept for ever ---
VAR_DIR = Path(env.read.str("VAR_DIR", default=str(ROOT / "var")))
RELEASE = env.read.str("RELEASE", default="dev")
STATIC_URL = f"/static/{RELEASE}/"
STATIC_ROOT = Path(env.read.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
VISITOR_STATIC = ("helpline", "visitor")  # all the visitor's host will ever serve
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- what pages may do ---
NEUTRAL_PAGE = env.read.str("NEUTRAL_PAGE", default="https://www.buienradar.nl/")
CONTENT_SECURITY_POLICY = policy(neutral_page=NEUTRAL_PAGE)

# --- staff ---
AUTH_USER_MODEL = "staff.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: who is locked out is not even checked
    "helpline.staff.backend.MemberBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"  # only in tests: argon2 is slow on purpose
    if MODE == "test"
    else "helpline.staff.hashers.ModestArgon2"
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "alias")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "staff:sign_in"
STAFF_IDLE = timedelta(minutes=env.read.int("STAFF_IDLE_MINUTES", default=30))
STAFF_ABSOLUTE = timedelta(hours=env.read.int("STAFF_ABSOLUTE_HOURS", default=12))
STAFF_FRESH = timedelta(minutes=5)  # how long a code counts for dangerous things
SESSION_ENGINE = "helpline.staff.sessions"
SESSION_COOKIE_NAME = "__Host-team"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link in an alarm's e-mail opens the page it names
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no second cookie
# django-axes counts wrong passwords by login name (as an HMAC) and keeps nothing else.
AXES_HANDLER = "helpline.staff.lockout.NamelessHandler"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "helpline.staff.lockout.nameless"
AXES_CLIENT_IP_CALLABLE = "helpline.staff.lockout.no_address"
AXES_CLIENT_STR_CALLABLE = "helpline.staff.lockout.silent"
AXES_USERNAME_FORM_FIELD = "email"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Our own page answers who is locked out (W002), and there is no address to lock by (W006).
SILENCED_SYSTEM_CHECKS += ["axes.W002", "axes.W006"]

# --- visitors ---
TICKET_IDLE = timedelta(minutes=env.read.int("TICKET_IDLE_MINUTES", default=30))
TICKET_ABSOLUTE = timedelta(hours=env.read.int("TICKET_ABSOLUTE_HOURS", default=12))
NEUTRAL_TITLE = env.read.str("NEUTRAL_TITLE", default="Notities")

# --- talks ---
LONGEST_MESSAGE = 4000  # characters
TALKS_AT_ONCE = env.read.int("TALKS_AT_ONCE", default=2)
VISITOR_GONE_AFTER = timedelta(seconds=20)
PLACE_KEPT_FOR = timedelta(minutes=5)
COUNSELLOR_OFFLINE_AFTER = timedelta(seconds=60)
VISITOR_SILENT_CLOSE = timedelta(minutes=30)
SHRED_AFTER = timedelta(days=14)

# --- mail: content-free notices to staff only ---
vars().update(env.read.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.read.str("DEFAULT_FROM_EMAIL", default="helpline@localhost")

# --- logs ---
LOG_LEVEL = env.read.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(production=PRODUCTION, level=LOG_LEVEL)
