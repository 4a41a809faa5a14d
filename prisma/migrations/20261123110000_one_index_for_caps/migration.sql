-- What a person got unasked, over all campaigns and accounts, and what is still to leave: the caps read both in one stretch.
DROP INDEX "outbox_unasked_customer";
CREATE INDEX "outbox_unasked_customer" ON "outbox" ("customer_id", coalesce("sending_at", 'infinity')) WHERE "purpose" = 'marketing';
