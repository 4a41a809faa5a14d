-- What a run came to outlives the rows in which it was counted.
ALTER TABLE "campaign_run" ADD COLUMN "report" JSONB;
