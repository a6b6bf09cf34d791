-- The cities of a hundred thousand posts are counted in the index alone.
CREATE INDEX posts_cities ON posts (state, city, apply_by, is_public, enterprise_id);
-- The planner knows how frequent ten thousand words are, instead of a thousand, and so how to look for each.
ALTER TABLE posts_search ALTER COLUMN words SET STATISTICS 1000;
