"""Making the offer that checkout shows, also when the one before did not hold."""

from dataclasses import dataclass

from litestar import Request, Response
from litestar.datastructures import State
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError, Invalid
from menuvo_platform.orders.acceptance import StoreClosed
from menuvo_platform.orders.place import MenuChanged
from menuvo_platform.orders.quotes import CartEmpty, QuoteUnknown, get_quote, open_quote
from menuvo_platform.orders.schemas import Quote
from menuvo_platform.shop.cart.keeping import cart_token, visit_token
from menuvo_platform.shop.checkout.forms import CheckoutForm
from menuvo_platform.shop.checkout.tables import find_table
from menuvo_platform.shop.checkout.views import ChangedLine, changed_lines, checkout_page, ways
from menuvo_platform.shop.legal.queries import get_business
from menuvo_platform.shop.opening import opening_of
from menuvo_platform.shop.venue import Venue
from menuvo_platform.stores.schemas import ServicePointView
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]


@dataclass(frozen=True, slots=True)
class Checkout:
    """One guest at one table (or at none) with one cart."""

    session: AsyncSession
    platform: Platform
    venue: Venue
    cart: str | None
    table: ServicePointView | None

    @classmethod
    async def of(
        cls, request: AnyRequest, session: AsyncSession, platform: Platform, venue: Venue
    ) -> "Checkout":
        table = await find_table(session, venue, visit_token(request))
        return cls(session, platform, venue, cart_token(request), table)

    async def offer(
        self, form: CheckoutForm, *, problem: DomainError | None = None
    ) -> Response[str]:
        """A page with an offer that can be accepted, and what was wrong with the last one; or the
        reason for which nothing can be offered."""
        try:
            if isinstance(problem, Invalid):
                quote = await get_quote(self.session, self.venue.store, form.quote)
            else:
                quote = await self._open_quote(form.fulfilment)
        except DomainError as reason:
            if problem is None and isinstance(reason, CartEmpty):
                return Redirect(f"{self.venue.path}/cart", headers={"Cache-Control": "no-store"})
            return self._refusal(reason, problem)
        return await self._page(quote, form, problem)

    async def _open_quote(self, wanted: str) -> Quote:
        """Raises whatever stands in the way, when there is no way at all too."""
        possible = ways(self.venue, self.table) or ("dine_in",)
        fulfilment = wanted if wanted in possible else possible[0]
        return await open_quote(
            self.session,
            self.venue.store,
            cart_token=self.cart,
            service_point=self.table if fulfilment == "dine_in" else None,
            fulfilment=fulfilment,
            language=self.venue.language,
            now=self.platform.clock(),
        )

    async def _page(
        self, quote: Quote, form: CheckoutForm, problem: DomainError | None
    ) -> Response[str]:
        words = self.platform.renderer.catalogue(self.venue.language)
        business = await get_business(self.session, self.venue.store.merchant_id)
        errors = words.field_errors(problem) if problem else {}
        return self.platform.renderer.page(
            "shop/checkout.html",
            self.venue.language,
            status=problem.status if problem else 200,
            venue=self.venue,
            checkout=checkout_page(self.venue, quote, self.table, business, words=words),
            form=form,
            errors=errors,
            problem=_told(problem, words) if problem and not errors else None,
            changes=self._changes(problem),
        )

    def _refusal(self, reason: DomainError, problem: DomainError | None) -> Response[str]:
        """Nothing can be offered: what is said first is why the last offer did not hold."""
        words = self.platform.renderer.catalogue(self.venue.language)
        told = problem if isinstance(reason, CartEmpty) and problem else reason
        return self.platform.renderer.page(
            "shop/checkout_refused.html",
            self.venue.language,
            status=told.status,
            venue=self.venue,
            sentence=words.error(told),
            closed=isinstance(told, StoreClosed),
            opening=opening_of(self.venue.store, self.platform.clock()),
            changes=self._changes(problem),
        )

    def _changes(self, problem: DomainError | None) -> tuple[ChangedLine, ...]:
        if not isinstance(problem, MenuChanged):
            return ()
        words = self.platform.renderer.catalogue(self.venue.language)
        return changed_lines(problem.changes, words)


def _told(problem: DomainError, words: Catalogue) -> str:
    if isinstance(problem, QuoteUnknown):
        return words.text("shop.checkout.offer_unknown")
    return words.error(problem)
