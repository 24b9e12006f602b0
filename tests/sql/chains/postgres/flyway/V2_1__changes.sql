ALTER TABLE customer RENAME TO buyer;
ALTER TABLE buyer RENAME COLUMN name TO full_name;
ALTER TABLE purchase ALTER COLUMN note TYPE text, ADD COLUMN paid_at timestamp(3), DROP COLUMN tags;
ALTER TABLE purchase ADD CONSTRAINT paid_when CHECK (state IN ('new', 'sent') OR paid_at IS NOT NULL) NOT VALID;
ALTER TYPE state ADD VALUE 'lost' AFTER 'paid';
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'buyer' AND column_name = 'phone') THEN
        ALTER TABLE buyer ADD COLUMN phone varchar(20);
    END IF;
END
$$;
UPDATE buyer SET phone = '';
