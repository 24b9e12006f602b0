CREATE TABLE `customer` (
    `id` INT(11) NOT NULL AUTO_INCREMENT,
    `email` VARCHAR(120) NOT NULL,
    `active` BOOL DEFAULT TRUE,
    `created` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    `data` JSON,
    PRIMARY KEY (`id`),
    UNIQUE KEY `email` (`email`),
    CHECK (`email` <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='people';
CREATE TABLE purchase (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    customer_id INT,
    state ENUM('new','paid') NOT NULL DEFAULT 'new',
    total DECIMAL(10,2) DEFAULT 0,
    note TEXT,
    twice DECIMAL(12,2) AS (total * 2) STORED,
    FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE SET NULL
);
CREATE INDEX by_state ON purchase (state, total DESC);
CREATE VIEW paid AS SELECT p.id, c.email FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE p.state = 'paid';
