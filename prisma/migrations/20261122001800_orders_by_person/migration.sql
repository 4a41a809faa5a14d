-- Orders are found by the person whose they are (orders_person). This index slowed every import.
DROP INDEX "orders_customer";
