-- AlterTable
ALTER TABLE "adviser_state" ADD COLUMN     "held_media" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "media_fetch" (
    "key" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "max_bytes" INTEGER NOT NULL,
    "keep_until" TIMESTAMPTZ(3) NOT NULL,
    "give_up_at" TIMESTAMPTZ(3) NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "then" JSONB NOT NULL,

    CONSTRAINT "media_fetch_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "outbox_recall" (
    "outbox_id" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'wanted',
    "epoch" INTEGER,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "then" JSONB NOT NULL,

    CONSTRAINT "outbox_recall_pkey" PRIMARY KEY ("outbox_id")
);

-- CreateIndex
CREATE INDEX "media_fetch_account_not_before_idx" ON "media_fetch"("account", "not_before");

-- CreateIndex
CREATE INDEX "outbox_recall_key_idx" ON "outbox_recall"("key");

-- What is still to be taken back: few rows, asked for every second.
CREATE INDEX "outbox_recall_open_idx" ON "outbox_recall"("account") WHERE state IN ('wanted', 'calling');

-- Which case the words of an adviser belong to, by the key under which they were sent.
CREATE UNIQUE INDEX "case_entry_say_idx" ON "case_entry"((data ->> 'say')) WHERE kind = 'adviser-said';
