-- Segments are planned for the values they are asked with. A comparison with a plain sub-select would be planned for an
-- average tag, and tags differ by a factor of a thousand: a stable function is computed while planning.
CREATE FUNCTION "tag_id"("dimension" text, "value" text) RETURNS integer STABLE PARALLEL SAFE LANGUAGE sql
AS 'SELECT t.id FROM public.tag t WHERE t.dimension = $1 AND t.value = $2';
CREATE FUNCTION "tag_ids"("dimension" text, "tag_values" text[]) RETURNS integer[] STABLE PARALLEL SAFE LANGUAGE sql
AS 'SELECT array_agg(t.id) FROM public.tag t WHERE t.dimension = $1 AND t.value = ANY($2)';

-- Who stands for herself is merged into nobody. The same people as where id = person_id, but of that PostgreSQL believes
-- that it holds of one row in all, and plans everything after it for one person.
DROP INDEX "customer_persons";
DROP INDEX "customer_persons_seen";
CREATE INDEX "customer_persons" ON "customer" ("id") WHERE "merged_into" IS NULL AND "forgotten_at" IS NULL AND NOT "staff";
CREATE INDEX "customer_persons_seen" ON "customer" ("last_seen_at") INCLUDE ("id") WHERE "merged_into" IS NULL AND "forgotten_at" IS NULL AND NOT "staff";
-- The few who stand for nobody: what is true of them is true of the person they were merged into.
CREATE INDEX "customer_merged" ON "customer" ("person_id") WHERE "merged_into" IS NOT NULL;
