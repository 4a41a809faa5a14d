-- Whose contact it is, also when she has had herself deleted and the tag is still to be taken off her, and whether it was
-- there before us, so that we never take it off.
ALTER TABLE "tag_mirror" ADD COLUMN "contact_id" TEXT NOT NULL,
ADD COLUMN "name" TEXT NOT NULL,
ADD COLUMN "ours" BOOLEAN NOT NULL DEFAULT true;
