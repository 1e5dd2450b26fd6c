from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FundsConfig(AppConfig):
    name = "qunxing.funds"

    def ready(self) -> None:
        from qunxing.funds.guards import install  # noqa: PLC0415 - models are ready only now

        post_migrate.connect(install, sender=self, dispatch_uid="funds.guards")
