-- What a reviewer says beside a decision. Remarks are noted while a submission is read, and belong to the decision
-- that the same reviewer then makes on it.
CREATE TABLE remarks (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (revision_id, reviewer_id, section)
);

CREATE TABLE chips (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    code TEXT NOT NULL,                 -- one of domain.remarks.CHIPS
    PRIMARY KEY (revision_id, reviewer_id, code)
);

ALTER TABLE reviews ADD COLUMN stars INTEGER;           -- 1 to 5, of an approval
ALTER TABLE reviews ADD COLUMN hours DOUBLE PRECISION;  -- what the student wrote, confirmed with the approval
