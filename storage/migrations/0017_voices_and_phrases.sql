-- What reviewers say again and again, in words of their own; and in which language they read the ready ones, so that
-- a reader of another language finds the original words beside theirs.

ALTER TABLE reviews ADD COLUMN language TEXT NOT NULL DEFAULT '';   -- of the reviewer, when the decision was made
UPDATE reviews SET language = (SELECT p.language FROM people p WHERE p.id = reviews.reviewer_id);

CREATE TABLE phrases (
    id {id},
    person_id BIGINT NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    dropped_at TIMESTAMPTZ,             -- deleted, and can be taken back until the next change; at most one
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, text)
);

-- Phrases that a reviewer chose while reading a submission, as `chips` are; the words are those of that moment.
CREATE TABLE phrases_said (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    phrase_id BIGINT NOT NULL,          -- the phrase may be deleted since
    text TEXT NOT NULL,
    PRIMARY KEY (revision_id, reviewer_id, phrase_id)
);

-- Voice notes of a reviewer on one section of a submission, or on the whole of it, beside `remarks`.
CREATE TABLE voices (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    section TEXT NOT NULL,              -- empty: the whole of it
    file_id BIGINT NOT NULL REFERENCES files (id),
    seconds INTEGER NOT NULL,
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (revision_id, reviewer_id, section)
);
