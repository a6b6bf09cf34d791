-- Moments of a week: whatever a placed student sends outside every form, an album as one. Their state is offered,
-- saved (kept for the week's log), kept (in the log), dropped.

ALTER TABLE moments ADD COLUMN album TEXT;
CREATE UNIQUE INDEX moments_album ON moments (placement_id, album) WHERE album IS NOT NULL;
CREATE INDEX moments_of_week ON moments (placement_id, week, state);

CREATE TABLE moment_files (
    moment_id BIGINT NOT NULL REFERENCES moments (id),
    file_id BIGINT NOT NULL REFERENCES files (id),
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (moment_id, file_id)
);

-- Keeps whatever they send for the week's log without asking.
ALTER TABLE people ADD COLUMN keeps_all BOOLEAN NOT NULL DEFAULT FALSE;
