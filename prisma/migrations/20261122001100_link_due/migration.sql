-- CreateTable
CREATE TABLE "link_due" (
    "from_id" UUID NOT NULL,
    "into_id" UUID NOT NULL,
    "evidence" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_due_pkey" PRIMARY KEY ("from_id","into_id")
);
