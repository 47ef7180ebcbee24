-- What the other scripts share, for this session only.

-- A throw of a dice with so many sides, from 0: the same for the same two numbers.
CREATE OR REPLACE FUNCTION pg_temp.throw(sides integer, which bigint, why bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((hashint8extended(which, why) & 9223372036854775807) % sides)::integer
$$;

-- A UUIDv7 as the platform makes them: in the order of their time.
CREATE OR REPLACE FUNCTION pg_temp.key(at timestamptz, what text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(what), 1, 3) || '8' || substr(md5(what), 4, 15))::uuid
$$;

-- What bears the number of a restaurant instead of what it is a copy of.
CREATE OR REPLACE FUNCTION pg_temp.copy_of(original text, restaurant integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(original || ' of restaurant ' || restaurant)
$$;
