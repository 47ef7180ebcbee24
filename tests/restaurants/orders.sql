-- The orders of the restaurant of `facts`, served or cancelled, with lines, VAT and history as the
-- platform writes them. Nothing is left to chance, so that it gets the same ones each time.

CREATE TEMPORARY TABLE store ON COMMIT DROP AS
SELECT stores.*, user_id AS cook, facts.*
FROM facts
JOIN stores ON slug LIKE '%-' || restaurant
JOIN memberships ON store_id = stores.id AND role = 'kitchen';

CREATE TEMPORARY TABLE points ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY place.position) - 1 AS seat, place.id, place.name
FROM service_points AS place JOIN store ON store.id = place.store_id;

CREATE TEMPORARY TABLE rates (tax_category text, basis_points bigint) ON COMMIT DROP;
INSERT INTO rates VALUES ('food', 700), ('drink', 1900);

-- Each item can be ordered in five ways: with one modifier of each group that wants one, and in two
-- of the ways with one of every other group too. What the demo adds to an item is taxed as the item.
CREATE TEMPORARY TABLE extras ON COMMIT DROP AS
SELECT offered.*, way
FROM (
    SELECT item_id, link.position AS place, min_choices, modifiers.*,
        CASE WHEN free_choices > 0 THEN least(0, price_cents) ELSE price_cents END AS cents,
        row_number() OVER (PARTITION BY item_id, group_id ORDER BY modifiers.position) AS rank,
        count(*) OVER (PARTITION BY item_id, group_id) AS choices
    FROM item_modifier_groups AS link
    JOIN store ON store.id = link.store_id
    JOIN modifier_groups AS of_item ON of_item.id = link.group_id
    JOIN modifiers USING (group_id)
) AS offered
CROSS JOIN generate_series(0, 4) AS way
WHERE rank = 1 + way % choices AND (min_choices > 0 OR way >= 3);

-- As lines of an order have them.
CREATE TEMPORARY TABLE dishes ON COMMIT DROP AS
SELECT dense_rank() OVER (ORDER BY category.position, item.position, way) - 1 AS dish, language,
    item.id AS item_id, item.name ->> language AS name, item.name ->> 'de' AS first_name,
    coalesce(nullif(item.kitchen_name, ''), item.name ->> 'de') AS kitchen_name,
    item.price_cents + coalesce(added.cents, 0) AS unit_cents,
    item.deposit_cents, item.minimum_age, rates.*,
    coalesce(added.modifiers, '[]') AS modifiers,
    ARRAY(
        SELECT unnest(item.allergens)
        UNION SELECT unnest(extras.allergens) FROM extras
        WHERE extras.item_id = item.id AND extras.way = ways.way
        ORDER BY 1
    ) AS allergens
FROM menu_items AS item
JOIN store ON store.id = item.store_id
JOIN menu_categories AS category ON category.id = item.category_id
JOIN rates ON rates.tax_category = item.tax_category
CROSS JOIN generate_series(0, 4) AS ways (way)
CROSS JOIN (VALUES ('de'), ('en')) AS languages (language)
CROSS JOIN LATERAL (
    SELECT sum(extras.cents) AS cents,
        jsonb_agg(jsonb_build_object(
            'handle', handle, 'name', extras.name ->> language, 'first_name', extras.name ->> 'de',
            'kitchen_name', extras.kitchen_name, 'price_cents', extras.cents,
            'tax_category', rates.tax_category, 'tax_basis_points', basis_points
        ) ORDER BY place) AS modifiers
    FROM extras WHERE extras.item_id = item.id AND extras.way = ways.way
) AS added;
-- Else the planner takes it for ten times as large.
ANALYZE dishes;

CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT n, which, restaurant, id AS store_id, merchant_id, cook, currency, minutes_to_ready, day,
    number, placed_at,
    pg_temp.key(placed_at, 'order ' || which) AS order_id,
    CASE pg_temp.throw(4, which, 1) WHEN 0 THEN 'en' ELSE 'de' END AS language,
    pg_temp.throw(5, which, 2) = 0 AS fetched,
    pg_temp.throw(40, which, 3) = 0 AS cancelled
FROM store
CROSS JOIN generate_series(0, per_day * days - 1) AS n
CROSS JOIN LATERAL (SELECT restaurant * 1000000::bigint + n, until - days + n / per_day,
    1 + n % per_day) AS those (which, day, number)
CROSS JOIN LATERAL (SELECT (day + time '11:00' + number * interval '6 minutes'
    + pg_temp.throw(300, which, 4) * interval '1 second') AT TIME ZONE time_zone
) AS moment (placed_at);
ANALYZE placed;

CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
SELECT n, position, dishes.*, those.quantity,
    CASE WHEN pg_temp.throw(15, which * 10 + position, 7) = 0
        THEN (ARRAY['ohne Zwiebeln', 'bitte gut durch', 'extra scharf', 'Dressing separat'])
            [1 + pg_temp.throw(4, which * 10 + position, 8)]
        ELSE '' END AS note
FROM placed
CROSS JOIN LATERAL generate_series(1, 1 + pg_temp.throw(5, which, 5)) AS position
CROSS JOIN LATERAL (SELECT 1 + pg_temp.throw(3, which * 10 + position, 6) / 2,
    pg_temp.throw((SELECT count(DISTINCT dish)::integer FROM dishes), which * 10 + position, 9)
) AS those (quantity, dish)
JOIN dishes USING (dish, language);

INSERT INTO orders (id, merchant_id, store_id, quote_id, service_point_id, service_point_name,
    business_day, number, tracking_token, fulfilment, state, payment_state, language, guest_name,
    note, allergy_note, currency, goods_cents, deposit_cents, total_cents, revision, placed_at,
    promised_at, changed_at)
SELECT order_id, merchant_id, store_id, pg_temp.key(placed_at, 'quote ' || which),
    points.id, coalesce(points.name, ''), day, number,
    substr(pg_temp.copy_of('token ' || n, restaurant), 1, 22),
    CASE WHEN fetched THEN 'pickup' ELSE 'dine_in' END,
    CASE WHEN cancelled THEN 'cancelled' ELSE 'completed' END, 'pay_at_counter', language,
    CASE WHEN fetched THEN (ARRAY['Amira', 'Björn', 'Chloé', 'Dilan', 'Emil', 'Franziska', 'Günter'])
        [1 + pg_temp.throw(7, which, 10)] ELSE '' END,
    CASE pg_temp.throw(20, which, 11) WHEN 0 THEN 'Wir haben einen Kinderwagen dabei.' ELSE '' END,
    CASE pg_temp.throw(50, which, 12) WHEN 0 THEN 'Bitte ohne Sellerie.' ELSE '' END,
    currency, goods, deposits, goods + deposits, 4 * n + CASE WHEN cancelled THEN 2 ELSE 4 END,
    placed_at, placed_at + minutes_to_ready * interval '1 minute',
    placed_at + CASE WHEN cancelled THEN interval '4 minutes' ELSE interval '22 minutes' END
FROM placed
JOIN (
    SELECT n, sum(quantity * unit_cents) AS goods, sum(quantity * deposit_cents) AS deposits
    FROM chosen GROUP BY n
) AS sums USING (n)
LEFT JOIN points
    ON NOT fetched AND seat = pg_temp.throw((SELECT count(*)::integer FROM points), which, 13);

INSERT INTO order_lines (id, merchant_id, order_id, position, item_id, quantity, name, first_name,
    kitchen_name, unit_cents, deposit_cents, total_cents, tax_category, tax_basis_points, allergens,
    modifiers, note, minimum_age)
SELECT pg_temp.key(placed_at, 'line ' || position || ' of ' || which), merchant_id, order_id,
    position, item_id, quantity, name, first_name, kitchen_name, unit_cents, deposit_cents,
    quantity * unit_cents, tax_category, basis_points, allergens, modifiers, note, minimum_age
FROM placed JOIN chosen USING (n);

INSERT INTO order_taxes (order_id, rate_basis_points, merchant_id, gross_cents, net_cents, vat_cents)
SELECT order_id, basis_points, merchant_id, gross, gross - vat, vat
FROM placed
JOIN (
    SELECT n, basis_points, sum(quantity * (unit_cents + deposit_cents))::bigint AS gross
    FROM chosen GROUP BY n, basis_points
) AS sums USING (n)
CROSS JOIN LATERAL (SELECT (2 * gross * basis_points + 10000 + basis_points)
    / (2 * (10000 + basis_points))) AS contained (vat);

INSERT INTO order_events (id, merchant_id, store_id, order_id, revision, from_state, to_state,
    user_id, at)
SELECT pg_temp.key(placed_at + after, 'event ' || step || ' of ' || which), merchant_id, store_id,
    order_id, 4 * n + step, from_state, to_state, CASE WHEN step > 1 THEN cook END,
    placed_at + after
FROM placed
JOIN (VALUES
    (1, NULL, 'confirmed', interval '0'),
    (2, 'confirmed', 'preparing', interval '3 minutes'),
    (3, 'preparing', 'ready', interval '15 minutes'),
    (4, 'ready', 'completed', interval '22 minutes'),
    (2, 'confirmed', 'cancelled', interval '4 minutes')
) AS steps (step, from_state, to_state, after)
    ON step = 1 OR cancelled = (to_state = 'cancelled');

INSERT INTO store_counters (store_id, merchant_id, revision, business_day, day_number)
SELECT id, merchant_id, 4 * per_day * days, until - 1, per_day FROM store;
