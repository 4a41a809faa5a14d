-- Two customers that become one may both have a tag by hand: one row waits in the history to be put back by an unlink.
ALTER TABLE "customer_tag_history" ADD COLUMN "until" TIMESTAMPTZ(3);
