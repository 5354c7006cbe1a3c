"""The columns of a roster, and every heading they may stand under.

Like the headings of record files they are a fixed table and no translations.
"""

from typing import Final

from django.utils.translation import gettext_lazy

from apps.submissions.exchange.columns import Column

EMPLOYEE_NUMBER: Final = "employee_number"
BIRTH_DATE: Final = "birth_date"
HIRE_DATE: Final = "hire_date"
LEAVING_DATE: Final = "leaving_date"
TRAINED: Final = "trained"
TRAINING_HOURS: Final = "training_hours"

COLUMNS: Final = (
    Column(
        code=EMPLOYEE_NUMBER,
        en="Employee number",
        zh_hans="工号",
        zh_hant="工號",
        also=(
            "employee no", "employee no.", "employee id", "staff number", "staff no", "staff no.", "personnel number",
            "员工编号", "員工編號", "员工号", "員工號", "职工编号", "職工編號",
            "雇员编号", "僱員編號", "人员编号", "人員編號",
        ),
        required=True,
        holds=gettext_lazy("Tells people apart, and is not kept. No names are needed."),
    ),
    Column(
        code="gender",
        en="Gender",
        zh_hans="性别",
        zh_hant="性別",
        also=("sex",),
        required=True,
    ),
    Column(
        code=BIRTH_DATE,
        en="Birth date",
        zh_hans="出生日期",
        zh_hant="出生日期",
        also=("date of birth", "born", "birthday", "dob", "出生年月日", "生日"),
        required=True,
        holds=gettext_lazy("A day like 1985-03-05. Age groups are worked out from it."),
    ),
    Column(
        code=HIRE_DATE,
        en="Hire date",
        zh_hans="入职日期",
        zh_hant="入職日期",
        also=(
            "date of hire", "hired", "hired on", "date joined", "joining date", "start date",
            "入职时间", "入職時間", "到岗日期", "到崗日期", "进厂日期", "進廠日期",
        ),
        required=True,
        holds=gettext_lazy("The first day at work."),
    ),
    Column(
        code=LEAVING_DATE,
        en="Leaving date",
        zh_hans="离职日期",
        zh_hant="離職日期",
        also=(
            "date of leaving", "left", "left on", "end date", "termination date",
            "离职时间", "離職時間", "离厂日期", "離廠日期",
        ),
        holds=gettext_lazy("The last day at work; blank for those who stay. Whoever leaves on the last day has left."),
    ),
    Column(
        code="employment_type",
        en="Employment type",
        zh_hans="雇佣类型",
        zh_hant="僱傭類型",
        also=("type", "用工类型", "用工類型", "用工形式", "用工性质", "用工性質", "聘用类型", "聘用類型"),
        required=True,
    ),
    Column(
        code="category",
        en="Employee category",
        zh_hans="雇员类别",
        zh_hant="僱員類別",
        also=("grade", "level", "员工类别", "員工類別", "职级", "職級", "级别", "級別", "岗位类别", "崗位類別"),
        required=True,
    ),
    Column(
        code="origin",
        en="Region of origin",
        zh_hans="来源地区",
        zh_hant="來源地區",
        also=("region", "来源", "來源", "籍贯", "籍貫", "户籍", "戶籍", "户籍所在地", "戶籍所在地"),
        required=True,
    ),
    Column(
        code=TRAINED,
        en="Trained",
        zh_hans="是否受训",
        zh_hant="是否受訓",
        also=("trained in the year", "受训", "受訓", "是否培训", "是否培訓", "是否参加培训", "是否參加培訓"),
        required=True,
        holds=gettext_lazy("Yes or no: whether the person had any training in the year."),
    ),
    Column(
        code=TRAINING_HOURS,
        en="Training hours",
        zh_hans="受训时数",
        zh_hant="受訓時數",
        also=(
            "hours", "hours of training", "hours trained", "受训小时", "受訓小時", "受训小时数", "受訓小時數",
            "培训时数", "培訓時數", "培训小时", "培訓小時", "培训小时数", "培訓小時數", "培训学时", "培訓學時",
        ),
        required=True,
        holds=gettext_lazy("Hours in the year. Write 0 for none."),
    ),
)  # fmt: skip
