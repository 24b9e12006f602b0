-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY account_parent ON account (parent) INCLUDE (level);
ALTER TABLE account ALTER COLUMN level SET NOT NULL, ALTER COLUMN level SET DEFAULT 1;
-- +goose Down
DROP INDEX account_parent;
