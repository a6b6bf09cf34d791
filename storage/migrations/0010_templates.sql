-- What each class asks in its weekly logs. A row is a version and never changes: an edit makes a new one, for the weeks
-- from a Monday on. A class without one asks what is usual.
CREATE TABLE templates (
    id {id},
    class_id BIGINT NOT NULL REFERENCES classes (id),
    number INTEGER NOT NULL,            -- counts the versions of a class
    valid_from DATE NOT NULL,           -- the Monday of the first week of which it holds
    content TEXT NOT NULL,              -- JSON of domain.templates.Template
    created_by BIGINT REFERENCES people (id),   -- null: nobody in particular
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (class_id, number)
);

-- The version with which a log was begun; null: the usual one.
ALTER TABLE logs ADD COLUMN template_id BIGINT REFERENCES templates (id);

-- The shortest log was a rule of the class, which held at once and of every week.
INSERT INTO templates (class_id, number, valid_from, content, created_at)
SELECT id, 1, '2001-01-01', '{"least": ' || min_length || '}', created_at FROM classes WHERE min_length > 0 ORDER BY id;
UPDATE logs SET template_id = (SELECT t.id FROM templates t JOIN students s ON s.class_id = t.class_id
    JOIN placements pl ON pl.student_id = s.id WHERE pl.id = logs.placement_id);
ALTER TABLE classes DROP COLUMN min_length;
