"""The program ``qunxing``: options that decide the settings are read, Django starts, the command runs."""

import argparse
import os
import sys
from importlib import import_module

LANGUAGE_OPTIONS = {"zh": "zh-hans", "zh-hans": "zh-hans", "en": "en"}
REFUSED = 2


def main(arguments: list[str] | None = None) -> None:
    """Run one command; the exit status is 0 done, 1 done with something left for staff, 2 refused."""
    rest = read_early_options(sys.argv[1:] if arguments is None else arguments)
    import_module("django").setup()
    import_module("django.utils.translation").activate(LANGUAGE_OPTIONS[os.environ["QUNXING_LANG"]])
    sys.exit(import_module("qunxing.cli.app").run(rest))


def read_early_options(arguments: list[str]) -> list[str]:
    """Put --data-dir and --lang into the environment, wherever they stand; give back the other arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data-dir")
    parser.add_argument("--lang", choices=LANGUAGE_OPTIONS)
    known, rest = parser.parse_known_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunxing.config.settings")
    if known.data_dir:
        os.environ["QUNXING_DATA"] = known.data_dir
    os.environ["QUNXING_LANG"] = known.lang or language_of_environment()
    # Our matrices are small: more threads only wait for each other, many times longer on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return rest


def language_of_environment() -> str:
    """Chinese, unless QUNXING_LANG or the terminal's locale asks for English."""
    wish = os.environ.get("QUNXING_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if wish.lower().startswith("en") else "zh-hans"
