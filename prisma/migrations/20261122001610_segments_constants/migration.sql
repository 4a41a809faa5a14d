-- Stable, they were computed anew for each row that a nested loop comes by. Tags are interned: an id is given once and
-- stands for ever, so a plan may hold it as a constant. What is not true of a tag that does not exist yet, which is why
-- nobody may keep a plan with one: segments are planned each time they are asked.
ALTER FUNCTION "tag_id"(text, text) IMMUTABLE;
ALTER FUNCTION "tag_ids"(text, text[]) IMMUTABLE;
