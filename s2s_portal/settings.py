"""The portal's one settings file: every value that differs between places comes from the environment.

With ``DEBUG=1`` or ``S2S_DEMO=1`` each has a default; without them a missing one stops the start with a sentence.
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
S2S_DEMO = env.bool("S2S_DEMO", default=False)
RELAXED = DEBUG or S2S_DEMO


def required(name: str, hint: str, *, default: str) -> str:
    """The environment's value of `name`; in a demo or in debug `default`; otherwise a sentence that mends it."""
    value = env.str(name, default="")
    if value:
        return value
    if RELAXED:
        return default
    raise ImproperlyConfigured(
        f"{name} is not set. {hint} (Set S2S_DEMO=1 for a demo, where every setting has a default.)"
    )


def listed(text: str) -> list[str]:
    """The parts of a comma-separated value, without blanks."""
    return [part.strip() for part in text.split(",") if part.strip()]


# --- Who we are and where ---------------------------------------------------------------------------------------
SECRET_KEY = required(
    "SECRET_KEY",
    "Set it to a long random text and keep it secret.",
    default="a-demo-key-that-protects-nothing-and-must-never-be-used-for-real",
)
SECRET_KEY_FALLBACKS = listed(env.str("SECRET_KEY_FALLBACKS", default=""))
ALLOWED_HOSTS = listed(
    required(
        "ALLOWED_HOSTS",
        "Set it to the site's host names, separated by commas.",
        default="localhost,127.0.0.1,[::1]",
    )
)
BASE_URL = required(
    "BASE_URL",
    "Set it to the address people type, such as https://s2s.example.gov.uk; e-mails link to it.",
    default="http://127.0.0.1:8000",
).rstrip("/")
CSRF_TRUSTED_ORIGINS = listed(env.str("CSRF_TRUSTED_ORIGINS", default=""))
# Where attached files are kept, under names of our own: never inside a directory that a web server serves.
FILES_DIR = Path(env.str("FILES_DIR", default=str(BASE_DIR / "var" / "files")))

# The practice date (DESIGN §9) is for demos and training. A production start with it on is a mistake, so it stops.
S2S_REHEARSAL_CLOCK = env.bool("S2S_REHEARSAL_CLOCK", default=S2S_DEMO)
if S2S_REHEARSAL_CLOCK and not RELAXED:
    raise ImproperlyConfigured(
        "S2S_REHEARSAL_CLOCK is on, but this is neither a demo nor debug. A practice date would make deadlines "
        "wrong: remove S2S_REHEARSAL_CLOCK, or set S2S_DEMO=1 if this is a training site."
    )

# --- Applications, lowest storey first ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "s2s_portal.core",
    "s2s_portal.jobs",
    "s2s_portal.organisations",
    "s2s_portal.notifications",
    "quotas",
    "referrals",
    "s2s_portal.oversight",
    "s2s_portal.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django.forms",  # FORM_RENDERER looks for Django's own widget templates among the apps
    "crispy_forms",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "s2s_portal.core.middleware.ClockMiddleware",
    "s2s_portal.core.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "s2s_portal.core.middleware.NoStoreMiddleware",
    "s2s_portal.organisations.middleware.KeepTypedTextMiddleware",
    "s2s_portal.organisations.middleware.BusyDatabaseMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "s2s_portal.urls"
WSGI_APPLICATION = "s2s_portal.wsgi.application"
ASGI_APPLICATION = "s2s_portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",  # Django’s admin insists; ours has the last word
                "django.contrib.messages.context_processors.messages",
                "s2s_portal.context_processors.portal",
            ]
        },
    }
]
FORM_RENDERER = "s2s_portal.core.forms.renderer.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"

# --- The database -----------------------------------------------------------------------------------------------
DATABASE_URL = required(
    "DATABASE_URL",
    "Set it to the PostgreSQL database, such as postgres://user:password@host:5432/name.",
    default=f"sqlite:///{BASE_DIR / 'var' / 's2s.sqlite3'}",
)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
database = DATABASES["default"]
if database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins: a deferred one finds out too late and fails
    # (46 of 50 submitters locked out, against none).
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
    Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    # Nobody waits for ever behind a lock: after 20 seconds the page says that the portal is busy and keeps the text.
    # And a random page costs about what the next one does, as on any disk of today: by its own default of 4, meant for
    # rotating ones, PostgreSQL reads every visit there ever was to find those of one period (74 ms, against 18).
    database["OPTIONS"] = {
        **database.get("OPTIONS", {}),
        "options": "-c lock_timeout=20000 -c random_page_cost=1.1",
    }
    database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    database["CONN_HEALTH_CHECKS"] = env.bool("CONN_HEALTH_CHECKS", default=True)
