"""The API: one router an app, mounted here. It reads; what may be read is asked as on the pages."""

from ninja import NinjaAPI

from qunxing.accounts.tokens import AUTH
from qunxing.directory.api import router as directory
from qunxing.funds.api import router as funds
from qunxing.indicators.api import router as indicators
from qunxing.registry.api import router as registry
from qunxing.resources.api import router as resources
from qunxing.scenarios.api import router as scenarios

api = NinjaAPI(title="Qunxing", version="1", docs_url=None, auth=AUTH)
api.add_router("", directory)
api.add_router("", registry)
api.add_router("", funds)
api.add_router("", resources)
api.add_router("", scenarios)
api.add_router("", indicators)
