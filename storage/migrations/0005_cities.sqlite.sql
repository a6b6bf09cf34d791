-- The cities of a hundred thousand posts are counted in the index alone.
CREATE INDEX posts_cities ON posts (state, city, apply_by, is_public, enterprise_id);
