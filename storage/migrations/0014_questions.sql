-- What a student needs help with now, and what was answered: sent at once, not with the week's log.

CREATE TABLE questions (
    id {id},
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,                -- open, answered
    answer TEXT NOT NULL DEFAULT '',    -- a code of domain.questions, or words
    answered_by BIGINT REFERENCES people (id),
    answered_at TIMESTAMPTZ,
    told_at TIMESTAMPTZ,                -- the coordinators were asked too
    asked_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX questions_of_week ON questions (placement_id, week);
CREATE INDEX questions_answered ON questions (answered_by);
