DROP VIEW paid;
ALTER TABLE purchase
    ADD COLUMN paid_at DATETIME(3) NULL AFTER state,
    MODIFY state ENUM('new','paid','sent') NOT NULL DEFAULT 'new',
    CHANGE note remark VARCHAR(200) CHARACTER SET latin1,
    DROP INDEX by_state;
ALTER TABLE customer RENAME TO buyer;
CREATE TRIGGER purchase_paid BEFORE UPDATE ON purchase FOR EACH ROW SET NEW.paid_at = IF(NEW.state = 'paid', NOW(3), NEW.paid_at);
INSERT INTO buyer (email) VALUES ('a@b');
CREATE UNIQUE INDEX remark_start ON purchase (remark(20));
CREATE VIEW paid AS SELECT p.id, c.email FROM purchase p JOIN buyer c ON c.id = p.customer_id WHERE p.state = 'paid';
