-- Questions with how they were answered, answers that may be said again, what the model cost, entries as vectors.
CREATE TABLE "exchange" (
    "id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "inbox_id" BIGINT NOT NULL,
    "talk" JSONB NOT NULL,
    "question" TEXT NOT NULL,
    "messages" TEXT[],
    "context" JSONB NOT NULL,
    "found" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL,
    "attempt" SMALLINT NOT NULL DEFAULT 1,
    "complaints" JSONB NOT NULL DEFAULT '[]',
    "previous" TEXT,
    "persona" TEXT,
    "level" TEXT,
    "prompt_hash" TEXT,
    "content_version" TEXT NOT NULL,
    "cache_key" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "entries" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "said" TEXT,
    "intent" TEXT,
    "mood" TEXT,
    "model" TEXT,
    "tokens_in" INTEGER NOT NULL DEFAULT 0,
    "tokens_out" INTEGER NOT NULL DEFAULT 0,
    "cost" DECIMAL(12,6) NOT NULL DEFAULT 0,
    "latency_ms" INTEGER,

    CONSTRAINT "exchange_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "exchange_thread_id_customer_id_asked_at_idx" ON "exchange"("thread_id", "customer_id", "asked_at");
CREATE INDEX "exchange_customer_id_asked_at_idx" ON "exchange"("customer_id", "asked_at");
-- What the model still owes an answer to is looked for again after a crash.
CREATE INDEX "exchange_asked" ON "exchange"("deadline_at") WHERE "state" = 'asked';

CREATE TABLE "answer_cache" (
    "key" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "customer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "answer_cache_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "answer_cache_customer_id_idx" ON "answer_cache"("customer_id");

CREATE TABLE "model_spend" (
    "day" DATE NOT NULL,
    "customer_id" UUID NOT NULL,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "cost" DECIMAL(14,6) NOT NULL DEFAULT 0,

    CONSTRAINT "model_spend_pkey" PRIMARY KEY ("day","customer_id")
);

CREATE TABLE "entry_vector" (
    "key" TEXT NOT NULL,
    "vector" REAL[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entry_vector_pkey" PRIMARY KEY ("key")
);
