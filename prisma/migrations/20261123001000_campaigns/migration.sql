-- AlterTable
ALTER TABLE "account" ADD COLUMN     "first_seen_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "batch" TEXT,
ADD COLUMN     "deferred" TEXT,
ADD COLUMN     "delay" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "offer" JSONB,
ADD COLUMN     "rank" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "outbox_hold" (
    "batch" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,

    CONSTRAINT "outbox_hold_pkey" PRIMARY KEY ("batch")
);

-- CreateTable
CREATE TABLE "campaign_run" (
    "id" UUID NOT NULL,
    "campaign" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "content_version" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "drop" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "frozen_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "audience" INTEGER NOT NULL DEFAULT 0,
    "paused_at" TIMESTAMPTZ(3),
    "freezer" UUID,
    "freezer_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_recipient" (
    "run_id" UUID NOT NULL,
    "target" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "variant" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "account" TEXT,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_recipient_pkey" PRIMARY KEY ("run_id","target")
);

-- CreateTable
CREATE TABLE "campaign_approval" (
    "campaign" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_approval_pkey" PRIMARY KEY ("campaign","fingerprint")
);

-- CreateTable
CREATE TABLE "campaign_clock" (
    "name" TEXT NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,
    "paused_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_clock_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "journey_version" (
    "journey" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "journey_version_pkey" PRIMARY KEY ("journey","fingerprint")
);

-- CreateTable
CREATE TABLE "journey_enrolment" (
    "id" UUID NOT NULL,
    "journey" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'active',
    "reason" TEXT,
    "step" TEXT NOT NULL DEFAULT '',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "waits_until" TIMESTAMPTZ(3),
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "journey_enrolment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journey_visit" (
    "enrolment_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "journey_visit_pkey" PRIMARY KEY ("enrolment_id","step")
);

-- CreateTable
CREATE TABLE "campaign_link" (
    "token" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "clicked_at" TIMESTAMPTZ(3),
    "clicks" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "campaign_link_pkey" PRIMARY KEY ("token")
);

-- CreateIndex
CREATE UNIQUE INDEX "campaign_run_campaign_slot_key" ON "campaign_run"("campaign", "slot");

-- CreateIndex
CREATE INDEX "journey_enrolment_person_id_journey_idx" ON "journey_enrolment"("person_id", "journey");

-- CreateIndex
CREATE UNIQUE INDEX "journey_enrolment_journey_person_id_cause_key" ON "journey_enrolment"("journey", "person_id", "cause");

-- CreateIndex
CREATE INDEX "campaign_link_source_idx" ON "campaign_link"("source");

-- CreateIndex
CREATE INDEX "campaign_link_person_id_idx" ON "campaign_link"("person_id");

-- What the schema language cannot say.

-- What is claimed is looked for in the order in which it goes: of the unasked the lower rank first.
-- What waits for its hour is found by it: thousands that sleep until the morning are not in the way of every claim.
DROP INDEX "outbox_pending";
CREATE INDEX "outbox_pending" ON "outbox" ("account", "priority", "rank", "id") WHERE "state" = 'pending' AND "not_before" IS NULL;
CREATE INDEX "outbox_waiting" ON "outbox" ("account", "not_before") WHERE "state" = 'pending' AND "not_before" IS NOT NULL;
CREATE INDEX "outbox_expiring" ON "outbox" ("not_after") WHERE "state" = 'pending';
-- Batches are stopped, counted and settled as one, and whoever has none does not pay for it.
CREATE INDEX "outbox_batch" ON "outbox" ("batch", "state") WHERE "batch" IS NOT NULL;
-- What a person got unasked, over all campaigns and accounts: the caps count it.
CREATE INDEX "outbox_unasked_customer" ON "outbox" ("customer_id", "sending_at") WHERE "purpose" = 'marketing';

-- Of a million recipients only those that are still to be handed over, or on their way, are looked for.
CREATE INDEX "campaign_recipient_waiting" ON "campaign_recipient" ("run_id", "due_at", "target") WHERE "state" = 'waiting';
CREATE INDEX "campaign_recipient_queued" ON "campaign_recipient" ("run_id", "target") WHERE "state" IN ('queued', 'unknown');
CREATE INDEX "campaign_recipient_target" ON "campaign_recipient" ("target", "run_id");
CREATE INDEX "campaign_run_open" ON "campaign_run" ("slot") WHERE "state" NOT IN ('done', 'stopped', 'missed');
CREATE INDEX "journey_enrolment_due" ON "journey_enrolment" ("due_at") WHERE "state" = 'active';
-- Tags that came and went lately, for what begins with them: whole tables would be read at every look.
CREATE INDEX "customer_tag_since" ON "customer_tag" USING brin ("since") WITH (pages_per_range = 32);
CREATE INDEX "customer_tag_history_ended" ON "customer_tag_history" USING brin ("ended_at") WITH (pages_per_range = 32);
-- Nobody is in a journey twice at a time, whoever lets her in.
CREATE UNIQUE INDEX "journey_enrolment_active" ON "journey_enrolment" ("journey", "person_id") WHERE "state" = 'active';
