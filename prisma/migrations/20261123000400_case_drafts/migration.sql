CREATE TABLE "case_draft" (
    "case_id" UUID NOT NULL,
    "made_for" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "summary" TEXT,
    "drafts" JSONB NOT NULL DEFAULT '[]',
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "made_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_draft_pkey" PRIMARY KEY ("case_id")
);
