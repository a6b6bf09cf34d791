-- A second stage, where a class wants it: what a mentor approves goes on to the school, which has the last word.

ALTER TABLE classes ADD COLUMN second_stage BOOLEAN NOT NULL DEFAULT FALSE;

-- Since when a log is the school's to answer; null: its mentor's. What the school gives back stays the school's.
ALTER TABLE logs ADD COLUMN school_since TIMESTAMPTZ;

-- The mentor's approval has a decision of its own, 'passed', of which a log has at most one.
CREATE UNIQUE INDEX reviews_passed ON reviews (log_id) WHERE decision = 'passed';
