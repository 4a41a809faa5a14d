-- Whose tags may change by the passing of time alone, and when.
ALTER TABLE "customer_rfm" ADD COLUMN "look_at" TIMESTAMPTZ(3);
CREATE INDEX "customer_rfm_look_at_idx" ON "customer_rfm"("look_at");

-- Which run over the whole base a person waits for, so that its progress and its changes are counted right.
ALTER TABLE "tag_due" ADD COLUMN "run_id" BIGINT;
ALTER TABLE "tag_run" ADD COLUMN "done" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "marked_at" TIMESTAMPTZ(3);

-- Persons who are being tagged. They have left tag_due, so that a message of theirs can put them there again without
-- waiting, and come back when whoever took them has died.
CREATE TABLE "tag_claim" (
    "id" UUID NOT NULL,
    "people" UUID[],
    "run_id" BIGINT,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tag_claim_pkey" PRIMARY KEY ("id")
);
