CREATE TABLE migrations (number INTEGER PRIMARY KEY);
INSERT INTO migrations (number) VALUES (1);
INSERT INTO migrations (number) VALUES (2);
INSERT INTO migrations (number) VALUES (3);
INSERT INTO migrations (number) VALUES (4);
INSERT INTO migrations (number) VALUES (5);
INSERT INTO migrations (number) VALUES (6);
INSERT INTO migrations (number) VALUES (7);
INSERT INTO migrations (number) VALUES (8);
INSERT INTO migrations (number) VALUES (9);
INSERT INTO migrations (number) VALUES (10);
INSERT INTO migrations (number) VALUES (11);
INSERT INTO migrations (number) VALUES (12);
INSERT INTO migrations (number) VALUES (13);
INSERT INTO migrations (number) VALUES (14);
INSERT INTO migrations (number) VALUES (15);
INSERT INTO migrations (number) VALUES (16);
INSERT INTO migrations (number) VALUES (17);
CREATE TABLE schools (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
, emergency_number TEXT NOT NULL DEFAULT '');
INSERT INTO schools (id, name, time_zone, created_at, emergency_number) VALUES (1, 'name 一年级', 'Asia/Shanghai', '2026-11-16T01:00:00.001+00:00', 'emergency_number 一年级');
INSERT INTO schools (id, name, time_zone, created_at, emergency_number) VALUES (2, 'it''s "name";
the second line', 'Asia/Shanghai', '2026-11-16T01:00:00.002+00:00', 'it''s "emergency_number";
the second line');
INSERT INTO schools (id, name, time_zone, created_at, emergency_number) VALUES (3, 'name 🙂 <b>&amp;</b>', 'Asia/Tokyo', '2026-11-16T01:00:00.003+00:00', 'emergency_number 🙂 <b>&amp;</b>');
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    telegram_id BIGINT UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    reminder_time TEXT,                 
    agreed_version INTEGER NOT NULL DEFAULT 0,
    agreed_at TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,             
    created_at TIMESTAMPTZ NOT NULL
, keeps_all BOOLEAN NOT NULL DEFAULT FALSE, digest_days TEXT NOT NULL DEFAULT '0');
INSERT INTO people (id, telegram_id, name, language, time_zone, reminder_time, agreed_version, agreed_at, stopped_at, created_at, keeps_all, digest_days) VALUES (1, 5000000001, 'name 一年级', 'zh_Hans', 'Asia/Shanghai', '17:30', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', 1, '0');
INSERT INTO people (id, telegram_id, name, language, time_zone, reminder_time, agreed_version, agreed_at, stopped_at, created_at, keeps_all, digest_days) VALUES (2, NULL, 'it''s "name";
the second line', 'en', 'Asia/Shanghai', NULL, 2, NULL, NULL, '2026-11-16T01:00:00.002+00:00', 0, '024');
INSERT INTO people (id, telegram_id, name, language, time_zone, reminder_time, agreed_version, agreed_at, stopped_at, created_at, keeps_all, digest_days) VALUES (3, 5000000003, 'name 🙂 <b>&amp;</b>', 'en', 'Asia/Tokyo', '08:00', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', 1, '6');
CREATE TABLE classes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES schools (id),
    name TEXT NOT NULL,
    specialty TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    due_weekday INTEGER NOT NULL DEFAULT 6,     
    due_time TEXT NOT NULL DEFAULT '20:00',
    photos_allowed BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMPTZ NOT NULL, answer_days INTEGER NOT NULL DEFAULT 3, kept_years INTEGER NOT NULL DEFAULT 3, removes_old BOOLEAN NOT NULL DEFAULT TRUE, second_stage BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (school_id, name)
);
INSERT INTO classes (id, school_id, name, specialty, time_zone, due_weekday, due_time, photos_allowed, created_at, answer_days, kept_years, removes_old, second_stage) VALUES (1, 1, 'name 一年级', 'specialty 一年级', 'Asia/Shanghai', 1, '20:00', 1, '2026-11-16T01:00:00.001+00:00', 1, 1, 1, 1);
INSERT INTO classes (id, school_id, name, specialty, time_zone, due_weekday, due_time, photos_allowed, created_at, answer_days, kept_years, removes_old, second_stage) VALUES (2, 2, 'it''s "name";
the second line', 'it''s "specialty";
the second line', 'Asia/Shanghai', 2, '18:30', 0, '2026-11-16T01:00:00.002+00:00', 2, 2, 0, 0);
INSERT INTO classes (id, school_id, name, specialty, time_zone, due_weekday, due_time, photos_allowed, created_at, answer_days, kept_years, removes_old, second_stage) VALUES (3, 3, 'name 🙂 <b>&amp;</b>', 'specialty 🙂 <b>&amp;</b>', 'Asia/Tokyo', 3, '20:00', 1, '2026-11-16T01:00:00.003+00:00', 3, 3, 1, 1);
CREATE TABLE coordinators (
    person_id BIGINT NOT NULL REFERENCES people (id),
    school_id BIGINT NOT NULL REFERENCES schools (id),
    suspended_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, school_id)
);
INSERT INTO coordinators (person_id, school_id, suspended_at) VALUES (1, 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO coordinators (person_id, school_id, suspended_at) VALUES (2, 2, NULL);
INSERT INTO coordinators (person_id, school_id, suspended_at) VALUES (3, 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE class_coordinators (
    class_id BIGINT NOT NULL REFERENCES classes (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (class_id, person_id)
);
INSERT INTO class_coordinators (class_id, person_id) VALUES (1, 1);
INSERT INTO class_coordinators (class_id, person_id) VALUES (2, 2);
INSERT INTO class_coordinators (class_id, person_id) VALUES (3, 3);
CREATE TABLE enterprises (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,      
    city TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO enterprises (id, name, name_key, city, created_at) VALUES (1, 'name 一年级', 'name_key 一年级', 'city 一年级', '2026-11-16T01:00:00.001+00:00');
INSERT INTO enterprises (id, name, name_key, city, created_at) VALUES (2, 'it''s "name";
the second line', 'it''s "name_key";
the second line', 'it''s "city";
the second line', '2026-11-16T01:00:00.002+00:00');
INSERT INTO enterprises (id, name, name_key, city, created_at) VALUES (3, 'name 🙂 <b>&amp;</b>', 'name_key 🙂 <b>&amp;</b>', 'city 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE school_enterprises (
    school_id BIGINT NOT NULL REFERENCES schools (id),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    PRIMARY KEY (school_id, enterprise_id)
);
INSERT INTO school_enterprises (school_id, enterprise_id) VALUES (1, 1);
INSERT INTO school_enterprises (school_id, enterprise_id) VALUES (2, 2);
INSERT INTO school_enterprises (school_id, enterprise_id) VALUES (3, 3);
CREATE TABLE mentors (
    person_id BIGINT NOT NULL REFERENCES people (id),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    school_id BIGINT NOT NULL REFERENCES schools (id),  
    suspended_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, enterprise_id, school_id)
);
INSERT INTO mentors (person_id, enterprise_id, school_id, suspended_at) VALUES (1, 1, 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO mentors (person_id, enterprise_id, school_id, suspended_at) VALUES (2, 2, 2, NULL);
INSERT INTO mentors (person_id, enterprise_id, school_id, suspended_at) VALUES (3, 3, 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE students (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES schools (id),
    class_id BIGINT NOT NULL REFERENCES classes (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    person_id BIGINT UNIQUE REFERENCES people (id),
    former_person_id BIGINT REFERENCES people (id),  
    joined_at TIMESTAMPTZ,
    suspended_at TIMESTAMPTZ,
    removed_at TIMESTAMPTZ,             
    UNIQUE (school_id, number)
);
INSERT INTO students (id, school_id, class_id, number, name, person_id, former_person_id, joined_at, suspended_at, removed_at) VALUES (1, 1, 1, 'number 一年级', 'name 一年级', 1, 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO students (id, school_id, class_id, number, name, person_id, former_person_id, joined_at, suspended_at, removed_at) VALUES (2, 2, 2, 'it''s "number";
the second line', 'it''s "name";
the second line', NULL, NULL, NULL, NULL, NULL);
INSERT INTO students (id, school_id, class_id, number, name, person_id, former_person_id, joined_at, suspended_at, removed_at) VALUES (3, 3, 3, 'number 🙂 <b>&amp;</b>', 'name 🙂 <b>&amp;</b>', 3, 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE join_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id BIGINT NOT NULL REFERENCES classes (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,                
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO join_requests (id, class_id, person_id, number, name, state, decided_by, decided_at, created_at) VALUES (1, 1, 1, 'number 一年级', 'name 一年级', 'waiting', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO join_requests (id, class_id, person_id, number, name, state, decided_by, decided_at, created_at) VALUES (2, 2, 2, 'it''s "number";
the second line', 'it''s "name";
the second line', 'accepted', NULL, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO join_requests (id, class_id, person_id, number, name, state, decided_by, decided_at, created_at) VALUES (3, 3, 3, 'number 🙂 <b>&amp;</b>', 'name 🙂 <b>&amp;</b>', 'declined', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                 
    school_id BIGINT NOT NULL REFERENCES schools (id),
    class_id BIGINT REFERENCES classes (id),
    enterprise_id BIGINT REFERENCES enterprises (id),
    nonce TEXT NOT NULL,                
    code_hash TEXT NOT NULL UNIQUE,
    uses_left INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    created_by BIGINT REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO invitations (id, kind, school_id, class_id, enterprise_id, nonce, code_hash, uses_left, uses, expires_at, revoked_at, created_by, created_at) VALUES (1, 'kind 一年级', 1, 1, 1, 'nonce 一年级', 'code_hash 一年级', 1, 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO invitations (id, kind, school_id, class_id, enterprise_id, nonce, code_hash, uses_left, uses, expires_at, revoked_at, created_by, created_at) VALUES (2, 'it''s "kind";
the second line', 2, NULL, NULL, 'it''s "nonce";
the second line', 'it''s "code_hash";
the second line', 2, 2, '2026-11-16T01:00:00.002+00:00', NULL, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO invitations (id, kind, school_id, class_id, enterprise_id, nonce, code_hash, uses_left, uses, expires_at, revoked_at, created_by, created_at) VALUES (3, 'kind 🙂 <b>&amp;</b>', 3, 3, 3, 'nonce 🙂 <b>&amp;</b>', 'code_hash 🙂 <b>&amp;</b>', 3, 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises (id),
    mentor_id BIGINT REFERENCES people (id),
    created_by BIGINT REFERENCES people (id),
    is_public BOOLEAN NOT NULL DEFAULT FALSE,   
    title TEXT NOT NULL,
    tasks TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    pay TEXT NOT NULL DEFAULT '',
    places INTEGER,
    starts_on DATE,
    ends_on DATE,
    apply_by DATE,
    apply_url TEXT,
    same_key TEXT NOT NULL UNIQUE,      
    state TEXT NOT NULL,                
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO posts (id, enterprise_id, mentor_id, created_by, is_public, title, tasks, city, pay, places, starts_on, ends_on, apply_by, apply_url, same_key, state, version, created_at) VALUES (1, 1, 1, 1, 1, 'title 一年级', 'tasks 一年级', 'city 一年级', 'pay 一年级', 1, '2026-11-16', '2026-11-16', '2026-11-16', 'apply_url 一年级', 'same_key 一年级', 'open', 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO posts (id, enterprise_id, mentor_id, created_by, is_public, title, tasks, city, pay, places, starts_on, ends_on, apply_by, apply_url, same_key, state, version, created_at) VALUES (2, 2, NULL, NULL, 0, 'it''s "title";
the second line', 'it''s "tasks";
the second line', 'it''s "city";
the second line', 'it''s "pay";
the second line', NULL, NULL, NULL, NULL, NULL, 'it''s "same_key";
the second line', 'closed', 2, '2026-11-16T01:00:00.002+00:00');
INSERT INTO posts (id, enterprise_id, mentor_id, created_by, is_public, title, tasks, city, pay, places, starts_on, ends_on, apply_by, apply_url, same_key, state, version, created_at) VALUES (3, 3, 3, 3, 1, 'title 🙂 <b>&amp;</b>', 'tasks 🙂 <b>&amp;</b>', 'city 🙂 <b>&amp;</b>', 'pay 🙂 <b>&amp;</b>', 3, '2026-11-30', '2026-11-30', '2026-11-30', 'apply_url 🙂 <b>&amp;</b>', 'same_key 🙂 <b>&amp;</b>', 'open', 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id BIGINT NOT NULL REFERENCES posts (id),
    student_id BIGINT NOT NULL REFERENCES students (id),
    words TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,                
    reason TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO applications (id, post_id, student_id, words, state, reason, decided_by, decided_at, version, created_at) VALUES (1, 1, 1, 'words 一年级', 'sent', 'reason 一年级', 1, '2026-11-16T01:00:00.001+00:00', 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO applications (id, post_id, student_id, words, state, reason, decided_by, decided_at, version, created_at) VALUES (2, 2, 2, 'it''s "words";
the second line', 'accepted', 'it''s "reason";
the second line', NULL, NULL, 2, '2026-11-16T01:00:00.002+00:00');
INSERT INTO applications (id, post_id, student_id, words, state, reason, decided_by, decided_at, version, created_at) VALUES (3, 3, 3, 'words 🙂 <b>&amp;</b>', 'withdrawn', 'reason 🙂 <b>&amp;</b>', 3, '2026-11-16T01:00:00.003+00:00', 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE placements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
, handed_over BOOLEAN NOT NULL DEFAULT FALSE, stand_in_id BIGINT REFERENCES people (id), goes_on DATE, emptied_at TIMESTAMPTZ);
INSERT INTO placements (id, student_id, enterprise_id, mentor_id, application_id, starts_on, ends_on, ended_early, end_reason, version, created_by, created_at, handed_over, stand_in_id, goes_on, emptied_at) VALUES (1, 1, 1, 1, 1, '2026-11-16', '2026-11-16', 1, 'end_reason 一年级', 1, 1, '2026-11-16T01:00:00.001+00:00', 1, 1, '2026-11-16', '2026-11-16T01:00:00.001+00:00');
INSERT INTO placements (id, student_id, enterprise_id, mentor_id, application_id, starts_on, ends_on, ended_early, end_reason, version, created_by, created_at, handed_over, stand_in_id, goes_on, emptied_at) VALUES (2, 2, 2, NULL, NULL, '2026-11-23', '2026-11-23', 0, 'it''s "end_reason";
the second line', 2, NULL, '2026-11-16T01:00:00.002+00:00', 0, NULL, NULL, NULL);
INSERT INTO placements (id, student_id, enterprise_id, mentor_id, application_id, starts_on, ends_on, ended_early, end_reason, version, created_by, created_at, handed_over, stand_in_id, goes_on, emptied_at) VALUES (3, 3, 3, 3, 3, '2026-11-30', '2026-11-30', 1, 'end_reason 🙂 <b>&amp;</b>', 3, 3, '2026-11-16T01:00:00.003+00:00', 1, 3, '2026-11-30', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE excused_weeks (
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    reason TEXT NOT NULL,
    created_by BIGINT REFERENCES people (id),
    PRIMARY KEY (placement_id, week)
);
INSERT INTO excused_weeks (placement_id, week, reason, created_by) VALUES (1, '2026-11-16', 'reason 一年级', 1);
INSERT INTO excused_weeks (placement_id, week, reason, created_by) VALUES (2, '2026-11-23', 'it''s "reason";
the second line', NULL);
INSERT INTO excused_weeks (placement_id, week, reason, created_by) VALUES (3, '2026-11-30', 'reason 🙂 <b>&amp;</b>', 3);
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,                 
    telegram_file_id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    mime_type TEXT NOT NULL DEFAULT '',
    size BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT,                        
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ,            
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO files (id, owner_id, kind, telegram_file_id, name, mime_type, size, sha256, attempts, next_try_at, created_at) VALUES (1, 1, 'kind 一年级', 'telegram_file_id 一年级', 'name 一年级', 'mime_type 一年级', 5000000001, 'sha256 一年级', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO files (id, owner_id, kind, telegram_file_id, name, mime_type, size, sha256, attempts, next_try_at, created_at) VALUES (2, 2, 'it''s "kind";
the second line', 'it''s "telegram_file_id";
the second line', 'it''s "name";
the second line', 'it''s "mime_type";
the second line', 5000000002, NULL, 2, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO files (id, owner_id, kind, telegram_file_id, name, mime_type, size, sha256, attempts, next_try_at, created_at) VALUES (3, 3, 'kind 🙂 <b>&amp;</b>', 'telegram_file_id 🙂 <b>&amp;</b>', 'name 🙂 <b>&amp;</b>', 'mime_type 🙂 <b>&amp;</b>', 5000000003, 'sha256 🙂 <b>&amp;</b>', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    state TEXT NOT NULL,                
    hours DOUBLE PRECISION,
    first_submitted_at TIMESTAMPTZ,     
    submitted_at TIMESTAMPTZ,
    decided_at TIMESTAMPTZ,
    nudged_at TIMESTAMPTZ,              
    escalated_at TIMESTAMPTZ,           
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL, template_id BIGINT REFERENCES templates (id), late_reason TEXT NOT NULL DEFAULT '', day_hours TEXT NOT NULL DEFAULT '', school_since TIMESTAMPTZ,
    UNIQUE (placement_id, week)
);
INSERT INTO logs (id, placement_id, week, state, hours, first_submitted_at, submitted_at, decided_at, nudged_at, escalated_at, version, created_at, template_id, late_reason, day_hours, school_since) VALUES (1, 1, '2026-11-16', 'draft', 7.5, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', 1, '2026-11-16T01:00:00.001+00:00', 1, 'late_reason 一年级', 'day_hours 一年级', '2026-11-16T01:00:00.001+00:00');
INSERT INTO logs (id, placement_id, week, state, hours, first_submitted_at, submitted_at, decided_at, nudged_at, escalated_at, version, created_at, template_id, late_reason, day_hours, school_since) VALUES (2, 2, '2026-11-23', 'submitted', NULL, NULL, NULL, NULL, NULL, NULL, 2, '2026-11-16T01:00:00.002+00:00', NULL, 'it''s "late_reason";
the second line', 'it''s "day_hours";
the second line', NULL);
INSERT INTO logs (id, placement_id, week, state, hours, first_submitted_at, submitted_at, decided_at, nudged_at, escalated_at, version, created_at, template_id, late_reason, day_hours, school_since) VALUES (3, 3, '2026-11-30', 'approved', 22.5, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', 3, '2026-11-16T01:00:00.003+00:00', 3, 'late_reason 🙂 <b>&amp;</b>', 'day_hours 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE log_sections (
    log_id BIGINT NOT NULL REFERENCES logs (id),
    section TEXT NOT NULL,              
    text TEXT NOT NULL,
    message_id BIGINT,                  
    PRIMARY KEY (log_id, section)
);
INSERT INTO log_sections (log_id, section, text, message_id) VALUES (1, 'done', 'text 一年级', 5000000001);
INSERT INTO log_sections (log_id, section, text, message_id) VALUES (2, 'learned', 'it''s "text";
the second line', NULL);
INSERT INTO log_sections (log_id, section, text, message_id) VALUES (3, 'answer', 'text 🙂 <b>&amp;</b>', 5000000003);
CREATE TABLE log_files (
    log_id BIGINT NOT NULL REFERENCES logs (id),
    file_id BIGINT NOT NULL REFERENCES files (id),
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (log_id, file_id)
);
INSERT INTO log_files (log_id, file_id, caption) VALUES (1, 1, 'caption 一年级');
INSERT INTO log_files (log_id, file_id, caption) VALUES (2, 2, 'it''s "caption";
the second line');
INSERT INTO log_files (log_id, file_id, caption) VALUES (3, 3, 'caption 🙂 <b>&amp;</b>');
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    log_id BIGINT NOT NULL REFERENCES logs (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,              
    submitted_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ, answer_by TIMESTAMPTZ,
    UNIQUE (log_id, number)
);
INSERT INTO revisions (id, log_id, number, content, submitted_at, withdrawn_at, answer_by) VALUES (1, 1, 1, '{}', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO revisions (id, log_id, number, content, submitted_at, withdrawn_at, answer_by) VALUES (2, 2, 2, '{"a": "一"}', '2026-11-16T01:00:00.002+00:00', NULL, NULL);
INSERT INTO revisions (id, log_id, number, content, submitted_at, withdrawn_at, answer_by) VALUES (3, 3, 3, '{}', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    log_id BIGINT NOT NULL REFERENCES logs (id),
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    decision TEXT NOT NULL,             
    words TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL
, stars INTEGER, hours DOUBLE PRECISION, language TEXT NOT NULL DEFAULT '');
INSERT INTO reviews (id, log_id, revision_id, reviewer_id, decision, words, created_at, stars, hours, language) VALUES (1, 1, 1, 1, 'approved', 'words 一年级', '2026-11-16T01:00:00.001+00:00', 1, 7.5, 'zh_Hans');
INSERT INTO reviews (id, log_id, revision_id, reviewer_id, decision, words, created_at, stars, hours, language) VALUES (2, 2, 2, 2, 'needs_info', 'it''s "words";
the second line', '2026-11-16T01:00:00.002+00:00', NULL, NULL, 'en');
INSERT INTO reviews (id, log_id, revision_id, reviewer_id, decision, words, created_at, stars, hours, language) VALUES (3, 3, 3, 3, 'returned', 'words 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00', 3, 22.5, 'en');
CREATE TABLE moments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,                
    created_at TIMESTAMPTZ NOT NULL
, album TEXT);
INSERT INTO moments (id, placement_id, week, text, state, created_at, album) VALUES (1, 1, '2026-11-16', 'text 一年级', 'saved', '2026-11-16T01:00:00.001+00:00', 'album 一年级');
INSERT INTO moments (id, placement_id, week, text, state, created_at, album) VALUES (2, 2, '2026-11-23', 'it''s "text";
the second line', 'kept', '2026-11-16T01:00:00.002+00:00', NULL);
INSERT INTO moments (id, placement_id, week, text, state, created_at, album) VALUES (3, 3, '2026-11-30', 'text 🙂 <b>&amp;</b>', 'dropped', '2026-11-16T01:00:00.003+00:00', 'album 🙂 <b>&amp;</b>');
CREATE TABLE announcements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES schools (id),
    author_id BIGINT NOT NULL REFERENCES people (id),
    text TEXT NOT NULL DEFAULT '',
    file_id BIGINT REFERENCES files (id),
    audience TEXT NOT NULL DEFAULT '{}', 
    acknowledge BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL,                
    version INTEGER NOT NULL DEFAULT 1,
    sent_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO announcements (id, school_id, author_id, text, file_id, audience, acknowledge, state, version, sent_at, created_at) VALUES (1, 1, 1, 'text 一年级', 1, '{}', 1, 'draft', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO announcements (id, school_id, author_id, text, file_id, audience, acknowledge, state, version, sent_at, created_at) VALUES (2, 2, 2, 'it''s "text";
the second line', NULL, '{"a": "一"}', 0, 'sent', 2, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO announcements (id, school_id, author_id, text, file_id, audience, acknowledge, state, version, sent_at, created_at) VALUES (3, 3, 3, 'text 🙂 <b>&amp;</b>', 3, '{}', 1, 'cancelled', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE announcement_recipients (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    acknowledged_at TIMESTAMPTZ,
    PRIMARY KEY (announcement_id, person_id)
);
INSERT INTO announcement_recipients (announcement_id, person_id, acknowledged_at) VALUES (1, 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO announcement_recipients (announcement_id, person_id, acknowledged_at) VALUES (2, 2, NULL);
INSERT INTO announcement_recipients (announcement_id, person_id, acknowledged_at) VALUES (3, 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE drafts (
    person_id BIGINT NOT NULL REFERENCES people (id),
    form TEXT NOT NULL,
    subject BIGINT NOT NULL DEFAULT 0,
    step TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    active BOOLEAN NOT NULL,
    answers TEXT NOT NULL DEFAULT '{}', 
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, form, subject)
);
INSERT INTO drafts (person_id, form, subject, step, version, active, answers, updated_at) VALUES (1, 'form 一年级', 5000000001, 'step 一年级', 1, 1, '{}', '2026-11-16T01:00:00.001+00:00');
INSERT INTO drafts (person_id, form, subject, step, version, active, answers, updated_at) VALUES (2, 'it''s "form";
the second line', 5000000002, 'it''s "step";
the second line', 2, 0, '{"a": "一"}', '2026-11-16T01:00:00.002+00:00');
INSERT INTO drafts (person_id, form, subject, step, version, active, answers, updated_at) VALUES (3, 'form 🙂 <b>&amp;</b>', 5000000003, 'step 🙂 <b>&amp;</b>', 3, 1, '{}', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE inbox (
    update_id BIGINT PRIMARY KEY,
    body TEXT NOT NULL,                 
    reply TEXT,                         
    attempts INTEGER NOT NULL DEFAULT 0,
    failure TEXT,                       
    received_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
INSERT INTO inbox (update_id, body, reply, attempts, failure, received_at, finished_at) VALUES (5000000001, '{}', 'reply 一年级', 1, 'failure 一年级', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO inbox (update_id, body, reply, attempts, failure, received_at, finished_at) VALUES (5000000002, '{"a": "一"}', NULL, 2, NULL, '2026-11-16T01:00:00.002+00:00', NULL);
INSERT INTO inbox (update_id, body, reply, attempts, failure, received_at, finished_at) VALUES (5000000003, '{}', 'reply 🙂 <b>&amp;</b>', 3, 'failure 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL REFERENCES people (id),
    card TEXT NOT NULL,
    subject BIGINT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}',
    manner TEXT NOT NULL,               
    priority INTEGER NOT NULL,          
    unique_key TEXT UNIQUE,
    state TEXT NOT NULL,                
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    failure TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ
);
INSERT INTO outbox (id, person_id, card, subject, args, manner, priority, unique_key, state, attempts, due_at, failure, created_at, done_at) VALUES (1, 1, 'card 一年级', 5000000001, '{}', 'push', 1, 'unique_key 一年级', 'waiting', 1, '2026-11-16T01:00:00.001+00:00', 'failure 一年级', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO outbox (id, person_id, card, subject, args, manner, priority, unique_key, state, attempts, due_at, failure, created_at, done_at) VALUES (2, 2, 'it''s "card";
the second line', 5000000002, '{"a": "一"}', 'refresh', 2, NULL, 'sent', 2, '2026-11-16T01:00:00.002+00:00', NULL, '2026-11-16T01:00:00.002+00:00', NULL);
INSERT INTO outbox (id, person_id, card, subject, args, manner, priority, unique_key, state, attempts, due_at, failure, created_at, done_at) VALUES (3, 3, 'card 🙂 <b>&amp;</b>', 5000000003, '{}', 'push', 3, 'unique_key 🙂 <b>&amp;</b>', 'failed', 3, '2026-11-16T01:00:00.003+00:00', 'failure 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE cards (
    person_id BIGINT NOT NULL REFERENCES people (id),
    card TEXT NOT NULL,
    subject BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, card, subject)
);
INSERT INTO cards (person_id, card, subject, message_id) VALUES (1, 'card 一年级', 5000000001, 5000000001);
INSERT INTO cards (person_id, card, subject, message_id) VALUES (2, 'it''s "card";
the second line', 5000000002, 5000000002);
INSERT INTO cards (person_id, card, subject, message_id) VALUES (3, 'card 🙂 <b>&amp;</b>', 5000000003, 5000000003);
CREATE TABLE schedule (
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, subject)
);
INSERT INTO schedule (kind, subject, due_at) VALUES ('kind 一年级', 5000000001, '2026-11-16T01:00:00.001+00:00');
INSERT INTO schedule (kind, subject, due_at) VALUES ('it''s "kind";
the second line', 5000000002, '2026-11-16T01:00:00.002+00:00');
INSERT INTO schedule (kind, subject, due_at) VALUES ('kind 🙂 <b>&amp;</b>', 5000000003, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMPTZ NOT NULL,
    actor_id BIGINT REFERENCES people (id),     
    act TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL
);
INSERT INTO acts (id, at, actor_id, act, subject_kind, subject_id) VALUES (1, '2026-11-16T01:00:00.001+00:00', 1, 'act 一年级', 'subject_kind 一年级', 5000000001);
INSERT INTO acts (id, at, actor_id, act, subject_kind, subject_id) VALUES (2, '2026-11-16T01:00:00.002+00:00', NULL, 'it''s "act";
the second line', 'it''s "subject_kind";
the second line', 5000000002);
INSERT INTO acts (id, at, actor_id, act, subject_kind, subject_id) VALUES (3, '2026-11-16T01:00:00.003+00:00', 3, 'act 🙂 <b>&amp;</b>', 'subject_kind 🙂 <b>&amp;</b>', 5000000003);
CREATE TABLE remarks (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (revision_id, reviewer_id, section)
);
INSERT INTO remarks (revision_id, reviewer_id, section, text) VALUES (1, 1, 'done', 'text 一年级');
INSERT INTO remarks (revision_id, reviewer_id, section, text) VALUES (2, 2, 'learned', 'it''s "text";
the second line');
INSERT INTO remarks (revision_id, reviewer_id, section, text) VALUES (3, 3, 'answer', 'text 🙂 <b>&amp;</b>');
CREATE TABLE chips (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    code TEXT NOT NULL,                 
    PRIMARY KEY (revision_id, reviewer_id, code)
);
INSERT INTO chips (revision_id, reviewer_id, code) VALUES (1, 1, 'observed');
INSERT INTO chips (revision_id, reviewer_id, code) VALUES (2, 2, 'why');
INSERT INTO chips (revision_id, reviewer_id, code) VALUES (3, 3, 'safety');
CREATE TABLE moment_files (
    moment_id BIGINT NOT NULL REFERENCES moments (id),
    file_id BIGINT NOT NULL REFERENCES files (id),
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (moment_id, file_id)
);
INSERT INTO moment_files (moment_id, file_id, caption) VALUES (1, 1, 'caption 一年级');
INSERT INTO moment_files (moment_id, file_id, caption) VALUES (2, 2, 'it''s "caption";
the second line');
INSERT INTO moment_files (moment_id, file_id, caption) VALUES (3, 3, 'caption 🙂 <b>&amp;</b>');
CREATE TABLE sos_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    student_id BIGINT NOT NULL REFERENCES students (id),
    state TEXT NOT NULL,                
    whole_school BOOLEAN NOT NULL,      
    climbs INTEGER NOT NULL DEFAULT 0,  
    taken_by BIGINT REFERENCES people (id),
    closed_by BIGINT REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO sos_calls (id, student_id, state, whole_school, climbs, taken_by, closed_by, created_at) VALUES (1, 1, 'open', 1, 1, 1, 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO sos_calls (id, student_id, state, whole_school, climbs, taken_by, closed_by, created_at) VALUES (2, 2, 'taken', 0, 2, NULL, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO sos_calls (id, student_id, state, whole_school, climbs, taken_by, closed_by, created_at) VALUES (3, 3, 'closed', 1, 3, 3, 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE sos_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call_id BIGINT NOT NULL REFERENCES sos_calls (id),
    event TEXT NOT NULL,                
    person_id BIGINT REFERENCES people (id),    
    words TEXT NOT NULL DEFAULT '',
    at TIMESTAMPTZ NOT NULL
);
INSERT INTO sos_steps (id, call_id, event, person_id, words, at) VALUES (1, 1, 'called', 1, 'words 一年级', '2026-11-16T01:00:00.001+00:00');
INSERT INTO sos_steps (id, call_id, event, person_id, words, at) VALUES (2, 2, 'climbed', NULL, 'it''s "words";
the second line', '2026-11-16T01:00:00.002+00:00');
INSERT INTO sos_steps (id, call_id, event, person_id, words, at) VALUES (3, 3, 'closed', 3, 'words 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE pulses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    mood INTEGER NOT NULL,              
    words TEXT NOT NULL DEFAULT '',
    said_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_id, week)
);
INSERT INTO pulses (id, placement_id, week, mood, words, said_at) VALUES (1, 1, '2026-11-16', 1, 'words 一年级', '2026-11-16T01:00:00.001+00:00');
INSERT INTO pulses (id, placement_id, week, mood, words, said_at) VALUES (2, 2, '2026-11-23', 2, 'it''s "words";
the second line', '2026-11-16T01:00:00.002+00:00');
INSERT INTO pulses (id, placement_id, week, mood, words, said_at) VALUES (3, 3, '2026-11-30', 3, 'words 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE flags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    cause TEXT NOT NULL,                
    state TEXT NOT NULL,                
    called_by BIGINT REFERENCES people (id),
    called_at TIMESTAMPTZ,
    raised_at TIMESTAMPTZ NOT NULL
);
INSERT INTO flags (id, placement_id, cause, state, called_by, called_at, raised_at) VALUES (1, 1, 'low_weeks', 'open', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO flags (id, placement_id, cause, state, called_by, called_at, raised_at) VALUES (2, 2, 'asked', 'called', NULL, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO flags (id, placement_id, cause, state, called_by, called_at, raised_at) VALUES (3, 3, 'low_weeks', 'open', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE hand_overs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mentor_id BIGINT NOT NULL REFERENCES people (id),
    stand_in_id BIGINT REFERENCES people (id),  
    last_day DATE NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,               
    ended_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO hand_overs (id, mentor_id, stand_in_id, last_day, ends_at, ended_at, created_at) VALUES (1, 1, 1, '2026-11-16', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO hand_overs (id, mentor_id, stand_in_id, last_day, ends_at, ended_at, created_at) VALUES (2, 2, NULL, '2026-11-23', '2026-11-16T01:00:00.002+00:00', NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO hand_overs (id, mentor_id, stand_in_id, last_day, ends_at, ended_at, created_at) VALUES (3, 3, 3, '2026-11-30', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE log_openings (
    person_id BIGINT NOT NULL REFERENCES people (id),
    log_id BIGINT NOT NULL REFERENCES logs (id),
    revision INTEGER NOT NULL,          
    PRIMARY KEY (person_id, log_id)
);
INSERT INTO log_openings (person_id, log_id, revision) VALUES (1, 1, 1);
INSERT INTO log_openings (person_id, log_id, revision) VALUES (2, 2, 2);
INSERT INTO log_openings (person_id, log_id, revision) VALUES (3, 3, 3);
CREATE TABLE templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id BIGINT NOT NULL REFERENCES classes (id),
    number INTEGER NOT NULL,            
    valid_from DATE NOT NULL,           
    content TEXT NOT NULL,              
    created_by BIGINT REFERENCES people (id),   
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (class_id, number)
);
INSERT INTO templates (id, class_id, number, valid_from, content, created_by, created_at) VALUES (1, 1, 1, '2026-11-16', '{}', 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO templates (id, class_id, number, valid_from, content, created_by, created_at) VALUES (2, 2, 2, '2026-11-23', '{"a": "一"}', NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO templates (id, class_id, number, valid_from, content, created_by, created_at) VALUES (3, 3, 3, '2026-11-30', '{}', 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL REFERENCES people (id),
    student_id BIGINT REFERENCES students (id), 
    state TEXT NOT NULL,                
    asked_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,        
    words TEXT NOT NULL DEFAULT '',     
    said_by BIGINT REFERENCES people (id),
    released_by BIGINT REFERENCES people (id),  
    ended_at TIMESTAMPTZ
);
INSERT INTO removals (id, person_id, student_id, state, asked_at, due_at, words, said_by, released_by, ended_at) VALUES (1, 1, 1, 'asked', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', 'words 一年级', 1, 1, '2026-11-16T01:00:00.001+00:00');
INSERT INTO removals (id, person_id, student_id, state, asked_at, due_at, words, said_by, released_by, ended_at) VALUES (2, 2, NULL, 'kept', '2026-11-16T01:00:00.002+00:00', '2026-11-16T01:00:00.002+00:00', 'it''s "words";
the second line', NULL, NULL, NULL);
INSERT INTO removals (id, person_id, student_id, state, asked_at, due_at, words, said_by, released_by, ended_at) VALUES (3, 3, 3, 'done', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', 'words 🙂 <b>&amp;</b>', 3, 3, '2026-11-16T01:00:00.003+00:00');
CREATE TABLE stale_copies (
    sha256 TEXT PRIMARY KEY
);
INSERT INTO stale_copies (sha256) VALUES ('sha256 一年级');
INSERT INTO stale_copies (sha256) VALUES ('it''s "sha256";
the second line');
INSERT INTO stale_copies (sha256) VALUES ('sha256 🙂 <b>&amp;</b>');
CREATE TABLE questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    placement_id BIGINT NOT NULL REFERENCES placements (id),
    week DATE NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,                
    answer TEXT NOT NULL DEFAULT '',    
    answered_by BIGINT REFERENCES people (id),
    answered_at TIMESTAMPTZ,
    told_at TIMESTAMPTZ,                
    asked_at TIMESTAMPTZ NOT NULL
);
INSERT INTO questions (id, placement_id, week, text, state, answer, answered_by, answered_at, told_at, asked_at) VALUES (1, 1, '2026-11-16', 'text 一年级', 'open', 'answer 一年级', 1, '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO questions (id, placement_id, week, text, state, answer, answered_by, answered_at, told_at, asked_at) VALUES (2, 2, '2026-11-23', 'it''s "text";
the second line', 'answered', 'it''s "answer";
the second line', NULL, NULL, NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO questions (id, placement_id, week, text, state, answer, answered_by, answered_at, told_at, asked_at) VALUES (3, 3, '2026-11-30', 'text 🙂 <b>&amp;</b>', 'open', 'answer 🙂 <b>&amp;</b>', 3, '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE phrases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    dropped_at TIMESTAMPTZ,             
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, text)
);
INSERT INTO phrases (id, person_id, text, dropped_at, created_at) VALUES (1, 1, 'text 一年级', '2026-11-16T01:00:00.001+00:00', '2026-11-16T01:00:00.001+00:00');
INSERT INTO phrases (id, person_id, text, dropped_at, created_at) VALUES (2, 2, 'it''s "text";
the second line', NULL, '2026-11-16T01:00:00.002+00:00');
INSERT INTO phrases (id, person_id, text, dropped_at, created_at) VALUES (3, 3, 'text 🙂 <b>&amp;</b>', '2026-11-16T01:00:00.003+00:00', '2026-11-16T01:00:00.003+00:00');
CREATE TABLE phrases_said (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    phrase_id BIGINT NOT NULL,          
    text TEXT NOT NULL,
    PRIMARY KEY (revision_id, reviewer_id, phrase_id)
);
INSERT INTO phrases_said (revision_id, reviewer_id, phrase_id, text) VALUES (1, 1, 5000000001, 'text 一年级');
INSERT INTO phrases_said (revision_id, reviewer_id, phrase_id, text) VALUES (2, 2, 5000000002, 'it''s "text";
the second line');
INSERT INTO phrases_said (revision_id, reviewer_id, phrase_id, text) VALUES (3, 3, 5000000003, 'text 🙂 <b>&amp;</b>');
CREATE TABLE voices (
    revision_id BIGINT NOT NULL REFERENCES revisions (id),
    reviewer_id BIGINT NOT NULL REFERENCES people (id),
    section TEXT NOT NULL,              
    file_id BIGINT NOT NULL REFERENCES files (id),
    seconds INTEGER NOT NULL,
    caption TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (revision_id, reviewer_id, section)
);
INSERT INTO voices (revision_id, reviewer_id, section, file_id, seconds, caption) VALUES (1, 1, 'done', 1, 1, 'caption 一年级');
INSERT INTO voices (revision_id, reviewer_id, section, file_id, seconds, caption) VALUES (2, 2, 'learned', 2, 2, 'it''s "caption";
the second line');
INSERT INTO voices (revision_id, reviewer_id, section, file_id, seconds, caption) VALUES (3, 3, 'answer', 3, 3, 'caption 🙂 <b>&amp;</b>');
CREATE VIRTUAL TABLE posts_search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO posts_search (rowid, words) VALUES (1, '护理 理学 学 words1');
INSERT INTO posts_search (rowid, words) VALUES (2, '护理 理学 学 words2');
INSERT INTO posts_search (rowid, words) VALUES (3, '护理 理学 学 words3');
CREATE INDEX class_coordinators_person ON class_coordinators (person_id);
CREATE INDEX school_enterprises_enterprise ON school_enterprises (enterprise_id);
CREATE INDEX mentors_enterprise ON mentors (enterprise_id);
CREATE INDEX students_class ON students (class_id);
CREATE UNIQUE INDEX join_requests_open ON join_requests (person_id) WHERE state = 'waiting';
CREATE INDEX join_requests_class ON join_requests (class_id, state);
CREATE INDEX invitations_class ON invitations (class_id);
CREATE INDEX invitations_enterprise ON invitations (enterprise_id, school_id);
CREATE INDEX posts_newest ON posts (state, id);
CREATE INDEX posts_city ON posts (city, state, id);
CREATE INDEX posts_enterprise ON posts (enterprise_id);
CREATE UNIQUE INDEX applications_open ON applications (post_id, student_id) WHERE state IN ('sent', 'accepted', 'confirmed');
CREATE INDEX applications_student ON applications (student_id);
CREATE INDEX placements_student ON placements (student_id, starts_on);
CREATE INDEX placements_mentor ON placements (mentor_id, ends_on);
CREATE INDEX files_to_fetch ON files (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX logs_waiting ON logs (state, submitted_at);
CREATE INDEX announcements_author ON announcements (author_id);
CREATE UNIQUE INDEX drafts_active ON drafts (person_id) WHERE active;
CREATE INDEX inbox_open ON inbox (update_id) WHERE finished_at IS NULL;
CREATE INDEX outbox_waiting ON outbox (priority, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_card ON outbox (card, subject, state);
CREATE INDEX cards_message ON cards (person_id, message_id);
CREATE INDEX schedule_due ON schedule (due_at);
CREATE INDEX acts_subject ON acts (subject_kind, subject_id);
CREATE INDEX schedule_of_kind ON schedule (kind, due_at, subject);
CREATE INDEX logs_submitted ON logs (placement_id, submitted_at) WHERE state = 'submitted';
CREATE INDEX reviews_of_log ON reviews (log_id, created_at);
CREATE INDEX acts_refused ON acts (actor_id, at) WHERE act = 'refused';
CREATE INDEX posts_cities ON posts (state, city, apply_by, is_public, enterprise_id);
CREATE UNIQUE INDEX moments_album ON moments (placement_id, album) WHERE album IS NOT NULL;
CREATE INDEX moments_of_week ON moments (placement_id, week, state);
CREATE UNIQUE INDEX sos_calls_open ON sos_calls (student_id) WHERE state <> 'closed';
CREATE INDEX sos_calls_student ON sos_calls (student_id, created_at);
CREATE INDEX sos_steps_call ON sos_steps (call_id, id);
CREATE UNIQUE INDEX flags_open ON flags (placement_id, cause) WHERE state = 'open';
CREATE INDEX reviews_of_reviewer ON reviews (reviewer_id, id);
CREATE UNIQUE INDEX hand_overs_open ON hand_overs (mentor_id) WHERE ended_at IS NULL;
CREATE INDEX hand_overs_stand_in ON hand_overs (stand_in_id);
CREATE INDEX placements_stand_in ON placements (stand_in_id);
CREATE UNIQUE INDEX removals_asked ON removals (person_id) WHERE state = 'asked';
CREATE INDEX removals_student ON removals (student_id);
CREATE INDEX log_files_file ON log_files (file_id);
CREATE INDEX moment_files_file ON moment_files (file_id);
CREATE INDEX announcements_file ON announcements (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX reviews_of_revision ON reviews (revision_id);
CREATE INDEX log_openings_of_log ON log_openings (log_id);
CREATE INDEX files_of_owner ON files (owner_id);
CREATE INDEX files_by_copy ON files (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX questions_of_week ON questions (placement_id, week);
CREATE INDEX questions_answered ON questions (answered_by);
CREATE UNIQUE INDEX reviews_passed ON reviews (log_id) WHERE decision = 'passed';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'acts';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'announcements';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'applications';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'classes';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'enterprises';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'files';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'flags';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'hand_overs';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'invitations';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'join_requests';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'logs';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'moments';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'outbox';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'people';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'phrases';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'placements';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'posts';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'pulses';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'questions';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'removals';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'reviews';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'revisions';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'schools';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'sos_calls';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'sos_steps';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'students';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'templates';
