"""Templates. One environment a language, so that macros know their words by themselves."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from menuvo_platform.translated import CONTENT_LANGUAGES, INTERFACE_LANGUAGES
from menuvo_platform.web import formats
from menuvo_platform.web.assets import Assets
from menuvo_platform.web.catalogue import Catalogue, Catalogues

PACKAGE = Path(__file__).parent.parent
FOLDERS = tuple(PACKAGE / area / "templates" for area in ("web", "shop", "console"))


class Renderer:
    def __init__(self, catalogues: Catalogues, assets: Assets, release: str) -> None:
        self._catalogues: Catalogues = catalogues
        self._assets: Assets = assets
        self._release: str = release
        self._environments: dict[str, Environment] = {}

    def render(self, template: str, language: str, **context: object) -> str:
        return self._environment(language).get_template(template).render(context)

    def page(
        self,
        template: str,
        language: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: object,
    ) -> Response[str]:
        """A page that belongs to one person: nobody may keep it."""
        return Response(
            self.render(template, language, **context),
            status_code=status,
            media_type=MediaType.HTML,
            headers={"Cache-Control": "no-store", **(headers or {})},
        )

    def catalogue(self, language: str) -> Catalogue:
        return self._catalogues.of(language)

    def _environment(self, language: str) -> Environment:
        if language not in CONTENT_LANGUAGES:
            language = INTERFACE_LANGUAGES[0]
        environment = self._environments.get(language)
        if environment is None:
            environment = self._environments[language] = self._create_environment(language)
        return environment

    def _create_environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(FOLDERS),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        names = cast("dict[str, Callable[..., str] | str]", environment.globals)
        names["t"] = self._catalogues.of(language).text
        names["lang"] = language
        names["asset"] = self._assets.address
        names["release"] = self._release
        names["money"] = partial(formats.money, language=language)
        names["difference"] = partial(formats.price_difference, language=language)
        names["clock_time"] = partial(formats.clock_time, language=language)
        names["day"] = partial(formats.day, language=language)
        names["weekday"] = partial(formats.weekday, language=language)
        return environment
