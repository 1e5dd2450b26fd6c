"""Addresses of the base of the ledgers."""

from datetime import date

from django.urls import path, register_converter

from qunxing.ledger.views import calendar, evidence, jobs, log, sources


class DayConverter:
    """A day in an address, as ``2027-01-01``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
app_name = "ledger"
urlpatterns = [
    path("sources/", sources.source_list, name="source-list"),
    path("sources/new/", sources.source_create, name="source-create"),
    path("sources/<slug:ref>/", sources.source_detail, name="source-detail"),
    path("sources/<slug:ref>/edit/", sources.source_edit, name="source-edit"),
    path("sources/<slug:ref>/file/", sources.source_file, name="source-file"),
    path("evidence/<str:kind>/<slug:ref>/new/", evidence.evidence_create, name="evidence-create"),
    path("evidence/<int:pk>/confirm/", evidence.evidence_confirm, name="evidence-confirm"),
    path("evidence/<int:pk>/follow/", evidence.evidence_follow, name="evidence-follow"),
    path("jobs/<slug:ref>/", jobs.job_detail, name="job-detail"),
    path("jobs/<slug:ref>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("log/", log.log, name="log"),
    path("log/export/", log.log_export, name="log-export"),
    path("log/<int:index>/proof/", log.log_proof, name="log-proof"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<day:day>/remove/", calendar.calendar_remove, name="calendar-remove"),
]
