-- Since when a customer wants no marketing, and null while she has not said so. Of all customers who are the same person the
-- strictest consent holds (law 14). It is resolved here and never copied, so that unlinking gives each her own back.
CREATE VIEW "customer_consent" AS
SELECT cc."id", (
    WITH RECURSIVE same ("id", "opted_out_at") AS (
        SELECT c."id", c."opted_out_at" FROM "customer" c WHERE c."id" = cc."canonical_id"
        UNION
        SELECT c."id", c."opted_out_at" FROM "customer" c JOIN same ON c."merged_into" = same."id"
    )
    SELECT min(same."opted_out_at") FROM same
) AS "opted_out_at"
FROM "customer_canonical" cc;
