import pytest
from tests.links import *
from tests.people import make_school, member
from storage import students
async def roster(world, school, number, name):
    await world.database.transaction(lambda tx: students.put_on_roster(tx, school_id=school.id, class_id=school.class_id, number=number, name=name))
@pytest.mark.parametrize("lang",["en","zh-hans"])
async def test_all(world, lang):
    zh = lang!="en"
    school = await make_school(world, language=lang, **({"name":"滨江职业技术学院","class_name":"护理2301","enterprise":"滨江市第一人民医院","coordinator":"王芳","mentor":"李伟"} if zh else {}))
    B=lambda e,z: z if zh else e
    await roster(world, school, "20230115", B("Zhang Xiaoming","张小明"))
    link = await class_link(world, school)
    a = await world.phone(B("Ming","小明"), lang)
    await a.opens(link.address)
    await a.presses(B("Agree","同意"))
    await a.sends(B("hello","你好"))
    await a.sends(B("Zhang Xiaoming 20230115","张小明 20230115"))
    await a.presses(B("That's right","没错"))
    await a.opens(link.address)
    print("\n==== STUDENT\n"+await a.transcript())
    b = await world.phone(B("Hua","李华"), lang)
    await b.opens(link.address); await b.presses(B("Agree","同意")); await b.sends(B("Li Hua 20230199","李华 20230199")); await b.presses(B("That's right","没错"))
    await b.opens(link.address)
    print("\n==== UNKNOWN\n"+await b.transcript())
    c = school.coordinator
    await b.presses(B("Write it again","重新填写")); await b.sends(B("Li Hua 20230115","李华 20230115")); await b.presses(B("That's right","没错"))
    print("\n==== COORD\n"+await c.transcript())
    await c.presses(B("Move the number","换绑"))
    print("\n==== COORD\n"+await c.transcript())
    print("\n==== UNKNOWN\n"+await b.transcript())
    print("\n==== old STUDENT\n"+await a.transcript())
    m = await world.phone(B("Li Wei","李伟"), lang)
    ml = await mentor_link(world, school)
    await m.opens(ml.address); await m.presses(B("Agree","同意")); await m.presses(B("Use","就用")); await m.presses(B("That's right","没错"))
    await m.opens(ml.address)
    cl = await coordinator_link(world, school)
    await m.opens(cl.address); await m.presses(B("That's right","没错"))
    await m.sends("/start")
    print("\n==== MENTOR\n"+await m.transcript())
    await c.sends("/classes")
    await c.presses(B("Nursing 2301","护理2301"))
    await c.presses(B("Deadline","截止时间")); await c.sends(B("mon 8:00","周一8点")); await c.sends(B("Fri 6pm","周五晚上六点"));
    await c.presses(B("Save","保存"))
    await c.presses(B("Colleagues","指导老师")); await c.presses("➕"); await c.presses("◀"); await c.presses(B("Invite students","邀请学生"));
    print("\n==== COORD\n"+await c.transcript())
    await c.presses(B("Withdraw","撤回")); await c.presses(B("Yes","确定")); 
    print(await c.transcript())
    await c.sends("/enterprises"); await c.presses("➕");await c.sends("ACME"); await c.presses(B("Leave","跳过")); print(await c.transcript()); await c.presses(B("Add it","添加")); await c.presses(B("Invite","邀请"));
    await c.sends("/classes"); await c.presses("➕"); await c.sends("N 2302"); await c.sends("Nursing"); await c.presses(B("Time zone","时区")); await c.sends("berlin"); print(await c.transcript()); await c.presses(B("Create","创建"))
    await c.sends("/start"); await c.presses("🤝"); await c.presses(B("Invite a","邀请同事"))
    await c.presses("◀")
    print("\n==== COORD\n"+await c.transcript())
    print("\n==== MENTOR\n"+await m.transcript())
