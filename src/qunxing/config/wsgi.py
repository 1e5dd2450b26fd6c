"""The WSGI entry point."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunxing.config.settings")
application = get_wsgi_application()
# Once, before the processes part; a page would wait for it otherwise.
import_module("qunxing.search.wording").warm()