# A file, not memory: races and background processes must see what the tests wrote.
database["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="") or None}
if database["ENGINE"] == "django.db.backends.sqlite3" and not database["TEST"]["NAME"]:
    database["TEST"]["NAME"] = str(BASE_DIR / "var" / "test.sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, background work, messages ----------------------------------------------------------------------------
REDIS_URL = required(
    "REDIS_URL",
    "Set it to the Redis server that workers share, such as redis://host:6379/0.",
    default="memory://",
)
EMBEDDED = REDIS_URL == "memory://"
# The sign-in lockout counts in the cache. Every process must share it, people sign in while the broker is away, and a
# broker that is flushed gives nobody new tries: so it is a table of the database, Redis or no Redis.
CACHES = {
    # The entries are for the counters of tries: Django's 300 would be thrown out by tries for 300 invented people.
    "default": {
        "BACKEND": "s2s_portal.core.cache.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ALWAYS_EAGER = EMBEDDED
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_BROKER_TRANSPORT_OPTIONS = {} if EMBEDDED else {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# So long one worker has a job to itself; if it was killed, another takes over then. Not below CELERY_TASK_TIME_LIMIT.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=300)

# How e-mail leaves: "smtp" (the mail server of EMAIL_URL) or "notify" (GOV.UK Notify).
S2S_MAIL = env.str("S2S_MAIL", default="smtp")
NOTIFY_API_KEY, NOTIFY_TEMPLATE_ID = env.str("NOTIFY_API_KEY", default=""), env.str("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_BASE_URL = env.str("NOTIFY_BASE_URL", default="https://api.notifications.service.gov.uk")
NOTIFY_REPLY_TO_ID = env.str("NOTIFY_REPLY_TO_ID", default="")
if S2S_MAIL not in ("smtp", "notify"):
    raise ImproperlyConfigured("S2S_MAIL is neither smtp nor notify. Set it to one of them, or leave it out for smtp.")
if S2S_MAIL == "notify" and not (NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID):
    raise ImproperlyConfigured("S2S_MAIL is notify: set NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID as the README says.")
smtp_hint = "Set it to the mail server, such as smtp+tls://user:password@host:587, or consolemail:// to print messages."
smtp_default = f"filemail:///{BASE_DIR / 'var' / 'mail'}"
EMAIL_URL = required("EMAIL_URL", smtp_hint, default=smtp_default) if S2S_MAIL == "smtp" else "dummymail://"
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 20  # seconds for each of a conversation's steps
# So long one worker has a message to itself: longer than the slowest conversation, or it would be sent twice.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=120)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="School to School support <no-reply@s2s.invalid>")

# --- Sign-in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "s2s_portal.organisations.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {  # the same forms with messages that say what to do
    "login": "s2s_portal.core.forms.sign_in.SignInForm",
    "change_password": "s2s_portal.core.forms.sign_in.NewPasswordForm",
    "reauthenticate": "s2s_portal.core.forms.sign_in.ConfirmForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by the person
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_PREVENT_ENUMERATION = True
# Strict for one account, whose guesser is stopped; loose for one address, which a whole council may share. The account
# comes first: tries for one that is locked cost the neighbours nothing. Only failures count for login_failed.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,120/m/ip", "login": "240/m/ip", "signed_link": "240/m/ip"}
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Transport and content security -------------------------------------------------------------------------------
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^health/"]  # a load balancer asks over plain HTTP and takes a redirect for a failure
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
# Sign-in counts tries by the last address in X-Forwarded-For, which is the one that the proxy saw and wrote.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_TLS_PROXY)
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "s2s_portal.organisations.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **dict.fromkeys(("default-src", "base-uri", "frame-ancestors", "object-src"), [NONE]),
        **dict.fromkeys(("script-src", "style-src", "img-src", "font-src", "connect-src"), [SELF]),
        **dict.fromkeys(("form-action", "manifest-src"), [SELF]),
    }
}
# Two megabytes of text, percent-encoded, must reach the form, which answers with a sentence and gives the text back.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

# --- Words, dates, files -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True  # for Django's own British messages; the portal's words are in one language
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    # What people attach (core.files): no web server and no other account of this machine reads it.
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "stream": sys.stderr}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
