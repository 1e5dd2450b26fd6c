from importlib import import_module

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "qunxing.indicators"

    def ready(self) -> None:
        import_module("qunxing.indicators.jobs")
