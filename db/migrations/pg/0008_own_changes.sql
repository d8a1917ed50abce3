ALTER TABLE "notices" ADD COLUMN "known_on" date;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "deputy_fault" text collate "C";