from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "qunxing.resources"
