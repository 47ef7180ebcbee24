from menuvo_platform.ids import new_id
from menuvo_platform.images.addresses import MEDIA, Pictures, media_path
from menuvo_platform.menus.schemas import Picture
from menuvo_platform.shop.pictures import shown_picture

MERCHANT = new_id()
OURS = Pictures(MEDIA, MERCHANT)


def test_the_nearest_width_is_shown_and_all_are_offered() -> None:
    picture = Picture("ab" * 32, 1600, 1200, (320, 800, 1600), "#aabbcc")
    shown = shown_picture(OURS, picture, 320)
    assert shown
    assert shown.src == media_path(MERCHANT, picture.sha256, 320)
    assert (shown.width, shown.height) == (320, 240)
    assert [part.split()[1] for part in shown.srcset.split(", ")] == ["320w", "800w", "1600w"]


def test_pictures_of_a_bucket_are_shown_from_there() -> None:
    picture = Picture("ab" * 32, 1600, 1200, (320, 800), "#aabbcc")
    shown = shown_picture(Pictures("https://pictures.example/", MERCHANT), picture, 320)
    assert shown
    small, large = (
        f"https://pictures.example/m/{MERCHANT}/{'ab' * 32}/{w}.webp" for w in (320, 800)
    )
    assert shown.src == small
    assert shown.srcset == f"{small} 320w, {large} 800w"


def test_a_small_picture_is_shown_as_it_is() -> None:
    shown = shown_picture(OURS, Picture("ab" * 32, 200, 100, (200,), ""), 800)
    assert shown
    assert (shown.width, shown.height) == (200, 100)


def test_a_picture_without_variants_is_none() -> None:
    assert shown_picture(OURS, Picture("ab" * 32, 200, 100, (), ""), 320) is None
