from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "qunxing.registry"

    def ready(self) -> None:
        import_module("qunxing.registry.signals")
