-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "sensitive_asked_at" TIMESTAMPTZ(3);

-- The same as before, and when any of her contacts was last asked: a person who let it pass is not asked again soon.
CREATE OR REPLACE VIEW "person_consent" AS
SELECT "person_id",
    min("opted_out_at") AS "opted_out_at",
    min("profiling_refused_at") AS "profiling_refused_at",
    min("noticed_at") AS "noticed_at",
    CASE WHEN bool_and("consented_at" IS NOT NULL) FILTER (WHERE "noticed_at" IS NOT NULL OR "consented_at" IS NOT NULL)
        THEN max("consented_at") END AS "consented_at",
    CASE WHEN bool_and("sensitive_consent_at" IS NOT NULL) FILTER (WHERE "noticed_at" IS NOT NULL OR "sensitive_consent_at" IS NOT NULL)
        THEN max("sensitive_consent_at") END AS "sensitive_consent_at",
    max("sensitive_asked_at") AS "sensitive_asked_at"
FROM "customer" GROUP BY "person_id";
