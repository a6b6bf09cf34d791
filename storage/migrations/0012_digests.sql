-- A mentor's own days for hearing of all that waits, and what it takes to thank for answers that came in time.

ALTER TABLE people ADD COLUMN digest_days TEXT NOT NULL DEFAULT '0';  -- weekdays, from Monday (0)
ALTER TABLE revisions ADD COLUMN answer_by TIMESTAMPTZ;                -- when the class's term is over; null: not known
