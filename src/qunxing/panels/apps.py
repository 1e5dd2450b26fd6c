from django.apps import AppConfig


class PanelsConfig(AppConfig):
    name = "qunxing.panels"
