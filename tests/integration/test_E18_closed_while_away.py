"""E18: the talk closed while somebody was away; nothing opens it again by itself."""

from helpline.live.consumer import in_database


def test_E18_whoever_comes_back_to_a_closed_talk_cannot_write_in_it(vera, cem):
    vera.waits()
    cem.takes(vera)
    talk = vera.talk.pk
    assert cem.posts(f"/desk/talks/{talk}/end").status_code in (200, 303)

    refused = vera.says("ben je er nog")
    assert (refused["type"], refused["code"]) == ("refused", "talk_closed")
    assert vera.talk.state == "closed"


async def test_E18_a_reconnecting_socket_is_told_that_the_talk_is_closed(vera, cem):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    await in_database(cem.posts)(f"/desk/talks/{(await in_database(lambda: vera.talk)()).pk}/end")
    async with vera.socket() as phone:
        await phone.resumes(0)
        row = await phone.hears("row", kind="closed")
        assert row["detail"] == "counsellor"
        assert (await phone.hears("up_to_date"))["state"] == "closed"
        await phone.says("hallo")
        assert (await phone.hears("refused"))["code"] == "talk_closed"


def test_E18_the_page_says_what_happened_and_has_no_field_to_write_in(vera, cem):
    vera.waits()
    cem.takes(vera)
    cem.posts(f"/desk/talks/{vera.talk.pk}/end")
    page = vera.client.get("/").content.decode()
    assert 'name="text"' not in page
    assert "112" in page
