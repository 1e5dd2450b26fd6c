"""Addresses of matching."""

from django.urls import URLPattern, URLResolver, include, path

from qunxing.matching.views import invitations, shortlists

app_name = "matching"
urlpatterns: list[URLPattern | URLResolver] = [
    path("matching/", invitations.overview, name="overview"),
    path("scenarios/<slug:ref>/matches/", shortlists.scenario_matches, name="scenario"),
    path("scenarios/<slug:ref>/requirement/", invitations.requirement_edit, name="requirement-edit"),
    path("organizations/<slug:ref>/matches/", shortlists.organization_matches, name="organization"),
    path("funds/<slug:ref>/matches/", shortlists.fund_matches, name="fund"),
    path("scenarios/<slug:ref>/matches/compute/", shortlists.compute, {"kind": "scenario"}, name="scenario-compute"),
    path(
        "organizations/<slug:ref>/matches/compute/",
        shortlists.compute,
        {"kind": "organization"},
        name="organization-compute",
    ),
    path("funds/<slug:ref>/matches/compute/", shortlists.compute, {"kind": "fund"}, name="fund-compute"),
    path("shortlists/<slug:ref>/", shortlists.shortlist_detail, name="shortlist-detail"),
    path("shortlists/<slug:ref>/annex/", shortlists.shortlist_annex, name="shortlist-annex"),
    path("shortlists/<slug:ref>/share/", shortlists.shortlist_share, name="shortlist-share"),
    path("shortlists/<slug:ref>/unshare/", shortlists.shortlist_unshare, name="shortlist-unshare"),
    path("shortlists/<slug:ref>/order/", shortlists.shortlist_order, name="shortlist-order"),
    path("shortlists/<slug:ref>/computed/", shortlists.shortlist_computed, name="shortlist-computed"),
    path("shortlists/<slug:ref>/<slug:firm>/invite/", invitations.invitation_create, name="invitation-create"),
    path("shortlists/<slug:ref>/<slug:firm>/<slug:verdict>/", shortlists.candidate_judge, name="candidate-judge"),
    path("invitations/", invitations.invitation_list, name="invitation-list"),
    path("invitations/<slug:ref>/", invitations.invitation_detail, name="invitation-detail"),
    path("invitations/<slug:ref>/steps/<slug:step>/", invitations.invitation_move, name="invitation-move"),
    path("alerts/", include("qunxing.matching.alerts.urls")),
    path("matching/labels/", include("qunxing.matching.labelling.urls")),
    path("", include("qunxing.matching.bundles.urls")),
]
