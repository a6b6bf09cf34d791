-- What keeps a student from waiting in the dark: a class's term for answers, and how long a mentor's answers take.

ALTER TABLE classes ADD COLUMN answer_days INTEGER NOT NULL DEFAULT 3;  -- without an answer until somebody is asked
CREATE INDEX reviews_of_reviewer ON reviews (reviewer_id, id);
