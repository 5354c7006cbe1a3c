"""The unified social credit code of a Chinese organisation (GB 32100-2015)."""

from typing import Final

# 31 characters: digits and capitals without I, O, S, V and Z, which are read as 1, 0, 5, U and 2.
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 18
# The department that registered the organisation; nobody registers under 0.
_REGISTRARS: Final = "123456789ANY"
# 3 to the power of the place, modulo 31.
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def normalised(text: str) -> str:
    """As it is kept: capitals, without spaces and hyphens; full-width characters become plain ones."""
    plain = "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text)
    return "".join(char for char in plain.upper() if not char.isspace() and char != "-")


def check_character(first: str) -> str:
    """The eighteenth character to the seventeen ``first``. Raises ValueError for characters that no code has."""
    if len(first) != LENGTH - 1:
        raise ValueError("a check character belongs to 17 characters")
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_right(code: str) -> bool:
    """Whether ``code`` has 18 characters of the alphabet, a registrar, and ends in its check character."""
    if len(code) != LENGTH or any(char not in ALPHABET for char in code) or code[0] not in _REGISTRARS:
        return False
    return check_character(code[:-1]) == code[-1]
