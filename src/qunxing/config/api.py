"""The API: one router an app, mounted here."""

from ninja import NinjaAPI

api = NinjaAPI(title="Qunxing", version="1", docs_url=None)
