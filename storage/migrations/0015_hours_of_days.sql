-- The hours of a week day by day, where its student gave them so; `hours` is their sum.

ALTER TABLE logs ADD COLUMN day_hours TEXT NOT NULL DEFAULT '';  -- JSON of seven numbers, from Monday; '': only the sum
