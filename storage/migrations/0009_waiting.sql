-- What keeps a student from waiting in the dark: a class's term for answers, and how long a mentor's answers take.

ALTER TABLE classes ADD COLUMN answer_days INTEGER NOT NULL DEFAULT 3;  -- without an answer until somebody is asked
CREATE INDEX reviews_of_reviewer ON reviews (reviewer_id, id);

-- A mentor who has no time hands over: to another mentor of the same enterprise and school, or to the coordinators.

CREATE TABLE hand_overs (
    id {id},
    mentor_id BIGINT NOT NULL REFERENCES people (id),
    stand_in_id BIGINT REFERENCES people (id),  -- null: the coordinators of each class
    last_day DATE NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,               -- the end of that day on the mentor's clock
    ended_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX hand_overs_open ON hand_overs (mentor_id) WHERE ended_at IS NULL;
CREATE INDEX hand_overs_stand_in ON hand_overs (stand_in_id);

-- Of each placement, while its mentor has handed over; with nobody who stands in the coordinators answer.
ALTER TABLE placements ADD COLUMN handed_over BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE placements ADD COLUMN stand_in_id BIGINT REFERENCES people (id);
CREATE INDEX placements_stand_in ON placements (stand_in_id);

-- Which submission of a log a reviewer has opened last: what was opened can be approved together.

CREATE TABLE log_openings (
    person_id BIGINT NOT NULL REFERENCES people (id),
    log_id BIGINT NOT NULL REFERENCES logs (id),
    revision INTEGER NOT NULL,          -- the number of the submission
    PRIMARY KEY (person_id, log_id)
);
