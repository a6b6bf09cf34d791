from tests.people import make_school
from storage import students
import pytest
@pytest.mark.parametrize("lang", ["en", "zh-hans"])
async def test_try(world, lang):
    """x."""
    school = await make_school(world, language=lang)
    c = school.coordinator
    s = await school.add_student("Zhang Xiaoming", "20230115", lang)
    for i in range(6):
        await world.database.transaction(lambda tx: students.put_on_roster(tx, school_id=school.id, class_id=school.class_id, number=f"2023020{i}", name=f"Student {i}"))
    await c.sends("/start")
    await c.sends("/students")
    await c.presses("Zhang")
    print(await c.buttons())
    await c.presses("💼")
    await c.presses("City Hospital")
    await c.presses("Ms Li")
    await c.sends("next monday")
    await c.sends("12周")
    await c.presses("✅")
    print(await c.transcript())
    print("=====S", await s.transcript())
    print("=====M", await school.mentor.transcript())
