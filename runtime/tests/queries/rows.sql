-- Rows in which everything that may be null is.
INSERT INTO people (id, email, name) VALUES
    ('00000000-0000-0000-0000-000000000001', 'ada@example.com', 'Ada'),
    ('00000000-0000-0000-0000-000000000002', 'bob@example.com', NULL);
INSERT INTO deals (id, owner_id, parent_id, title, size, price, wishes) VALUES
    (1, '00000000-0000-0000-0000-000000000001', NULL, 'a', 1, NULL, '{}'),
    (2, '00000000-0000-0000-0000-000000000001', 1, 'b', 2, 5, '{"dogFriendly": true, "contact": {"name": "Eve"}}'),
    (3, '00000000-0000-0000-0000-000000000001', 2, 'c', 3, NULL, '{}');
INSERT INTO mails (deal_id, body, read) VALUES (1, 'hello', NULL), (1, 'again', true);
