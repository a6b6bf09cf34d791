"""What the people of the round type, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lines:
    """What the people of one language type."""

    code: str
    language: str
    school: str
    boss: str
    tutor: str
    student: str
    other: str
    class_name: str
    specialty: str
    enterprise: str
    city: str
    roster: tuple[tuple[str, str], ...]
    post: tuple[str, str, str, str]
    search: str
    why: str
    week: tuple[str, str, str, str]
    better: str
    reason: str
    praise: str
    notice: str
    stray: str
    no: str
    more: str
    added: str
    second_week: tuple[str, str]
    why_ended: str
    picture: str
    deputy: str
    city_home: str
    assistant: tuple[str, str]

    def say(self, chinese: str, english: str) -> str:
        """Return what the narrator says."""
        return chinese if self.code == "zh-hans" else english


ENGLISH = Lines(
    code="en",
    language="English",
    school="Riverside College",
    boss="Mary Wang",
    tutor="Li Hua",
    student="Ann Miller",
    other="Ben Carter",
    class_name="Nursing 2301",
    specialty="Nursing",
    enterprise="City Hospital",
    city="Shanghai",
    roster=(("20230115", "Ann Miller"), ("20230116", "Zoe Young")),
    post=("Ward nurse trainee", "Vital signs, hygiene, talking with patients.", "Shanghai", "3000 a month"),
    search="ward",
    why="I like working with people and live nearby.",
    week=(
        "With my tutor I took the blood pressure of six patients, three of them on my own.",
        "Where the cuff sits changes the reading.",
        "My systolic value is always about 5 mmHg below my tutor's. Do I deflate too fast?",
        "Practise infusions.",
    ),
    better="With my tutor I took the blood pressure of six patients; on my own: two sitting, one lying down.",
    reason="Good start. Which three did you do on your own, and how did the patients sit?",
    praise="Good eye on the cuff. Release more slowly: 2 mmHg a second.",
    notice="From 1 December there is a safety training every Monday at 14:00, room 302.",
    stray="Today I was allowed to watch an operation!",
    no="The night shifts are not for first-year students. Please look at the day posts.",
    more="Were the three patients sitting or lying down?",
    added="Two were sitting, one was lying down.",
    second_week=(
        "Helped with the morning round and washed two patients.",
        "How to turn a patient without hurting them.",
    ),
    why_ended="Back to school for an exam.",
    picture="Please look at the new timetable of the ward.",
    deputy="Sun Jie",
    city_home="Urumqi",
    assistant=("Night ward assistant", "night"),
)
CHINESE = Lines(
    code="zh-hans",
    language="中文",
    school="滨江职业技术学院",
    boss="王敏",
    tutor="李华",
    student="张小明",
    other="陈晓",
    class_name="护理2301班",
    specialty="护理",
    enterprise="市第一人民医院",
    city="上海",
    roster=(("20230115", "张小明"), ("20230116", "杨柳")),
    post=("病区护理实习生", "测量生命体征、生活护理、与病人沟通。", "上海", "3000元/月"),
    search="护理",
    why="我喜欢和人打交道，家也住得近。",
    week=(
        "跟着带教老师给6位病人量血压，其中3次是独立完成的。",
        "袖带位置会影响读数。",
        "我测的收缩压总比老师低5 mmHg左右，是放气太快了吗？",
        "练习静脉输液。",
    ),
    better="跟着带教老师给6位病人量血压，其中3次是独立完成的：两位坐着，一位躺着。",
    reason="开头不错。独立完成的是哪三次？病人是什么体位？",
    praise="袖带观察得很细。放气再慢一点，每秒2 mmHg。",
    notice="12月1日起，每周一14:00在302教室开展实习安全培训。",
    stray="今天看了一台手术！",
    no="夜班不安排一年级学生，请看看白班岗位。",
    more="这三位病人是坐着还是躺着？",
    added="两位坐着，一位躺着。",
    second_week=("协助晨间查房，给两位病人擦身。", "给病人翻身时怎样不弄疼他们。"),
    why_ended="回校参加考试。",
    picture="请看病区新的排班表。",
    deputy="陈洁",
    city_home="乌鲁木齐",
    assistant=("夜班病区助理", "夜班"),
)
