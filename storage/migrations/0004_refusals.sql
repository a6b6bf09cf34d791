-- Refusals of one person are counted before another one is written.
CREATE INDEX acts_refused ON acts (actor_id, at) WHERE act = 'refused';
