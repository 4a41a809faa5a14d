-- CreateTable
CREATE TABLE "faq_draft" (
    "number" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "customer_id" UUID,
    "by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "written_as" TEXT,

    CONSTRAINT "faq_draft_pkey" PRIMARY KEY ("number")
);

-- CreateIndex
CREATE UNIQUE INDEX "faq_draft_key_key" ON "faq_draft"("key");

-- CreateIndex
CREATE INDEX "faq_draft_customer_id_idx" ON "faq_draft"("customer_id");
