-- Removal: how long a class keeps what was handed in, what people ask to be deleted, and the copies of files that go.

ALTER TABLE classes ADD COLUMN kept_years INTEGER NOT NULL DEFAULT 3;       -- after a placement's last day
ALTER TABLE classes ADD COLUMN removes_old BOOLEAN NOT NULL DEFAULT TRUE;   -- by itself, after a warning; else on request
ALTER TABLE placements ADD COLUMN goes_on DATE;             -- the day of which the coordinators were warned
ALTER TABLE placements ADD COLUMN emptied_at TIMESTAMPTZ;   -- what was handed in during it is deleted since then
INSERT INTO schedule (kind, subject, due_at) SELECT 'retention', id, created_at FROM classes;

CREATE TABLE removals (
    id {id},
    person_id BIGINT NOT NULL REFERENCES people (id),
    student_id BIGINT REFERENCES students (id), -- the line of the roster that is or was theirs
    state TEXT NOT NULL,                -- asked, taken_back, kept (the school's part is left), done
    asked_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,        -- until then it can be taken back
    words TEXT NOT NULL DEFAULT '',     -- why the school's part stays
    said_by BIGINT REFERENCES people (id),
    released_by BIGINT REFERENCES people (id),  -- the coordinator who lets the school's part go too
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX removals_asked ON removals (person_id) WHERE state = 'asked';
CREATE INDEX removals_student ON removals (student_id);

-- Copies in the folder that no file may have any more; whoever keeps the folder takes them out.
CREATE TABLE stale_copies (
    sha256 TEXT PRIMARY KEY
);

-- What hangs on a record is found without reading whole tables when the record goes.
CREATE INDEX log_files_file ON log_files (file_id);
CREATE INDEX moment_files_file ON moment_files (file_id);
CREATE INDEX announcements_file ON announcements (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX reviews_of_revision ON reviews (revision_id);
CREATE INDEX log_openings_of_log ON log_openings (log_id);
CREATE INDEX files_of_owner ON files (owner_id);
CREATE INDEX files_by_copy ON files (sha256) WHERE sha256 IS NOT NULL;
