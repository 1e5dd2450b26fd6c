from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "qunxing.demo"
