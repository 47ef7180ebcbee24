"""The spine: merchants, stores, menus, carts, orders, imports, jobs."""

from collections.abc import Sequence

from alembic import op

from menuvo_platform.db.migrations.tenancy import (
    APPEND_ONLY,
    definer_function,
    shared_table,
    tenant_table,
)

revision = "0001"
down_revision = None

ACCOUNTS = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text NOT NULL,
    language text NOT NULL DEFAULT 'de',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE logins (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    token_digest bytea NOT NULL UNIQUE,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX logins_user_id_idx ON logins (user_id);
CREATE UNLOGGED TABLE throttles (
    key text PRIMARY KEY,
    window_started_at timestamptz NOT NULL,
    count bigint NOT NULL
);
"""

MERCHANTS = """
CREATE TABLE merchants (
    id uuid PRIMARY KEY,
    legal_name text NOT NULL,
    representative text NOT NULL,
    register_court text NOT NULL DEFAULT '',
    register_number text NOT NULL DEFAULT '',
    vat_id text NOT NULL DEFAULT '',
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    languages text[] NOT NULL CHECK (cardinality(languages) >= 1),
    allergen_scheme text NOT NULL DEFAULT 'de' CHECK (allergen_scheme IN ('de', 'at')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    user_id uuid REFERENCES users,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL
);
CREATE INDEX audit_entries_merchant_id_idx ON audit_entries (merchant_id);
"""

STORES = """
CREATE TABLE stores (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) >= 3),
    name text NOT NULL,
    tagline jsonb NOT NULL DEFAULT '{}',
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    phone text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    time_zone text NOT NULL,
    currency text NOT NULL CHECK (currency IN ('EUR', 'CHF', 'GBP', 'USD')),
    day_starts_at bigint NOT NULL DEFAULT 300 CHECK (day_starts_at BETWEEN 0 AND 1439),
    fulfilments text[] NOT NULL CHECK (fulfilments <@ ARRAY['dine_in', 'pickup', 'delivery']),
    pay_at_counter boolean NOT NULL DEFAULT false,
    minutes_to_ready bigint NOT NULL DEFAULT 20 CHECK (minutes_to_ready BETWEEN 1 AND 600),
    ordering_paused_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    menu_revision bigint NOT NULL DEFAULT 1,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stores_merchant_id_idx ON stores (merchant_id);
CREATE TABLE opening_slots (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    weekday bigint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens_minute bigint NOT NULL CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute bigint NOT NULL CHECK (closes_minute BETWEEN 1 AND 2880),
    CHECK (closes_minute > opens_minute)
);
CREATE INDEX opening_slots_store_id_idx ON opening_slots (store_id);
CREATE TABLE special_days (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    day date NOT NULL,
    opens_minute bigint CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute bigint CHECK (closes_minute BETWEEN 1 AND 2880),
    note jsonb NOT NULL DEFAULT '{}',
    CHECK ((opens_minute IS NULL) = (closes_minute IS NULL)),
    CHECK (closes_minute > opens_minute)
);
CREATE INDEX special_days_store_id_idx ON special_days (store_id);
CREATE TABLE store_counters (
    store_id uuid PRIMARY KEY REFERENCES stores,
    merchant_id uuid NOT NULL REFERENCES merchants,
    revision bigint NOT NULL DEFAULT 0,
    business_day date,
    day_number bigint NOT NULL DEFAULT 0
);
CREATE TABLE service_points (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    name text NOT NULL,
    zone text NOT NULL DEFAULT '',
    position bigint NOT NULL,
    token text NOT NULL UNIQUE,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX service_points_store_id_idx ON service_points (store_id);
CREATE TABLE request_keys (
    store_id uuid NOT NULL REFERENCES stores,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    merchant_id uuid NOT NULL REFERENCES merchants,
    request_digest bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (store_id, key)
);
CREATE INDEX request_keys_created_at_idx ON request_keys (created_at);
"""

MENUS = """
CREATE TABLE images (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    sha256 text NOT NULL,
    content_type text NOT NULL,
    bytes bigint NOT NULL,
    state text NOT NULL DEFAULT 'processing' CHECK (state IN ('processing', 'ready', 'failed')),
    width bigint,
    height bigint,
    widths bigint[] NOT NULL DEFAULT '{}',
    colour text NOT NULL DEFAULT '',
    error_code text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (merchant_id, sha256)
);
CREATE TABLE menu_categories (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    position bigint NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX menu_categories_store_id_idx ON menu_categories (store_id);
CREATE TABLE menu_items (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    category_id uuid NOT NULL REFERENCES menu_categories,
    handle text NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    kitchen_name text NOT NULL DEFAULT '',
    price_cents bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 100000000),
    deposit_cents bigint NOT NULL DEFAULT 0 CHECK (deposit_cents BETWEEN 0 AND 1000000),
    tax_category text NOT NULL CHECK (tax_category IN ('food', 'drink')),
    allergen_state text NOT NULL DEFAULT 'unknown'
        CHECK (allergen_state IN ('unknown', 'none', 'listed')),
    allergens text[] NOT NULL DEFAULT '{}',
    traces text[] NOT NULL DEFAULT '{}',
    additives text[] NOT NULL DEFAULT '{}',
    diets text[] NOT NULL DEFAULT '{}',
    volume_ml bigint CHECK (volume_ml > 0),
    alcoholic boolean NOT NULL DEFAULT false,
    minimum_age bigint CHECK (minimum_age IN (16, 18)),
    image_id uuid REFERENCES images,
    position bigint NOT NULL,
    active boolean NOT NULL DEFAULT true,
    sold_out_since timestamptz,
    sold_out_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (store_id, handle),
    CHECK ((allergen_state = 'listed') = (cardinality(allergens) > 0))
);
CREATE INDEX menu_items_category_id_idx ON menu_items (category_id);
CREATE INDEX menu_items_image_id_idx ON menu_items (image_id);
CREATE TABLE modifier_groups (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    name jsonb NOT NULL,
    min_choices bigint NOT NULL CHECK (min_choices >= 0),
    max_choices bigint NOT NULL CHECK (max_choices BETWEEN 1 AND 99),
    free_choices bigint NOT NULL DEFAULT 0 CHECK (free_choices >= 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (min_choices <= max_choices)
);
CREATE INDEX modifier_groups_store_id_idx ON modifier_groups (store_id);
CREATE TABLE modifiers (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    group_id uuid NOT NULL REFERENCES modifier_groups,
    handle text NOT NULL,
    name jsonb NOT NULL,
    kitchen_name text NOT NULL DEFAULT '',
    price_cents bigint NOT NULL DEFAULT 0,
    tax_category text CHECK (tax_category IN ('food', 'drink')),
    allergen_state text NOT NULL DEFAULT 'unknown'
        CHECK (allergen_state IN ('unknown', 'none', 'listed')),
    allergens text[] NOT NULL DEFAULT '{}',
    additives text[] NOT NULL DEFAULT '{}',
    preselected boolean NOT NULL DEFAULT false,
    position bigint NOT NULL,
    active boolean NOT NULL DEFAULT true,
    sold_out_since timestamptz,
    sold_out_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (store_id, handle),
    CHECK ((allergen_state = 'listed') = (cardinality(allergens) > 0))
);
CREATE INDEX modifiers_group_id_idx ON modifiers (group_id);
CREATE TABLE item_modifier_groups (
    item_id uuid NOT NULL REFERENCES menu_items,
    group_id uuid NOT NULL REFERENCES modifier_groups,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    position bigint NOT NULL,
    PRIMARY KEY (item_id, group_id)
);
CREATE INDEX item_modifier_groups_group_id_idx ON item_modifier_groups (group_id);
CREATE TABLE memberships (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    user_id uuid NOT NULL REFERENCES users,
    store_id uuid REFERENCES stores,
    role text NOT NULL CHECK (role IN ('owner', 'manager', 'kitchen', 'waiter')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memberships_merchant_id_user_id_store_id_key
        UNIQUE NULLS NOT DISTINCT (merchant_id, user_id, store_id)
);
CREATE INDEX memberships_merchant_id_idx ON memberships (merchant_id);
CREATE INDEX memberships_user_id_idx ON memberships (user_id);
"""

ORDERS = """
CREATE TABLE carts (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    token text NOT NULL UNIQUE,
    lines jsonb NOT NULL DEFAULT '[]',
    added jsonb NOT NULL DEFAULT '[]',
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL
);
CREATE INDEX carts_store_id_idx ON carts (store_id);
CREATE TABLE quotes (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    cart_id uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
    token text NOT NULL UNIQUE,
    service_point_id uuid REFERENCES service_points,
    fulfilment text NOT NULL CHECK (fulfilment IN ('dine_in', 'pickup', 'delivery')),
    language text NOT NULL,
    lines jsonb NOT NULL,
    rates jsonb NOT NULL,
    total_cents bigint NOT NULL CHECK (total_cents >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX quotes_store_id_idx ON quotes (store_id);
CREATE INDEX quotes_cart_id_idx ON quotes (cart_id);
CREATE TABLE orders (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    quote_id uuid NOT NULL UNIQUE,
    service_point_id uuid REFERENCES service_points,
    service_point_name text NOT NULL DEFAULT '',
    business_day date NOT NULL,
    number bigint NOT NULL,
    tracking_token text NOT NULL UNIQUE,
    fulfilment text NOT NULL CHECK (fulfilment IN ('dine_in', 'pickup', 'delivery')),
    state text NOT NULL CHECK (state IN ('awaiting_payment', 'confirmed', 'preparing', 'ready',
        'completed', 'cancelled')),
    payment_state text NOT NULL CHECK (payment_state IN ('pending', 'authorised', 'paid',
        'pay_at_counter', 'failed', 'expired', 'partly_refunded', 'refunded')),
    language text NOT NULL,
    guest_name text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    allergy_note text NOT NULL DEFAULT '',
    currency text NOT NULL,
    goods_cents bigint NOT NULL CHECK (goods_cents >= 0),
    deposit_cents bigint NOT NULL CHECK (deposit_cents >= 0),
    total_cents bigint NOT NULL,
    revision bigint NOT NULL,
    placed_at timestamptz NOT NULL,
    promised_at timestamptz,
    changed_at timestamptz NOT NULL,
    UNIQUE (store_id, business_day, number),
    UNIQUE (store_id, revision),
    CHECK (total_cents = goods_cents + deposit_cents)
);
CREATE INDEX orders_open_idx ON orders (store_id)
    WHERE state IN ('confirmed', 'preparing', 'ready');
CREATE INDEX orders_contacts_idx ON orders (placed_at)
    WHERE guest_name <> '' OR note <> '' OR allergy_note <> '';
CREATE TABLE order_lines (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    order_id uuid NOT NULL REFERENCES orders,
    position bigint NOT NULL,
    item_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    name text NOT NULL,
    first_name text NOT NULL,
    kitchen_name text NOT NULL,
    unit_cents bigint NOT NULL CHECK (unit_cents >= 0),
    deposit_cents bigint NOT NULL CHECK (deposit_cents >= 0),
    total_cents bigint NOT NULL,
    tax_category text NOT NULL,
    tax_basis_points bigint NOT NULL,
    allergens text[] NOT NULL,
    modifiers jsonb NOT NULL,
    note text NOT NULL DEFAULT '',
    minimum_age bigint,
    UNIQUE (order_id, position),
    CHECK (total_cents = quantity * unit_cents)
);
CREATE INDEX order_lines_wishes_idx ON order_lines (order_id) WHERE note <> '';
CREATE TABLE order_taxes (
    order_id uuid NOT NULL REFERENCES orders,
    rate_basis_points bigint NOT NULL,
    merchant_id uuid NOT NULL REFERENCES merchants,
    gross_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    vat_cents bigint NOT NULL,
    PRIMARY KEY (order_id, rate_basis_points),
    CHECK (gross_cents = net_cents + vat_cents)
);
CREATE TABLE order_events (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    order_id uuid NOT NULL REFERENCES orders,
    revision bigint NOT NULL,
    from_state text,
    to_state text NOT NULL,
    user_id uuid REFERENCES users,
    at timestamptz NOT NULL,
    UNIQUE (store_id, revision)
);
CREATE INDEX order_events_order_id_idx ON order_events (order_id);
"""

IMPORTS_AND_JOBS = """
CREATE TABLE menu_imports (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    store_id uuid NOT NULL REFERENCES stores,
    user_id uuid REFERENCES users,
    kind text NOT NULL CHECK (kind IN ('csv')),
    file_name text NOT NULL,
    bytes bigint NOT NULL,
    state text NOT NULL DEFAULT 'uploaded' CHECK (state IN ('uploaded', 'extracting', 'review',
        'applied', 'failed', 'discarded')),
    error_code text NOT NULL DEFAULT '',
    error_facts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX menu_imports_store_id_idx ON menu_imports (store_id);
CREATE TABLE imported_rows (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    import_id uuid NOT NULL REFERENCES menu_imports,
    position bigint NOT NULL,
    source_line bigint NOT NULL,
    category text NOT NULL DEFAULT '',
    name text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    price_cents bigint,
    problems text[] NOT NULL DEFAULT '{}',
    source jsonb NOT NULL,
    UNIQUE (import_id, position)
);
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants,
    queue text NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'done', 'dead', 'dropped')),
    attempts bigint NOT NULL DEFAULT 0,
    lease_token uuid,
    lease_until timestamptz,
    not_before timestamptz NOT NULL,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'running') = (lease_token IS NOT NULL))
);
CREATE UNIQUE INDEX jobs_open_dedupe_idx ON jobs (merchant_id, kind, dedupe_key)
    WHERE state IN ('queued', 'running');
CREATE INDEX jobs_due_idx ON jobs (queue, not_before) WHERE state = 'queued';
CREATE INDEX jobs_leased_idx ON jobs (queue, lease_until) WHERE state = 'running';
CREATE INDEX jobs_dead_idx ON jobs (finished_at) WHERE state = 'dead';
CREATE INDEX jobs_kept_idx ON jobs (finished_at) WHERE state IN ('done', 'dropped');
"""

SHARED_TABLES = ("logins", "throttles")
# An order is a record: what may change of it is how far it is, and who it was for is forgotten by
# a door of its own.
RIGHTS_ON_ORDERS = (
    "SELECT, INSERT, UPDATE (state, payment_state, revision, promised_at, changed_at)"
)
APPEND_ONLY_TABLES = ("audit_entries", "order_lines", "order_taxes", "order_events")
TENANT_TABLES = (
    "memberships",
    "stores",
    "opening_slots",
    "special_days",
    "store_counters",
    "service_points",
    "request_keys",
    "images",
    "menu_categories",
    "menu_items",
    "modifier_groups",
    "modifiers",
    "item_modifier_groups",
    "carts",
    "quotes",
    "menu_imports",
    "imported_rows",
    "jobs",
)

DOORS = (
    (
        "find_store(wanted text)",
        "TABLE (store_id uuid, merchant_id uuid)",
        "SELECT id, merchant_id FROM stores WHERE slug = wanted AND active",
    ),
    (
        "list_public_stores()",
        "TABLE (slug text, name text, city text)",
        "SELECT slug, name, city FROM stores WHERE active",
    ),
    (
        "find_service_point(wanted text)",
        "TABLE (service_point_id uuid, store_id uuid, merchant_id uuid)",
        "SELECT id, store_id, merchant_id FROM service_points WHERE token = wanted",
    ),
    (
        "menu_revisions(store_ids uuid[])",
        "TABLE (store_id uuid, revision bigint)",
        "SELECT id, menu_revision FROM stores WHERE id = ANY (store_ids)",
    ),
    (
        "list_memberships(of_user uuid)",
        "TABLE (merchant_id uuid, store_id uuid, role text)",
        "SELECT merchant_id, store_id, role FROM memberships WHERE user_id = of_user",
    ),
    (
        "claim_jobs(of_queue text, at_most bigint, lease_seconds bigint)",
        "TABLE (id uuid, merchant_id uuid, kind text, payload jsonb, attempts bigint,"
        " lease_token uuid)",
        """
        WITH abandoned AS MATERIALIZED (
            SELECT id FROM jobs
            WHERE queue = of_queue AND state = 'running' AND lease_until < now()
            ORDER BY lease_until LIMIT at_most FOR UPDATE SKIP LOCKED
        ), due AS MATERIALIZED (
            SELECT id FROM jobs
            WHERE queue = of_queue AND state = 'queued' AND not_before <= now()
            ORDER BY not_before LIMIT at_most FOR UPDATE SKIP LOCKED
        ), claimed AS MATERIALIZED (
            SELECT id FROM abandoned UNION ALL SELECT id FROM due LIMIT at_most
        )
        UPDATE jobs SET state = 'running', attempts = attempts + 1,
            lease_token = gen_random_uuid(),
            lease_until = now() + make_interval(secs => lease_seconds)
        WHERE id IN (SELECT id FROM claimed)
        RETURNING id, merchant_id, kind, payload, attempts, lease_token
        """,
    ),
    (
        "queue_depths()",
        "TABLE (queue text, state text, jobs bigint, oldest_due timestamptz)",
        """
        SELECT queue, state, count(*), min(not_before) FROM jobs
        WHERE state IN ('queued', 'running', 'dead') GROUP BY queue, state
        """,
    ),
    (
        "list_dead_jobs(at_most bigint)",
        "TABLE (id uuid, merchant_id uuid, queue text, kind text, attempts bigint,"
        " last_error text, created_at timestamptz, finished_at timestamptz)",
        """
        SELECT id, merchant_id, queue, kind, attempts, last_error, created_at, finished_at
        FROM jobs WHERE state = 'dead' ORDER BY finished_at LIMIT at_most
        """,
    ),
    (
        "forget_guests(cart_days bigint, contact_days bigint, at_most bigint)",
        "bigint",
        """
        WITH old_carts AS (
            DELETE FROM carts WHERE id IN (
                SELECT id FROM carts
                WHERE updated_at < now() - make_interval(days => cart_days::integer)
                LIMIT at_most FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        ), old_contacts AS (
            UPDATE orders SET guest_name = '', note = '', allergy_note = ''
            WHERE id IN (
                SELECT id FROM orders
                WHERE placed_at < now() - make_interval(days => contact_days::integer)
                    AND (guest_name <> '' OR note <> '' OR allergy_note <> '')
                LIMIT at_most FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        ), old_wishes AS (
            UPDATE order_lines SET note = ''
            WHERE id IN (
                SELECT order_lines.id FROM order_lines JOIN orders ON orders.id = order_id
                WHERE order_lines.note <> ''
                    AND placed_at < now() - make_interval(days => contact_days::integer)
                LIMIT at_most FOR UPDATE OF order_lines SKIP LOCKED
            )
            RETURNING 1
        ), old_tries AS (
            DELETE FROM throttles WHERE window_started_at < now() - interval '1 day' RETURNING 1
        )
        SELECT (SELECT count(*) FROM old_carts) + (SELECT count(*) FROM old_contacts)
            + (SELECT count(*) FROM old_wishes) + (SELECT count(*) FROM old_tries)
        """,
    ),
    (
        "sweep_request_keys(kept_hours bigint, at_most bigint)",
        "bigint",
        """
        WITH swept AS (
            DELETE FROM request_keys WHERE (store_id, key) IN (
                SELECT store_id, key FROM request_keys
                WHERE created_at < now() - make_interval(hours => kept_hours::integer)
                ORDER BY created_at LIMIT at_most FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        )
        SELECT count(*) FROM swept
        """,
    ),
    (
        "sweep_jobs(kept_days bigint, at_most bigint)",
        "bigint",
        """
        WITH swept AS (
            DELETE FROM jobs WHERE id IN (
                SELECT id FROM jobs
                WHERE state IN ('done', 'dropped')
                    AND finished_at < now() - make_interval(days => kept_days::integer)
                ORDER BY finished_at LIMIT at_most FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        )
        SELECT count(*) FROM swept
        """,
    ),
)

# One statement-level trigger function for everything that a menu shows. It costs one UPDATE per
# statement, and no code path can forget it.
TABLES_ON_THE_MENU = (
    "opening_slots",
    "special_days",
    "menu_categories",
    "menu_items",
    "modifier_groups",
    "modifiers",
    "item_modifier_groups",
)
RAISE_BY_STORE = """
CREATE FUNCTION raise_menu_revision() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    UPDATE stores SET menu_revision = menu_revision + 1
    WHERE id IN (SELECT store_id FROM changed);
    RETURN NULL;
END
$body$
"""
# A menu shows pictures that are ready. The others leave its store alone: an upload changes first
# its picture and then its item, and would hold the store that whoever edits the item waits for.
RAISE_BY_IMAGE = """
CREATE FUNCTION raise_menu_revision_by_image() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    UPDATE stores SET menu_revision = menu_revision + 1
    WHERE id IN (SELECT menu_items.store_id FROM menu_items
                 JOIN changed ON menu_items.image_id = changed.id
                 JOIN before ON before.id = changed.id
                 WHERE 'ready' IN (before.state, changed.state));
    RETURN NULL;
END
$body$
"""
RAISE_BY_MERCHANT = """
CREATE FUNCTION raise_menu_revision_by_merchant() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    UPDATE stores SET menu_revision = menu_revision + 1
    WHERE merchant_id IN (SELECT id FROM changed);
    RETURN NULL;
END
$body$
"""
RAISE_ITSELF = """
CREATE FUNCTION raise_own_menu_revision() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF NEW.menu_revision = OLD.menu_revision AND NEW IS DISTINCT FROM OLD THEN
        NEW.menu_revision := OLD.menu_revision + 1;
    END IF;
    RETURN NEW;
END
$body$
"""


def upgrade() -> None:
    for script in (ACCOUNTS, MERCHANTS, STORES, MENUS, ORDERS, IMPORTS_AND_JOBS):
        execute_all(script.split(";\n"))
    execute_all(tenant_table("merchants", "SELECT, UPDATE", column="id"))
    for table in TENANT_TABLES:
        execute_all(tenant_table(table))
    execute_all(tenant_table("orders", RIGHTS_ON_ORDERS))
    for table in APPEND_ONLY_TABLES:
        execute_all(tenant_table(table, APPEND_ONLY))
    execute_all(shared_table("users", "SELECT, INSERT, UPDATE"))
    for table in SHARED_TABLES:
        execute_all(shared_table(table))
    for signature, returns, body in DOORS:
        execute_all(definer_function(signature, returns, body))
    raise_menu_revisions()


def raise_menu_revisions() -> None:
    for function in (RAISE_BY_STORE, RAISE_BY_IMAGE, RAISE_BY_MERCHANT, RAISE_ITSELF):
        op.execute(function)
    for table in TABLES_ON_THE_MENU:
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER raise_menu_revision_on_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed "
                "FOR EACH STATEMENT EXECUTE FUNCTION raise_menu_revision()"
            )
    for table, function in (
        ("images", "raise_menu_revision_by_image"),
        ("merchants", "raise_menu_revision_by_merchant"),
    ):
        op.execute(
            f"CREATE TRIGGER raise_menu_revision AFTER UPDATE ON {table} "
            "REFERENCING OLD TABLE AS before NEW TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    op.execute(
        "CREATE TRIGGER raise_menu_revision BEFORE UPDATE ON stores "
        "FOR EACH ROW EXECUTE FUNCTION raise_own_menu_revision()"
    )


def execute_all(statements: Sequence[str]) -> None:
    for statement in statements:
        if statement.strip():
            op.execute(statement)
