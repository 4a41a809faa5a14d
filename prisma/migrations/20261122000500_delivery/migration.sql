-- What the schema language cannot say.

-- What nobody asked for, by day: the ceilings of a group and of an account count it. Replies do not pay for the indexes.
CREATE INDEX "outbox_unasked" ON "outbox" ("thread_id", "sending_at") WHERE "purpose" IN ('challenge', 'marketing');
CREATE INDEX "outbox_unasked_account" ON "outbox" ("account", "sending_at") WHERE "purpose" IN ('challenge', 'marketing');
