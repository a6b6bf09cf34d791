-- Why a log came late, if its student said so: a code of domain.lateness, or their own words.

ALTER TABLE logs ADD COLUMN late_reason TEXT NOT NULL DEFAULT '';
