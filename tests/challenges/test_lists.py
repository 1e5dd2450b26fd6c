"""Lists, their challenges and their targets."""

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.challenges.models import Challenge, ChallengeList, Target
from tests.challenges import factories

pytestmark = pytest.mark.django_db


def test_a_draft_is_closed_to_the_public_with_all_that_hangs_on_it() -> None:
    factories.challenge(factories.board())
    entry = factories.challenge(factories.board("published"))
    assert list(Challenge.objects.visible_to(AnonymousUser())) == [entry]
    assert list(ChallengeList.objects.visible_to(AnonymousUser())) == [entry.board]
    assert [row.challenge for row in Target.objects.visible_to(AnonymousUser())] == [entry]
