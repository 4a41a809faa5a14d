-- What was perhaps sent and has not been seen coming back: an echo is looked up among these, however many more rows of
-- the thread have been asked for or echoed since.
CREATE INDEX "outbox_unechoed" ON "outbox" ("thread_id", "id") WHERE "echoed_at" IS NULL AND "sending_at" IS NOT NULL;
