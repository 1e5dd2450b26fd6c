"""What waits for whom in a contest: bidders, partners, issuers, experts, staff and officers."""

from qunxing.challenges.duties import bidding, deciding, delivering, listing

DUTIES = (*listing.DUTIES, *bidding.DUTIES, *deciding.DUTIES, *delivering.DUTIES)
