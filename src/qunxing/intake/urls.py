"""Addresses of imports and of what they leave to people."""

from django.urls import path

from qunxing.intake.views import batches, imports, joining, leftovers, papers, sheets, shortnames, undoing

app_name = "intake"
urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_create, name="import-create"),
    path("imports/rows/", leftovers.staff_rows, name="staff-rows"),
    path("imports/rows/<slug:ref>/", leftovers.staff_row, name="staff-row"),
    path("imports/rows/<slug:ref>/settle/", leftovers.staff_row_settle, name="staff-row-settle"),
    path("imports/proposals/", leftovers.proposals, name="proposals"),
    path("imports/proposals/<slug:ref>/", leftovers.proposal, name="proposal"),
    path("imports/proposals/<slug:ref>/accept/", leftovers.proposal_accept, name="proposal-accept"),
    path("imports/proposals/<slug:ref>/dismiss/", leftovers.proposal_dismiss, name="proposal-dismiss"),
    path("papers/", papers.paper_list, name="paper-list"),
    path("papers/new/", papers.paper_create, name="paper-create"),
    path("papers/names/<slug:code>/", papers.paper_names, name="paper-names"),
    path("papers/<slug:ref>/", papers.paper_detail, name="paper-detail"),
    path("papers/<slug:ref>/edit/", papers.paper_edit, name="paper-edit"),
    path("papers/<slug:ref>/file/", papers.paper_file, name="paper-file"),
    path("papers/<slug:ref>/fill/", papers.paper_fill, name="paper-fill"),
    path("sheets/", sheets.sheet_hub, name="sheet-hub"),
    path("sheets/<slug:code>/template/", sheets.sheet_template, name="sheet-template"),
    path("sheets/<slug:code>/export/", sheets.sheet_export, name="sheet-export"),
    path("sheets/written/<slug:ref>/", sheets.sheet_file, name="sheet-file"),
    path("sheets/<slug:code>/import/", sheets.sheet_import, name="sheet-import"),
    path("imports/<slug:ref>/again/", sheets.sheet_read, name="sheet-read"),
    path("imports/<slug:ref>/columns/", sheets.sheet_columns, name="sheet-columns"),
    path("imports/<slug:ref>/row/<int:number>/", sheets.sheet_row, name="sheet-row"),
    path("imports/<slug:ref>/leave/", sheets.sheet_leave, name="sheet-leave"),
    path("imports/<slug:ref>/write/", sheets.sheet_apply, name="sheet-apply"),
    path("imports/<slug:ref>/", batches.batch_detail, name="import-detail"),
    path("imports/<slug:ref>/file/", imports.import_file, name="import-file"),
    path("imports/<slug:ref>/read/", imports.import_read, name="import-read"),
    path("imports/<slug:ref>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<slug:ref>/accept/", imports.import_accept, name="import-accept"),
    path("duplicates/", joining.duplicates, name="duplicates"),
    path("duplicates/search/", joining.duplicate_search, name="duplicate-search"),
    path("duplicates/names/", shortnames.short_names, name="short-names"),
    path("duplicates/names/settle/", shortnames.short_names_settle, name="short-names-settle"),
    path("duplicates/names/propose/", shortnames.short_names_propose, name="short-names-propose"),
    path("duplicates/<slug:ref>/<slug:other_ref>/", joining.duplicate, name="duplicate"),
    path("imports/<slug:ref>/undo/", undoing.import_undo, name="import-undo"),
    path("imports/<slug:ref>/drop/", imports.import_drop, name="import-drop"),
]
