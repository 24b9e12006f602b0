CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA audit;
CREATE TABLE crate (id serial PRIMARY KEY, name citext NOT NULL, downloads bigint NOT NULL DEFAULT 0, search tsvector);
CREATE TABLE audit.log (id bigserial, crate_id integer REFERENCES public.crate (id) DEFERRABLE INITIALLY DEFERRED, at timestamp without time zone DEFAULT (now() AT TIME ZONE 'utc'));
CREATE INDEX index_search ON crate USING gin (search);
CREATE MATERIALIZED VIEW popular AS SELECT id, name, downloads FROM crate WHERE downloads > 100 ORDER BY downloads DESC;
CREATE UNIQUE INDEX popular_id ON popular (id);
