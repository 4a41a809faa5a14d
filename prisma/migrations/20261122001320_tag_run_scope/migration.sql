-- Which dimensions a run over the base is about, and the rules by which the next one tells what has changed.
ALTER TABLE "tag_run" ADD COLUMN "dimensions" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "parts" JSONB NOT NULL DEFAULT '{}';
