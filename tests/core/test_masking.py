"""Masked personal data tells who it may be, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.masking import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王明", "王*"),
        ("王小明", "王**"),
        ("欧阳小明", "欧***"),
        ("王", "王*"),
        ("John Smith", "J***"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_name_keeps_its_first_character(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("021-64681234", "***34"),
        ("12345", "***"),
        ("微信联系", "***"),
        ("", ""),
    ],
)
def test_phone_keeps_its_ends(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("wang@example.org", "w***@example.org"), ("@example.org", "***@example.org"), ("wang", "***"), ("", "")],
)
def test_email_keeps_its_domain(address, masked):
    assert mask_email(address) == masked


@given(st.text(min_size=2))
def test_mask_never_gives_the_whole(text):
    bare = text.strip()
    assert len(bare) < 2 or bare not in (mask_name(text), mask_phone(text), mask_email(text)) or set(bare) <= {"*"}
