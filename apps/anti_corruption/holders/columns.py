"""The columns of a file of holders, and every heading they may stand under."""

from typing import Final

from django.utils.translation import gettext_lazy

from apps.submissions.exchange.columns import Column

USER: Final = "user_name"
POST: Final = "position"
SITE: Final = "site"
FROM: Final = "from"
UNTIL: Final = "until"

COLUMNS: Final = (
    Column(
        code=USER,
        en="User name",
        zh_hans="用户名",
        zh_hant="用戶名",
        also=("user", "username", "login", "account", "账号", "帳號", "登录名", "登入名"),
        required=True,
        holds=gettext_lazy("The name to sign in with, or the full name where only one person has it."),
    ),
    Column(
        code=POST,
        en="Important position",
        zh_hans="重要岗位",
        zh_hant="重要崗位",
        also=("post", "position", "岗位", "崗位", "职位", "職位"),
        required=True,
        holds=gettext_lazy("Code or name of an important position of the catalogue."),
    ),
    Column(
        code=SITE,
        en="Site",
        zh_hans="厂区",
        zh_hant="廠區",
        also=("plant", "基地", "生产基地", "生產基地"),
        required=True,
        holds=gettext_lazy("Code or name of one of your sites."),
    ),
    Column(
        code=FROM,
        en="From",
        zh_hans="任职开始日期",
        zh_hant="任職開始日期",
        also=("since", "valid from", "开始日期", "開始日期", "任职日期", "任職日期", "起始日期"),
        required=True,
        holds=gettext_lazy("A day like 2018-03-01."),
    ),
    Column(
        code=UNTIL,
        en="Until",
        zh_hans="任职结束日期",
        zh_hant="任職結束日期",
        also=("to", "valid until", "结束日期", "結束日期", "离任日期", "離任日期"),
        holds=gettext_lazy("The last day. Blank while the person holds the position; one that has ended stays ended."),
    ),
)
