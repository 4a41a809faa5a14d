CREATE TABLE "desk_act" (
    "key" TEXT NOT NULL,
    "adviser" TEXT NOT NULL,
    "case_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "result" JSONB NOT NULL,

    CONSTRAINT "desk_act_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "desk_upload" (
    "media_id" TEXT NOT NULL,
    "adviser" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "desk_upload_pkey" PRIMARY KEY ("media_id","adviser")
);

CREATE INDEX "desk_act_at_idx" ON "desk_act"("at");

CREATE INDEX "handoff_case_closed_at_idx" ON "handoff_case"("closed_at");

ALTER TABLE "desk_upload" ADD CONSTRAINT "desk_upload_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- To whom a case was ever given, by case and by adviser: that decides who may read it.
CREATE INDEX "case_entry_given" ON "case_entry"("case_id", (coalesce("data" ->> 'to', "data" ->> 'by')))
  WHERE "kind" IN ('offered', 'accepted', 'transferred', 'taken-over');
CREATE INDEX "case_entry_given_to" ON "case_entry"((coalesce("data" ->> 'to', "data" ->> 'by')), "case_id")
  WHERE "kind" IN ('offered', 'accepted', 'transferred', 'taken-over');

-- Whose message a file belongs to.
CREATE INDEX "message_media" ON "message"(("details" ->> 'mediaId')) WHERE "details" ->> 'mediaId' IS NOT NULL;
CREATE INDEX "outbox_media" ON "outbox"(("body" ->> 'mediaId')) WHERE "body" ->> 'mediaId' IS NOT NULL;
