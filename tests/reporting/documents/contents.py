"""The document of a year in small: the company's published resources and waste of 2020, two sites, a few words."""

from typing import Any

from apps.reporting.content.shape import Content, Words

# What a person may type, and a program must not run.
HOSTILE = '#import "x": * {{ secret }} {% raw %} <script>alert(1)</script> $x$ @ref \\ =1+1'


def same(text: str) -> Words:
    return {"en": text, "zh-hans": text, "zh-hant": text}


def words(english: str, simplified: str, traditional: str) -> Words:
    return {"en": english, "zh-hans": simplified, "zh-hant": traditional}


def place(value: str | None, display: str, **more: Any) -> dict[str, Any]:
    return {
        "value": value,
        "display": display,
        "reason": {},
        "gap": {},
        "is_withheld": False,
        "rows": 24,
        "approved": 24,
        "expected": 24,
        "last": None,
        "last_display": "–",
        "change": None,
        **more,
    }


def figure(
    title: Words, unit: str, places: dict[str, dict[str, Any]], *, decimals: int = 0, **more: Any
) -> dict[str, Any]:
    return {
        "title": title,
        "unit": same(unit),
        "decimals": decimals,
        "kind": "Flow",
        "section": "environment",
        "provisions": ["A2.1"],
        "meaning": "",
        "made_of": [],
        "places": places,
        "history": [],
        **more,
    }


def line(title: Words, total: str, density: str = "", **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "heading": {},
        "is_part": False,
        "is_sum": False,
        "total": total,
        "density": density,
        "words": {},
        **more,
    }


def table(code: str, title: str, item: str, lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "aspect": code.split("-")[0],
        "title": same(title),
        "item_title": same(item),
        "amount_title": same("Consumption"),
        "density_title": {},
        "words_title": {},
        "note": {},
        "years": [],
        "lines": lines,
        "history": [],
        **more,
    }


_ELECTRICITY = words("Electricity", "电力", "電力")
_DIESEL = words("Diesel oil", "柴油", "柴油")
_COAL = words("Coal", "煤", "煤")
_WATER = words("Water", "水", "水")
_OIL = words("Waste engine oil", "废机油", "廢機油")


def _resource(title: Words, code: str, unit: str, value: str, display: str, density: str) -> dict[str, Any]:
    return {
        code: figure(title, unit, {"": place(value, display)}),
        f"{code}-D": figure(
            title, f"{unit}/t", {"": place(density.replace(",", ""), density)}, decimals=1, made_of=[code]
        ),
    }


def year_content(**more: Any) -> Content:
    """A draft of 2020. ``more`` replaces parts of it."""
    figures = {
        **_resource(_ELECTRICITY, "E", "kWh", "55320585", "55,320,585", "1,395.5"),
        **_resource(_DIESEL, "D", "L", "831", "831", "0.021"),
        **_resource(_COAL, "C", "t", "106352", "106,352", "2.7"),
        **_resource(_WATER, "W", "m³", "129095", "129,095", "3.3"),
        "OIL": figure(_OIL, "t", {"": place("16", "16.0")}, decimals=1, provisions=["A1.3"]),
        "SMALL": figure(same("Of few people"), "persons", {"": place(None, "–", is_withheld=True)}),
        "=1+1": figure(same(HOSTILE), "=1+1", {"": place("0.123456789012345678901", "0.1")}, decimals=1),
        "ENV-RES-WATER": figure(
            _WATER,
            "m³",
            {
                "": place("129095", "129,095", last="130000", last_display="130,000", change="-0.696"),
                "HAMI": place("89514", "89,514"),
                "BAISHAN": place("39581", "39,581"),
            },
            history=[
                {"year": "2019", "value": "130000", "display": "130,000"},
                {"year": "2020", "value": "129095", "display": "129,095"},
            ],
        ),
    }
    resources = [line(title, code, f"{code}-D") for title, code in
                 ((_ELECTRICITY, "E"), (_DIESEL, "D"), (_COAL, "C"), (_WATER, "W"))]  # fmt: skip
    treatment = words("Sold to nearby enterprises", "出售给附近企业", "出售予附近企業")
    content: dict[str, Any] = {
        "format": 1,
        "number": 0,
        "previous_sha256": "",
        "published_at": "",
        "remark": "",
        "year": {"code": "2020", "starts_on": "2020-01-01", "ends_on": "2020-12-31"},
        "last_year": "2019",
        "group": {
            "name": words("Rare Earth Magnesium Technology", "稀镁科技集团", "稀鎂科技集團"),
            "stock_code": "0601",
            "notice": same(""),
        },
        "guide": {"code": "hkex-2016", "name": same("ESG Reporting Guide"), "source": "Appendix 27"},
        "aspects": {"A1": words("A1 Emissions", "A1 排放物", "A1 排放物"), "A2": same("A2 Use of resources")},
        "sections": {"environment": words("Environment", "环境", "環境")},
        "sites": [
            {"code": "HAMI", "name": words("Hami", "哈密", "哈密"), "province": same("Xinjiang")},
            {"code": "BAISHAN", "name": words("Baishan", "白山", "白山"), "province": same("Jilin")},
        ],
        "provisions": [
            provision("A1.3", "Hazardous waste", figures=["OIL"]),
            provision("A2.1", "Energy", figures=["E", "E-D", "ENV-RES-WATER"], statement=same(f"1. {HOSTILE}")),
            provision("A2.2", "Water", status="missing"),
        ],
        "tables": [
            table(
                "A1-HAZ",
                "A1 Hazardous waste",
                "Types of hazardous waste",
                [line(_OIL, "OIL", words=treatment)],
                words_title=same("Treatment"),
            ),
            table("A2-RES", "A2 Resources", "Resources", resources, density_title=same("Density")),
            table("A2-MORE", HOSTILE, "=1+1", [line(same(HOSTILE), "=1+1"), line(same("Few"), "SMALL")]),
        ],
        "figures": figures,
        "calculations": {},
        "factors": [],
        "targets": [],
        "instruments": [],
        "restatements": [],
        **more,
    }
    found: Any = content
    whole: Content = found
    return whole


def provision(code: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "aspect": code.split(".")[0],
        "kind": "kpi",
        "obligation": "comply",
        "is_quantitative": True,
        "title": same(title),
        "status": "reported",
        "figures": [],
        "statement_kind": "disclosure",
        "statement": {},
        "responsible": "",
        "forms": [],
        **more,
    }


__all__ = ["HOSTILE", "year_content"]
