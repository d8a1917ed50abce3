CREATE TABLE "former_mails" (
	"message_id" text collate "C" PRIMARY KEY NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sent_to_digest" text collate "C";--> statement-breakpoint
CREATE INDEX "former_mails_erased" ON "former_mails" USING btree ("erased_at");