from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "qunxing.matching"

    def ready(self) -> None:
        import_module("qunxing.matching.jobs")
        import_module("qunxing.matching.bundles.jobs")
