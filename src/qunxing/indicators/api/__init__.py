"""Figures, claims and reports over the API."""

from ninja import Router

from qunxing.indicators.api.claims import router as claims
from qunxing.indicators.api.figures import router as figures
from qunxing.indicators.api.reports import router as reports

router = Router()
router.add_router("", claims)
router.add_router("", figures)
router.add_router("", reports)
