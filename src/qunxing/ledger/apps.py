from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "qunxing.ledger"

    def ready(self) -> None:
        import_module("qunxing.ledger.signals")
