ALTER TABLE crate ADD COLUMN price numeric(10, 2) NOT NULL DEFAULT 9.90, ADD CONSTRAINT cheap CHECK (price < 1000 AND name <> ALL (ARRAY['std', 'core']));
CREATE TABLE crate_copy (LIKE crate INCLUDING ALL);
ALTER TABLE audit.log ADD PRIMARY KEY (id);
CREATE SEQUENCE tickets START 100 INCREMENT BY 5 OWNED BY crate.id;
ALTER TABLE crate ADD COLUMN full_name text GENERATED ALWAYS AS (name || '-crate') STORED;
