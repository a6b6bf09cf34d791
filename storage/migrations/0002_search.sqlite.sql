-- The words of a post, cut by storage.search; rowid is the post's id.
CREATE VIRTUAL TABLE posts_search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');
