ALTER TABLE "identity" ADD COLUMN "appointed" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "handoff_case" ADD COLUMN     "accepted_at" TIMESTAMPTZ(3),
ADD COLUMN     "first_response_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_adviser_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_customer_at" TIMESTAMPTZ(3),
ADD COLUMN     "number" SERIAL NOT NULL,
ADD COLUMN     "offered_to" TEXT,
ADD COLUMN     "offered_until" TIMESTAMPTZ(3),
ADD COLUMN     "owner" TEXT,
ADD COLUMN     "passed_by" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "rating" INTEGER,
ADD COLUMN     "rating_words" TEXT,
ADD COLUMN     "reopened" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "resolution" TEXT,
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'waiting',
ADD COLUMN     "talk_thread_id" UUID,
ADD COLUMN     "told" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "unanswered_since" TIMESTAMPTZ(3),
ADD COLUMN     "urgency" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "wanted" JSONB NOT NULL DEFAULT '{}';

CREATE TABLE "case_entry" (
    "id" BIGSERIAL NOT NULL,
    "case_id" UUID NOT NULL,
    "key" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),

    CONSTRAINT "case_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "adviser_state" (
    "adviser" TEXT NOT NULL,
    "away" BOOLEAN NOT NULL DEFAULT false,
    "last_given_at" TIMESTAMPTZ(3),
    "current_case" UUID,
    "heard_case" UUID,
    "held" TEXT,

    CONSTRAINT "adviser_state_pkey" PRIMARY KEY ("adviser")
);

CREATE TABLE "adviser_binding" (
    "adviser" TEXT NOT NULL,
    "identity_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "bound_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "adviser_binding_pkey" PRIMARY KEY ("adviser")
);

CREATE TABLE "adviser_code" (
    "adviser" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "adviser_code_pkey" PRIMARY KEY ("adviser")
);

CREATE UNIQUE INDEX "case_entry_key_key" ON "case_entry"("key");

CREATE INDEX "case_entry_case_id_id_idx" ON "case_entry"("case_id", "id");

CREATE INDEX "case_entry_xid_id_idx" ON "case_entry"("xid", "id");

CREATE UNIQUE INDEX "adviser_binding_identity_id_key" ON "adviser_binding"("identity_id");

-- One open case a person: what else she needs meanwhile is part of it. The oldest of several stays.
UPDATE "handoff_case" AS later SET "closed_at" = later."opened_at", "state" = 'closed', "resolution" = 'joined'
WHERE later."closed_at" IS NULL AND EXISTS (
    SELECT FROM "handoff_case" AS first
    WHERE first."customer_id" = later."customer_id" AND first."closed_at" IS NULL
      AND (first."opened_at", first."id") < (later."opened_at", later."id")
);
UPDATE "handoff_case" SET "state" = 'closed' WHERE "closed_at" IS NOT NULL;
CREATE UNIQUE INDEX "handoff_case_open" ON "handoff_case"("customer_id") WHERE "closed_at" IS NULL;

-- What has an owner or waits for one is looked up all the time, and of closed ones there are ever more.
CREATE INDEX "handoff_case_state" ON "handoff_case"("state", "owner") WHERE "closed_at" IS NULL;

CREATE UNIQUE INDEX "handoff_case_number_key" ON "handoff_case"("number");
