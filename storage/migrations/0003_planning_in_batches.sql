-- What a tick reads for a whole batch of things that are due.

CREATE INDEX schedule_of_kind ON schedule (kind, due_at, subject);
CREATE INDEX logs_submitted ON logs (placement_id, submitted_at) WHERE state = 'submitted';

DROP INDEX reviews_log;
CREATE INDEX reviews_of_log ON reviews (log_id, created_at);
