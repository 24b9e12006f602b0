-- What PostgreSQL 18 has and 15 has not; runs after everything.sql.
CREATE TABLE app.newer (
    id integer NOT NULL,
    twice integer GENERATED ALWAYS AS (id * 2),
    during daterange,
    b integer CONSTRAINT b_there NOT NULL,
    c integer CONSTRAINT c_positive CHECK (c > 0) NOT ENFORCED,
    PRIMARY KEY (id, during WITHOUT OVERLAPS)
);
CREATE TABLE app.newer_ref (
    id integer, during daterange,
    FOREIGN KEY (id, PERIOD during) REFERENCES app.newer (id, PERIOD during)
);
ALTER TABLE app.posts ADD CONSTRAINT posts_b_there NOT NULL b NOT VALID;
