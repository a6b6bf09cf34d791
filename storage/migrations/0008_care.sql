-- Care for students: a call for help and what became of it, how a week felt, and who wants to be called.

ALTER TABLE schools ADD COLUMN emergency_number TEXT NOT NULL DEFAULT '';

CREATE TABLE sos_calls (
    id {id},
    student_id BIGINT NOT NULL REFERENCES students (id),
    state TEXT NOT NULL,                -- open, taken, closed
    whole_school BOOLEAN NOT NULL,      -- told to every coordinator of the school, not only those of the class
    climbs INTEGER NOT NULL DEFAULT 0,  -- how often nobody had answered in time
    taken_by BIGINT REFERENCES people (id),
    closed_by BIGINT REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX sos_calls_open ON sos_calls (student_id) WHERE state <> 'closed';
CREATE INDEX sos_calls_student ON sos_calls (student_id, created_at);

-- All that happened in a call, with its time.
CREATE TABLE sos_steps (
    id {id},
    call_id BIGINT NOT NULL REFERENCES sos_calls (id),
    event TEXT NOT NULL,                -- called, words, climbed, taken, closed
    person_id BIGINT REFERENCES people (id),    -- null: the clock
    words TEXT NOT NULL DEFAULT '',
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sos_steps_call ON sos_steps (call_id, id);

CREATE TABLE pulses (
    id {id},
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    mood INTEGER NOT NULL,              -- from 1, bad, to 5, good
    words TEXT NOT NULL DEFAULT '',
    said_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_id, week)
);

-- A student whom a coordinator is to call.
CREATE TABLE flags (
    id {id},
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    cause TEXT NOT NULL,                -- low_weeks, asked
    state TEXT NOT NULL,                -- open, called
    called_by BIGINT REFERENCES people (id),
    called_at TIMESTAMPTZ,
    raised_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX flags_open ON flags (placement_id, cause) WHERE state = 'open';
