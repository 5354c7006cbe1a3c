"""The unified social credit code (GB 32100-2015)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.supply_chain import credit_code

# The seventeen characters before the check character; the first tells who registered the organisation.
FIRST = st.builds("9{}".format, st.text(credit_code.ALPHABET, min_size=16, max_size=16))


# The example of the standard, and codes that large companies print in their filings.
@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "914403001922038216", "9144030071526726XG", "91330100799655058B", "91110000802100433B"],
)
def test_published_codes_are_right(code: str) -> None:
    assert credit_code.is_right(code)


@given(
    FIRST,
    st.integers(1, 17),
    st.sampled_from(credit_code.ALPHABET),
)
def test_one_wrong_character_is_always_found(first: str, place: int, other: str) -> None:
    code = first + credit_code.check_character(first)
    changed = code[:place] + other + code[place + 1 :]
    assert credit_code.is_right(changed) == (changed == code)


@given(FIRST, st.integers(1, 16))
def test_two_neighbours_changed_over_are_found(first: str, place: int) -> None:
    code = first + credit_code.check_character(first)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert credit_code.is_right(swapped) == (swapped == code)


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y433", "91350100I000100Y43", "0" * 18])
def test_what_has_another_length_or_letter_is_no_code(code: str) -> None:
    assert not credit_code.is_right(code)


def test_full_width_characters_small_letters_and_hyphens_are_read() -> None:
    assert credit_code.normalised(" ９１３５０１００-m000100y43 ") == "91350100M000100Y43"
