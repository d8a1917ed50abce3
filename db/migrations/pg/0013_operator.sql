ALTER TABLE "messages" ALTER COLUMN "organisation_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "content" text collate "C";--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_owner" CHECK (("messages"."organisation_id" is null) = ("messages"."kind" = 'operator'));