"""Addresses of published figures."""

from django.urls import path

from qunxing.indicators.views import claims, dashboard, derived, figures, reports, templates
from qunxing.indicators.views.returns import pages as quarters
from qunxing.indicators.views.returns import records as returns

app_name = "indicators"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/wall/", dashboard.wall, name="dashboard-wall"),
    path("dashboard/<slug:code>/", dashboard.dashboard_panel, name="dashboard-panel"),
    path("indicators/", figures.indicator_list, name="indicator-list"),
    path("indicators/new/", derived.indicator_create, name="indicator-create"),
    path("indicators/<slug:code>/", figures.indicator_detail, name="indicator-detail"),
    path("indicators/<slug:code>/rows/", figures.indicator_rows, name="indicator-rows"),
    path("indicators/<slug:code>/compare/", figures.indicator_compare, name="indicator-compare"),
    path("indicators/<slug:code>/definition/", figures.indicator_history, name="indicator-history"),
    path("indicators/<slug:code>/edit/", derived.indicator_edit, name="indicator-edit"),
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/new/", claims.claim_create, name="claim-create"),
    path("claims/<slug:ref>/", claims.claim_detail, name="claim-detail"),
    path("claims/<slug:ref>/edit/", claims.claim_edit, name="claim-edit"),
    path("returns/", returns.return_list, name="return-list"),
    path("returns/new/", returns.return_create, name="return-create"),
    path("returns/missing/", quarters.return_missing, name="return-missing"),
    path("returns/remind/", quarters.return_remind, name="return-remind"),
    path("returns/graduation/", quarters.return_graduation, name="return-graduation"),
    path("returns/terms/", quarters.return_terms, name="return-terms"),
    path("returns/quarter/<slug:quarter>/", quarters.return_quarter, name="return-quarter"),
    path("returns/quarter/<slug:quarter>/publish/", quarters.return_publish, name="return-publish"),
    path("returns/<slug:ref>/", returns.return_detail, name="return-detail"),
    path("returns/<slug:ref>/edit/", returns.return_edit, name="return-edit"),
    path("returns/<slug:ref>/move/", returns.return_move, name="return-move"),
    path("returns/<slug:ref>/remove/", returns.return_remove, name="return-remove"),
    path("returns/<slug:ref>/form.<slug:kind>", returns.return_paper, name="return-paper"),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/new/", reports.report_create, name="report-create"),
    path("reports/templates/", templates.template_list, name="template-list"),
    path("reports/templates/new/", templates.template_create, name="template-create"),
    path("reports/templates/preview/", templates.template_preview, name="template-preview"),
    path("reports/templates/<slug:ref>/", templates.template_detail, name="template-detail"),
    path("reports/templates/<slug:ref>/edit/", templates.template_edit, name="template-edit"),
    path("reports/<slug:ref>/", reports.report_detail, name="report-detail"),
    path("reports/<slug:ref>/edit/", reports.report_edit, name="report-edit"),
    path("reports/<slug:ref>/issue/", reports.report_issue, name="report-issue"),
    path("reports/<slug:ref>/drop/", reports.report_drop, name="report-drop"),
    path("reports/<slug:ref>/reissue/", reports.report_reissue, name="report-reissue"),
    path("reports/<slug:ref>/differences/", reports.report_differences, name="report-differences"),
    path("reports/<slug:ref>/figures/<int:number>/", reports.report_figure, name="report-figure"),
    path("reports/<slug:ref>/kept.json", reports.report_kept, name="report-kept"),
    path("reports/<slug:ref>/report.<slug:kind>", reports.report_file, name="report-file"),
]
