-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "consented_at" TIMESTAMPTZ(3),
ADD COLUMN     "invited_by" UUID,
ADD COLUMN     "noticed_at" TIMESTAMPTZ(3),
ADD COLUMN     "person_id" UUID,
ADD COLUMN     "preferences" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "profile" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "profiling_refused_at" TIMESTAMPTZ(3),
ADD COLUMN     "sensitive_consent_at" TIMESTAMPTZ(3),
ADD COLUMN     "staff" BOOLEAN NOT NULL DEFAULT false;

-- Whoever was there already stands for herself, or for nobody but the end of her chain.
UPDATE "customer" c SET "person_id" = k."canonical_id" FROM "customer_canonical" k WHERE k."id" = c."id";
ALTER TABLE "customer" ALTER COLUMN "person_id" SET NOT NULL;

-- CreateTable
CREATE TABLE "customer_key" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed" BYTEA,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_link" (
    "id" UUID NOT NULL,
    "from_id" UUID NOT NULL,
    "into_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "evidence" JSONB NOT NULL DEFAULT '{}',
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" TEXT,

    CONSTRAINT "customer_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tombstone" (
    "kind" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tombstone_pkey" PRIMARY KEY ("kind","hash")
);

-- CreateTable
CREATE TABLE "data_key" (
    "id" SERIAL NOT NULL,
    "use" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "interaction" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "weight" REAL NOT NULL,
    "source" TEXT NOT NULL,
    "data" JSONB,

    CONSTRAINT "interaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" BIGSERIAL NOT NULL,
    "shop" TEXT NOT NULL,
    "order_no" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "ordered_at" TIMESTAMPTZ(3) NOT NULL,
    "amount" DECIMAL(14,2) NOT NULL,
    "refund_of" TEXT,
    "status" TEXT NOT NULL,
    "carrier" TEXT,
    "tracking_no" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "items" JSONB NOT NULL DEFAULT '[]',
    "skus" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "categories" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "province" TEXT,
    "city" TEXT,
    "area" TEXT,
    "address" BYTEA,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_run" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "file_hash" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "rows" BIGINT NOT NULL DEFAULT 0,
    "added" BIGINT NOT NULL DEFAULT 0,
    "changed" BIGINT NOT NULL DEFAULT 0,
    "unchanged" BIGINT NOT NULL DEFAULT 0,
    "refused" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_request" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "response" JSONB NOT NULL,

    CONSTRAINT "api_request_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "tag" (
    "id" SERIAL NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_tag" (
    "person_id" UUID NOT NULL,
    "tag_id" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "effective" BOOLEAN NOT NULL DEFAULT true,
    "strength" REAL NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "rule" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "customer_tag_pkey" PRIMARY KEY ("person_id","tag_id","source")
);

-- CreateTable
CREATE TABLE "customer_tag_history" (
    "id" BIGSERIAL NOT NULL,
    "person_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "tag_id" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "strength" REAL NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "rule" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "customer_tag_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_rfm" (
    "person_id" UUID NOT NULL,
    "last_at" TIMESTAMPTZ(3),
    "frequency" DOUBLE PRECISION NOT NULL,
    "monetary" DECIMAL(16,2) NOT NULL,
    "r" SMALLINT NOT NULL,
    "f" SMALLINT NOT NULL,
    "m" SMALLINT NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_rfm_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "rfm_bars" (
    "id" BIGSERIAL NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL,
    "people" BIGINT NOT NULL,
    "bars" JSONB NOT NULL,

    CONSTRAINT "rfm_bars_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tag_due" (
    "person_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "priority" SMALLINT NOT NULL,

    CONSTRAINT "tag_due_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "tag_run" (
    "id" BIGSERIAL NOT NULL,
    "rules" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "people" BIGINT NOT NULL,
    "changed" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "tag_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tag_mirror" (
    "identity_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "tag_id" INTEGER NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tag_mirror_pkey" PRIMARY KEY ("identity_id","account","tag_id")
);

-- CreateIndex
CREATE INDEX "customer_key_customer_id_idx" ON "customer_key"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "customer_key_kind_hash_key" ON "customer_key"("kind", "hash");

-- CreateIndex
CREATE INDEX "customer_link_from_id_idx" ON "customer_link"("from_id");

-- CreateIndex
CREATE INDEX "customer_link_into_id_idx" ON "customer_link"("into_id");

-- CreateIndex
CREATE INDEX "interaction_person_id_at_idx" ON "interaction"("person_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "interaction_source_kind_customer_id_key" ON "interaction"("source", "kind", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_shop_order_no_key" ON "orders"("shop", "order_no");

-- CreateIndex
CREATE UNIQUE INDEX "import_run_kind_file_hash_key" ON "import_run"("kind", "file_hash");

-- CreateIndex
CREATE INDEX "api_request_at_idx" ON "api_request"("at");

-- CreateIndex
CREATE UNIQUE INDEX "tag_dimension_value_key" ON "tag"("dimension", "value");

-- CreateIndex
CREATE INDEX "customer_tag_history_person_id_ended_at_idx" ON "customer_tag_history"("person_id", "ended_at");

-- CreateIndex
CREATE INDEX "tag_due_priority_since_idx" ON "tag_due"("priority", "since");

-- CreateIndex
CREATE UNIQUE INDEX "tag_run_rules_key" ON "tag_run"("rules");

-- CreateIndex
CREATE INDEX "customer_person_id_idx" ON "customer"("person_id");

-- What the schema language cannot say.

-- The same answers as before, without walking chains: linking and unlinking keep person_id.
CREATE OR REPLACE VIEW "customer_canonical" AS SELECT "id", "person_id" AS "canonical_id" FROM "customer";

-- Of all customers who are one person the strictest consent holds (law 14): a refusal of one refuses for all, and an
-- agreement counts when each who was told of it has given it. Resolved on reading, so that unlinking gives each her own.
DROP VIEW "customer_consent";
CREATE VIEW "person_consent" AS
SELECT "person_id",
    min("opted_out_at") AS "opted_out_at",
    min("profiling_refused_at") AS "profiling_refused_at",
    min("noticed_at") AS "noticed_at",
    CASE WHEN bool_and("consented_at" IS NOT NULL) FILTER (WHERE "noticed_at" IS NOT NULL OR "consented_at" IS NOT NULL)
        THEN max("consented_at") END AS "consented_at",
    CASE WHEN bool_and("sensitive_consent_at" IS NOT NULL) FILTER (WHERE "noticed_at" IS NOT NULL OR "sensitive_consent_at" IS NOT NULL)
        THEN max("sensitive_consent_at") END AS "sensitive_consent_at"
FROM "customer" GROUP BY "person_id";

-- Everybody who can be in a segment, from the index alone.
CREATE INDEX "customer_persons" ON "customer" ("id") WHERE "id" = "person_id" AND "forgotten_at" IS NULL AND NOT "staff";
CREATE INDEX "customer_persons_seen" ON "customer" ("last_seen_at") INCLUDE ("id") WHERE "id" = "person_id" AND "forgotten_at" IS NULL AND NOT "staff";
-- Who has a tag, and whose orders and interactions fall into a window: from the index alone.
CREATE INDEX "customer_tag_effective" ON "customer_tag" ("tag_id", "person_id") INCLUDE ("until") WHERE "effective";
CREATE INDEX "customer_tag_until" ON "customer_tag" ("until") WHERE "until" IS NOT NULL;
CREATE INDEX "customer_tag_by_hand" ON "customer_tag" ("customer_id") WHERE "source" = 'hand';
CREATE INDEX "orders_person" ON "orders" ("person_id", "ordered_at") INCLUDE ("amount", "status");
CREATE INDEX "orders_time" ON "orders" ("ordered_at") INCLUDE ("person_id", "amount", "status");
CREATE INDEX "orders_customer" ON "orders" ("customer_id");
CREATE INDEX "orders_refund" ON "orders" ("shop", "refund_of") WHERE "refund_of" IS NOT NULL;
CREATE INDEX "interaction_customer" ON "interaction" ("customer_id");
CREATE INDEX "interaction_kind" ON "interaction" ("kind", "at") INCLUDE ("person_id");
CREATE INDEX "customer_invited_by" ON "customer" ("invited_by") WHERE "invited_by" IS NOT NULL;

-- The audit is written, never rewritten. The body has its semicolons escaped: a migration is split at each.
CREATE FUNCTION "refuse_rewriting"() RETURNS trigger LANGUAGE plpgsql
AS E'BEGIN RAISE EXCEPTION \'% is append-only\', TG_TABLE_NAME\x3b END';
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "audit"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting"();
