"""The settings of the program over a data folder that lasts as long as the tests; the environment is left out."""

import os
import tempfile

for name in [name for name in os.environ if name.startswith("QUNXING_")]:
    del os.environ[name]

FOLDER = tempfile.TemporaryDirectory(prefix="qunxing-tests-")
os.environ["QUNXING_DATA"] = FOLDER.name
os.environ["QUNXING_HTTPS"] = "false"

from qunxing.config.settings import *  # noqa: E402, F403
from qunxing.config.settings import STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)
# Tests sign in often, and guard nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
