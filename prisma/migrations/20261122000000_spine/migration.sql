-- CreateTable
CREATE TABLE "account" (
    "name" TEXT NOT NULL,
    "contact_id" TEXT,
    "contact_name" TEXT,
    "state" TEXT NOT NULL DEFAULT 'offline',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "connected_at" TIMESTAMPTZ(3),
    "deaf_since" TIMESTAMPTZ(3),
    "throttled_until" TIMESTAMPTZ(3),

    CONSTRAINT "account_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "deaf_period" (
    "id" BIGSERIAL NOT NULL,
    "account" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,

    CONSTRAINT "deaf_period_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" BIGSERIAL NOT NULL,
    "account" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "what" JSONB NOT NULL,
    "handled_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" UUID NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_into" UUID,
    "merged_at" TIMESTAMPTZ(3),
    "forgotten_at" TIMESTAMPTZ(3),
    "opted_out_at" TIMESTAMPTZ(3),

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity" (
    "id" UUID NOT NULL,
    "realm" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "customer_id" UUID,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "alias" TEXT,
    "profile" JSONB NOT NULL DEFAULT '{}',
    "friend_of" JSONB NOT NULL DEFAULT '{}',
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room" (
    "id" UUID NOT NULL,
    "realm" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "owner_id" TEXT,
    "rule" TEXT,
    "speaker" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_account" (
    "group_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "group_account_pkey" PRIMARY KEY ("group_id","account")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "identity_id" UUID NOT NULL,
    "customer_id" UUID,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3),
    "inviter_id" UUID,
    "welcomed_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "thread" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "group_id" UUID,
    "account" TEXT,
    "contact_id" TEXT,
    "customer_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "silent_until" TIMESTAMPTZ(3),

    CONSTRAINT "thread_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "platform_id" TEXT,
    "direction" TEXT NOT NULL,
    "identity_id" UUID,
    "customer_id" UUID,
    "type" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "mentions_us" BOOLEAN NOT NULL DEFAULT false,
    "quoted" JSONB,
    "details" JSONB,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "recalled_at" TIMESTAMPTZ(3),
    "outbox_id" BIGINT,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "open_question" (
    "thread_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "open_question_pkey" PRIMARY KEY ("thread_id","customer_id")
);

-- CreateTable
CREATE TABLE "burst" (
    "thread_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "messages" JSONB NOT NULL,

    CONSTRAINT "burst_pkey" PRIMARY KEY ("thread_id","customer_id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "parts" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    "thread_id" UUID NOT NULL,
    "customer_id" UUID,
    "recipient" JSONB NOT NULL,
    "purpose" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "body_hash" TEXT NOT NULL,
    "answers" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "not_before" TIMESTAMPTZ(3),
    "not_after" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "epoch" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sending_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "settled_by" TEXT,
    "message_id" TEXT,
    "echoed_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "handoff_case" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "thread_id" UUID NOT NULL,
    "customer_id" UUID,
    "reason" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "handoff_case_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "media" (
    "id" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_version" (
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "files" JSONB NOT NULL,

    CONSTRAINT "content_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_publication" (
    "id" BIGSERIAL NOT NULL,
    "version_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "content_publication_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deaf_period_account_started_at_idx" ON "deaf_period"("account", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_account_key_key" ON "inbox"("account", "key");

-- CreateIndex
CREATE INDEX "identity_customer_id_idx" ON "identity"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "identity_realm_contact_id_key" ON "identity"("realm", "contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "room_realm_room_id_key" ON "room"("realm", "room_id");

-- CreateIndex
CREATE INDEX "membership_group_id_identity_id_idx" ON "membership"("group_id", "identity_id");

-- CreateIndex
CREATE INDEX "membership_customer_id_idx" ON "membership"("customer_id");

-- CreateIndex
CREATE INDEX "thread_customer_id_idx" ON "thread"("customer_id");

-- CreateIndex
CREATE INDEX "thread_group_id_idx" ON "thread"("group_id");

-- CreateIndex
CREATE INDEX "message_thread_id_sent_at_idx" ON "message"("thread_id", "sent_at");

-- CreateIndex
CREATE INDEX "message_customer_id_sent_at_idx" ON "message"("customer_id", "sent_at");

-- CreateIndex
CREATE UNIQUE INDEX "message_account_platform_id_key" ON "message"("account", "platform_id");

-- CreateIndex
CREATE INDEX "outbox_thread_id_id_idx" ON "outbox"("thread_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_key_part_key" ON "outbox"("key", "part");

-- CreateIndex
CREATE UNIQUE INDEX "handoff_case_key_key" ON "handoff_case"("key");

-- CreateIndex
CREATE INDEX "handoff_case_customer_id_idx" ON "handoff_case"("customer_id");

-- AddForeignKey
ALTER TABLE "identity" ADD CONSTRAINT "identity_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_account" ADD CONSTRAINT "group_account_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "content_publication" ADD CONSTRAINT "content_publication_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "content_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the schema language cannot say.

-- The hot ends of the two queues: only what is open, so that they stay small however long the history grows.
CREATE INDEX "inbox_open" ON "inbox" ("id") WHERE "handled_at" IS NULL;
CREATE INDEX "outbox_pending" ON "outbox" ("account", "priority", "id") WHERE "state" = 'pending';
CREATE INDEX "outbox_unsettled" ON "outbox" ("account", "state", "id") WHERE "state" IN ('sending', 'unknown');
-- The copies that a speaker's successor may have to answer (law 1).
CREATE INDEX "inbox_copy" ON "inbox" ("account", "at") WHERE "outcome" = 'copy';

-- Customers that turned out to be one person, resolved to the one that stands for all of them (law 14).
CREATE VIEW "customer_canonical" AS
WITH RECURSIVE chain (id, canonical_id) AS (
    SELECT "id", "id" FROM "customer" WHERE "merged_into" IS NULL
    UNION ALL
    SELECT c."id", chain.canonical_id FROM "customer" c JOIN chain ON c."merged_into" = chain.id
)
SELECT id, canonical_id FROM chain;
