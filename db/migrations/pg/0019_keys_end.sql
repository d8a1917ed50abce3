ALTER TABLE "organisations" ADD COLUMN "unreminded_why" text collate "C";--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "ends_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "recipients_pending" ON "recipients" USING btree ("id") WHERE status = 'pending';