"""The columns of a file of suppliers, and every heading they may stand under."""

from typing import Final

from django.utils.translation import gettext_lazy

from apps.submissions.exchange.columns import Column

CODE: Final = "code"
NAME_ZH: Final = "name_zh"
NAME_EN: Final = "name_en"
USCC: Final = "uscc"
REGION: Final = "region"
SUPPLIES: Final = "supplies"
SITES: Final = "sites"
IS_MAJOR: Final = "is_major"
PRACTICES: Final = "practices_apply"
ACTIVE_FROM: Final = "active_from"
ACTIVE_UNTIL: Final = "active_until"
NOTE: Final = "note"

COLUMNS: Final = (
    Column(
        code=CODE,
        en="Supplier number",
        zh_hans="供应商编号",
        zh_hant="供應商編號",
        also=(
            "number", "supplier no", "supplier no.", "supplier code", "vendor code",
            "编号", "編號", "供应商代码", "供應商代碼",
        ),
        required=True,
        holds=gettext_lazy("Your own number. It tells a new supplier from one that is there."),
    ),
    Column(
        code=NAME_ZH,
        en="Name (Chinese)",
        zh_hans="中文名称",
        zh_hant="中文名稱",
        also=(
            "name", "chinese name", "supplier name",
            "名称", "名稱", "供应商名称", "供應商名稱", "单位名称", "單位名稱",
        ),
        required=True,
        holds=gettext_lazy("As on the business licence."),
    ),
    Column(
        code=NAME_EN,
        en="Name (English)",
        zh_hans="英文名称",
        zh_hant="英文名稱",
        also=("english name",),
        holds=gettext_lazy("Blank where there is none."),
    ),
    Column(
        code=USCC,
        en="Unified social credit code",
        zh_hans="统一社会信用代码",
        zh_hant="統一社會信用代碼",
        also=("credit code", "uscc", "信用代码", "信用代碼", "税号", "稅號", "纳税人识别号", "納稅人識別號"),
        holds=gettext_lazy("18 characters. Its check character is checked. Blank for suppliers abroad."),
    ),
    Column(
        code=REGION,
        en="Region",
        zh_hans="地区",
        zh_hant="地區",
        also=("province", "省份", "省区", "省區", "所在地区", "所在地區", "所在地"),
        required=True,
        holds=gettext_lazy("Code or name of a region of the catalogue, such as Xinjiang."),
    ),
    Column(
        code=SUPPLIES,
        en="Supplies",
        zh_hans="供应内容",
        zh_hant="供應內容",
        also=(
            "supply", "category", "categories", "goods",
            "供应品类", "供應品類", "供应类别", "供應類別", "物资类别", "物資類別",
        ),
        required=True,
        holds=gettext_lazy("One or more of the catalogue, with a semicolon between them."),
    ),
    Column(
        code=SITES,
        en="Sites",
        zh_hans="供应厂区",
        zh_hant="供應廠區",
        also=("site", "plants", "plant", "厂区", "廠區", "基地", "生产基地", "生產基地"),
        required=True,
        holds=gettext_lazy("Codes or names of the sites it supplies, with a semicolon between them."),
    ),
    Column(
        code=IS_MAJOR,
        en="Major supplier",
        zh_hans="主要供应商",
        zh_hant="主要供應商",
        also=("major", "是否主要供应商", "是否主要供應商", "重要供应商", "重要供應商"),
        holds=gettext_lazy("Yes or no. Blank: no for a new supplier, unchanged for others."),
    ),
    Column(
        code=PRACTICES,
        en="Supplier practices apply",
        zh_hans="适用供应商惯例",
        zh_hant="適用供應商慣例",
        also=("practices apply", "是否适用供应商惯例", "是否適用供應商慣例"),
        holds=gettext_lazy("Yes or no. Blank: yes for a new supplier, unchanged for others."),
    ),
    Column(
        code=ACTIVE_FROM,
        en="Active from",
        zh_hans="合作开始日期",
        zh_hant="合作開始日期",
        also=("from", "since", "合作日期", "开始日期", "開始日期", "准入日期", "準入日期"),
        required=True,
        holds=gettext_lazy("A day like 2018-03-01."),
    ),
    Column(
        code=ACTIVE_UNTIL,
        en="Active until",
        zh_hans="合作结束日期",
        zh_hant="合作結束日期",
        also=("until", "to", "结束日期", "結束日期", "终止日期", "終止日期"),
        holds=gettext_lazy("Blank while the supplier is active."),
    ),
    Column(
        code=NOTE,
        en="Note",
        zh_hans="备注",
        zh_hant="備註",
        also=("remark", "remarks", "说明", "說明"),
    ),
)  # fmt: skip
