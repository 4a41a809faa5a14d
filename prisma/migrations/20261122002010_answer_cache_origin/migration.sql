-- Who gave an answer that is said again, and to which prompt: every exchange can tell. Unknown of what was kept before.
ALTER TABLE "answer_cache" ADD COLUMN "model" TEXT, ADD COLUMN "prompt_hash" TEXT;
