CREATE OR REPLACE VIEW sums AS SELECT customer_id, count(*) AS purchases, sum(total) AS total FROM purchase GROUP BY customer_id;
