-- The words of a post, cut by storage.search.
CREATE TABLE posts_search (
    post_id BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX posts_search_words ON posts_search USING gin (words);
