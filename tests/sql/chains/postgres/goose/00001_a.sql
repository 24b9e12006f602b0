-- +goose Up
CREATE TABLE account (id uuid PRIMARY KEY, parent uuid REFERENCES account (id), level smallint CHECK (level BETWEEN 1 AND 9));
-- +goose StatementBegin
CREATE FUNCTION bump() RETURNS trigger AS $$ BEGIN NEW.level := NEW.level + 1; RETURN NEW; END $$ LANGUAGE plpgsql;
-- +goose StatementEnd
-- +goose Down
DROP TABLE account;
