"""Addresses of bids."""

from django.urls import path

from qunxing.challenges.views import bidfiles, bidform, bids, opening

urlpatterns = [
    path("challenges/bids/", bids.bid_list, name="bid-list"),
    path("challenges/bids/receipt/", bids.receipt_check, name="receipt-check"),
    path("challenges/bids/for/<slug:ref>/", bids.bid_create, name="bid-create"),
    path("challenges/bids/<slug:ref>/", bids.bid_detail, name="bid-detail"),
    path("challenges/bids/<slug:ref>/edit/", bidform.bid_edit, name="bid-edit"),
    path("challenges/bids/<slug:ref>/autosave/", bidform.bid_autosave, name="bid-autosave"),
    path("challenges/bids/<slug:ref>/submit/", bids.bid_submit, name="bid-submit"),
    path("challenges/bids/<slug:ref>/withdraw/", bids.bid_withdraw, name="bid-withdraw"),
    path("challenges/bids/<slug:ref>/take-back/", bids.bid_take_back, name="bid-take-back"),
    path("challenges/bids/<slug:ref>/parts/<slug:organization>/<slug:step>/", bids.part_answer, name="part-answer"),
    path("challenges/bids/<slug:ref>/receipts/<int:number>/", bids.bid_receipt, name="bid-receipt"),
    path("challenges/bids/<slug:ref>/receipts/<int:number>/file/", bids.bid_receipt_file, name="bid-receipt-file"),
    path("challenges/bids/<slug:ref>/files/", bidfiles.file_add, name="bid-file-add"),
    path("challenges/bids/<slug:ref>/files/<slug:upload>/", bidfiles.file_download, name="bid-file"),
    path("challenges/bids/<slug:ref>/files/<slug:upload>/remove/", bidfiles.file_remove, name="bid-file-remove"),
    path("challenges/lists/<slug:ref>/opening/", opening.opening_page, name="opening"),
    path("challenges/lists/<slug:ref>/opening/begin/", opening.opening_begin, name="opening-begin"),
    path("challenges/lists/<slug:ref>/opening/confirm/", opening.opening_confirm, name="opening-confirm"),
    path("challenges/lists/<slug:ref>/opening/key/", opening.key_restore, name="key-restore"),
]
