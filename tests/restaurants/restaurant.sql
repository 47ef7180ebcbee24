-- One more restaurant: merchant, people, store, tables and menu as the first one in the database
-- has them, under keys, addresses and a slug of its own. Pictures stay with the first one.

CREATE OR REPLACE FUNCTION pg_temp.copied(original jsonb, restaurant integer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(name, CASE
        WHEN value = 'null' OR name = 'image_id' THEN 'null'
        WHEN name ~ '(^|_)id$' THEN to_jsonb(pg_temp.copy_of(value #>> '{}', restaurant)::uuid)
        WHEN name = 'token' THEN to_jsonb(substr(pg_temp.copy_of(value #>> '{}', restaurant), 1, 22))
        -- Later than the first one's, so that the first stays the first.
        WHEN name = 'created_at'
            THEN to_jsonb((value #>> '{}')::timestamptz + make_interval(secs => restaurant))
        WHEN name = 'email' THEN to_jsonb(restaurant || '.' || (value #>> '{}'))
        WHEN name = 'slug' THEN to_jsonb((value #>> '{}') || '-' || restaurant)
        ELSE value
    END)
    FROM jsonb_each(original) AS part (name, value)
$$;

DO $$
DECLARE
    first uuid := (SELECT merchant_id FROM stores ORDER BY created_at LIMIT 1);
    what text;
    belongs text;
BEGIN
    FOREACH what IN ARRAY ARRAY[
        'merchants', 'stores', 'opening_slots', 'service_points', 'users', 'memberships',
        'menu_categories', 'modifier_groups', 'modifiers', 'menu_items', 'item_modifier_groups'
    ] LOOP
        belongs := CASE what
            WHEN 'merchants' THEN 'original.id = $1'
            WHEN 'users' THEN 'original.id IN (SELECT user_id FROM memberships WHERE merchant_id = $1)'
            ELSE 'original.merchant_id = $1'
        END;
        EXECUTE format(
            'INSERT INTO %1$I SELECT made.* FROM %1$I AS original, '
            'jsonb_populate_record(NULL::%1$I, pg_temp.copied(to_jsonb(original), $2)) AS made '
            'WHERE %2$s', what, belongs
        ) USING first, (SELECT restaurant FROM facts);
    END LOOP;
END
$$;
