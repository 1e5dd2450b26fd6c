"""Figures and claims over the API."""

from ninja import Router

from qunxing.indicators.api.claims import router as claims
from qunxing.indicators.api.figures import router as figures

router = Router()
router.add_router("", claims)
router.add_router("", figures)
