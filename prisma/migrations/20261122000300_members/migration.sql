-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "join_seen" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "leave_seen" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "welcome_due" BOOLEAN NOT NULL DEFAULT false;

-- What the schema language cannot say.

-- Downwards through merged customers (upwards it goes by the primary key).
CREATE INDEX "customer_merged_into" ON "customer" ("merged_into") WHERE "merged_into" IS NOT NULL;
-- Who waits for a welcome: few at any time, however long the history of a group.
CREATE INDEX "membership_welcome_due" ON "membership" ("group_id") WHERE "welcome_due";

-- The same answers as before, but a question about one customer walks her own chain instead of everybody's.
CREATE OR REPLACE VIEW "customer_canonical" AS
SELECT c."id", (
    WITH RECURSIVE chain ("id", "merged_into") AS (
        SELECT c."id", c."merged_into"
        UNION
        SELECT up."id", up."merged_into" FROM chain JOIN "customer" up ON up."id" = chain."merged_into"
    )
    SELECT chain."id" FROM chain WHERE chain."merged_into" IS NULL
) AS "canonical_id"
FROM "customer" c;
