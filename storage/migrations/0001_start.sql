-- Shixi's records. One text for SQLite and PostgreSQL: {id} stands for the identity column of either.
-- Times are UTC. A week is the date of its Monday.

CREATE TABLE schools (
    id {id},
    name TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE people (
    id {id},
    telegram_id BIGINT UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    reminder_time TEXT,                 -- HH:MM; null: the default of the role
    agreed_version INTEGER NOT NULL DEFAULT 0,
    agreed_at TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,             -- stopped the bot in Telegram, or deleted the account
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE classes (
    id {id},
    school_id BIGINT NOT NULL REFERENCES schools (id),
    name TEXT NOT NULL,
    specialty TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    due_weekday INTEGER NOT NULL DEFAULT 6,     -- Monday is 0
    due_time TEXT NOT NULL DEFAULT '20:00',
    min_length INTEGER NOT NULL DEFAULT 0,      -- characters of "work done"
    photos_allowed BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (school_id, name)
);

CREATE TABLE coordinators (
    person_id BIGINT NOT NULL REFERENCES people (id),
    school_id BIGINT NOT NULL REFERENCES schools (id),
    suspended_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, school_id)
);

CREATE TABLE class_coordinators (
    class_id BIGINT NOT NULL REFERENCES classes (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (class_id, person_id)
);
CREATE INDEX class_coordinators_person ON class_coordinators (person_id);

CREATE TABLE enterprises (
    id {id},
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,      -- folded for comparison
    city TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE school_enterprises (
    school_id BIGINT NOT NULL REFERENCES schools (id),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    PRIMARY KEY (school_id, enterprise_id)
);
CREATE INDEX school_enterprises_enterprise ON school_enterprises (enterprise_id);

CREATE TABLE mentors (
    person_id BIGINT NOT NULL REFERENCES people (id),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    school_id BIGINT NOT NULL REFERENCES schools (id),  -- the school that vouched for this mentor
    suspended_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, enterprise_id, school_id)
);
CREATE INDEX mentors_enterprise ON mentors (enterprise_id);

-- A row is a line of the roster; with a person it is a student who has joined.
CREATE TABLE students (
    id {id},
    school_id BIGINT NOT NULL REFERENCES schools (id),
    class_id BIGINT NOT NULL REFERENCES classes (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    person_id BIGINT UNIQUE REFERENCES people (id),
    former_person_id BIGINT REFERENCES people (id),  -- whose account was taken off this line last
    joined_at TIMESTAMPTZ,
    suspended_at TIMESTAMPTZ,
    removed_at TIMESTAMPTZ,             -- taken out of the class: only a coordinator's yes lets this number in again
    UNIQUE (school_id, number)
);
CREATE INDEX students_class ON students (class_id);

CREATE TABLE join_requests (
    id {id},
    class_id BIGINT NOT NULL REFERENCES classes (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,                -- waiting, accepted, declined, replaced
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX join_requests_open ON join_requests (person_id) WHERE state = 'waiting';
CREATE INDEX join_requests_class ON join_requests (class_id, state);

CREATE TABLE invitations (
    id {id},
    kind TEXT NOT NULL,                 -- coordinator, class, mentor
    school_id BIGINT NOT NULL REFERENCES schools (id),
    class_id BIGINT REFERENCES classes (id),
    enterprise_id BIGINT REFERENCES enterprises (id),
    nonce TEXT NOT NULL,                -- the code is derived from it and the bot's token
    code_hash TEXT NOT NULL UNIQUE,
    uses_left INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    created_by BIGINT REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX invitations_class ON invitations (class_id);
CREATE INDEX invitations_enterprise ON invitations (enterprise_id, school_id);

CREATE TABLE posts (
    id {id},
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    mentor_id BIGINT REFERENCES people (id),
    created_by BIGINT REFERENCES people (id),
    is_public BOOLEAN NOT NULL DEFAULT FALSE,   -- shown to every school; else to the enterprise's schools
    title TEXT NOT NULL,
    tasks TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    pay TEXT NOT NULL DEFAULT '',
    places INTEGER,
    starts_on DATE,
    ends_on DATE,
    apply_by DATE,
    apply_url TEXT,
    same_key TEXT NOT NULL UNIQUE,      -- the apply_url, else enterprise, title and city
    state TEXT NOT NULL,                -- open, closed
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX posts_newest ON posts (state, id);
CREATE INDEX posts_city ON posts (city, state, id);
CREATE INDEX posts_enterprise ON posts (enterprise_id);

CREATE TABLE applications (
    id {id},
    post_id BIGINT NOT NULL REFERENCES posts (id),
    student_id BIGINT NOT NULL REFERENCES students (id),
    words TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,                -- sent, accepted, declined, withdrawn, confirmed, refused
    reason TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX applications_open ON applications (post_id, student_id) WHERE state IN ('sent', 'accepted', 'confirmed');
CREATE INDEX applications_student ON applications (student_id);

CREATE TABLE placements (
    id {id},
    student_id BIGINT NOT NULL REFERENCES students (id),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    mentor_id BIGINT REFERENCES people (id),
    application_id BIGINT UNIQUE REFERENCES applications (id),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    ended_early BOOLEAN NOT NULL DEFAULT FALSE,
    end_reason TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    created_by BIGINT REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX placements_student ON placements (student_id, starts_on);
CREATE INDEX placements_mentor ON placements (mentor_id, ends_on);

CREATE TABLE excused_weeks (
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    reason TEXT NOT NULL,
    created_by BIGINT REFERENCES people (id),
    PRIMARY KEY (placement_id, week)
);

CREATE TABLE files (
    id {id},
    owner_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,                 -- photo, document, voice
    telegram_file_id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    mime_type TEXT NOT NULL DEFAULT '',
    size BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT,                        -- null until the copy is in the folder
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ,            -- null: stored, or given up
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX files_to_fetch ON files (next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TABLE logs (
    id {id},
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    state TEXT NOT NULL,                -- draft, submitted, approved, needs_info, returned
    hours DOUBLE PRECISION,
    first_submitted_at TIMESTAMPTZ,     -- of the first submission that was not withdrawn: decides whether late
    submitted_at TIMESTAMPTZ,
    decided_at TIMESTAMPTZ,
    nudged_at TIMESTAMPTZ,              -- the mentor was reminded of this submission
    escalated_at TIMESTAMPTZ,           -- the coordinator heard of this submission
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_id, week)
);
CREATE INDEX logs_waiting ON logs (state, submitted_at);

CREATE TABLE log_sections (
    log_id BIGINT NOT NULL REFERENCES logs (id),
    section TEXT NOT NULL,              -- done, learned, problems, plan; answer: to the mentor's question
    text TEXT NOT NULL,
    message_id BIGINT,                  -- the message it came from, so that editing that message edits it
    PRIMARY KEY (log_id, section)
);

CREATE TABLE log_files (
    log_id BIGINT NOT NULL REFERENCES logs (id),
    file_id BIGINT NOT NULL REFERENCES files (id),
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (log_id, file_id)
);

CREATE TABLE revisions (
    id {id},
    log_id BIGINT NOT NULL REFERENCES logs (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,              -- JSON: sections, hours, files
    submitted_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    UNIQUE (log_id, number)
);

CREATE TABLE reviews (
    id {id},
    log_id BIGINT NOT NULL REFERENCES logs (id),
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    decision TEXT NOT NULL,             -- approved, needs_info, returned, reopened
    words TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX reviews_log ON reviews (log_id);

CREATE TABLE moments (
    id {id},
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,                -- offered, kept, dropped
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE announcements (
    id {id},
    school_id BIGINT NOT NULL REFERENCES schools (id),
    author_id BIGINT NOT NULL REFERENCES people (id),
    text TEXT NOT NULL DEFAULT '',
    file_id BIGINT REFERENCES files (id),
    audience TEXT NOT NULL DEFAULT '{}', -- JSON of domain.announcements.Audience
    acknowledge BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL,                -- draft, sent, cancelled
    version INTEGER NOT NULL DEFAULT 1,
    sent_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX announcements_author ON announcements (author_id);

CREATE TABLE announcement_recipients (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    acknowledged_at TIMESTAMPTZ,
    PRIMARY KEY (announcement_id, person_id)
);

-- What a person is being asked. One form is active and gets free text; the others wait.
CREATE TABLE drafts (
    person_id BIGINT NOT NULL REFERENCES people (id),
    form TEXT NOT NULL,
    subject BIGINT NOT NULL DEFAULT 0,
    step TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    active BOOLEAN NOT NULL,
    answers TEXT NOT NULL DEFAULT '{}', -- JSON, of things that do not exist yet
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, form, subject)
);
CREATE UNIQUE INDEX drafts_active ON drafts (person_id) WHERE active;

CREATE TABLE inbox (
    update_id BIGINT PRIMARY KEY,
    body TEXT NOT NULL,                 -- the update as Telegram sent it
    reply TEXT,                         -- JSON; not null: the effect is committed, and this answers it
    attempts INTEGER NOT NULL DEFAULT 0,
    failure TEXT,                       -- the error's id, when set aside
    received_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX inbox_open ON inbox (update_id) WHERE finished_at IS NULL;

CREATE TABLE outbox (
    id {id},
    person_id BIGINT NOT NULL REFERENCES people (id),
    card TEXT NOT NULL,
    subject BIGINT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}',
    manner TEXT NOT NULL,               -- push: a new message; refresh: edit the card if it is there
    priority INTEGER NOT NULL,          -- 0 replies, 1 to one person, 2 to many
    unique_key TEXT UNIQUE,
    state TEXT NOT NULL,                -- waiting, sent, settled, failed, stopped
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    failure TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ
);
CREATE INDEX outbox_waiting ON outbox (priority, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_card ON outbox (card, subject, state);

-- Where a person's card is in the chat, so that it is edited in place.
CREATE TABLE cards (
    person_id BIGINT NOT NULL REFERENCES people (id),
    card TEXT NOT NULL,
    subject BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, card, subject)
);
CREATE INDEX cards_message ON cards (person_id, message_id);

-- When something has to be looked at next: one row for each thing that is reminded of.
CREATE TABLE schedule (
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX schedule_due ON schedule (due_at);

-- Who did what to another person's data.
CREATE TABLE acts (
    id {id},
    at TIMESTAMPTZ NOT NULL,
    actor_id BIGINT REFERENCES people (id),     -- null: the command line
    act TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL
);
CREATE INDEX acts_subject ON acts (subject_kind, subject_id);
