"""Pictures of dishes, in the widths that a page may ask for."""

from dataclasses import dataclass

from menuvo_platform.images.addresses import Pictures
from menuvo_platform.menus.schemas import Picture

ROW_WIDTH = 320
PAGE_WIDTH = 800


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """`width` and `height` are those of `src`, so that nothing moves when it arrives."""

    src: str
    srcset: str
    width: int
    height: int


def shown_picture(pictures: Pictures, picture: Picture, width: int) -> ShownPicture | None:
    """About as wide as wanted; the browser takes another one where its screen is finer."""
    if not picture.widths:
        return None
    chosen = min(picture.widths, key=lambda available: abs(available - width))
    return ShownPicture(
        src=pictures.address(picture.sha256, chosen),
        srcset=", ".join(
            f"{pictures.address(picture.sha256, available)} {available}w"
            for available in sorted(picture.widths)
        ),
        width=chosen,
        height=max(1, round(picture.height * chosen / picture.width)),
    )
