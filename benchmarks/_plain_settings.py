"""The program's settings with Django's own admin beside it, over the same tables: what one would get for nothing."""

from qunxing.config.settings import *  # noqa: F403
from qunxing.config.settings import INSTALLED_APPS as HOUSE

INSTALLED_APPS = [*HOUSE, "django.contrib.admin"]
ROOT_URLCONF = "_plain_urls"
SILENCED_SYSTEM_CHECKS = ["admin.E403", "admin.E404", "admin.E406", "admin.E410"]
