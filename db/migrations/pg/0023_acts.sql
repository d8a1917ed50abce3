CREATE TABLE "acts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"deadline_id" text collate "C",
	"recipient_id" text collate "C",
	"by" text collate "C",
	"way" text collate "C" NOT NULL,
	"before" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	"queued_at" timestamp (3) with time zone
);
--> statement-breakpoint
DROP INDEX "messages_first";--> statement-breakpoint
ALTER TABLE "notices" ALTER COLUMN "deadline_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "act_id" text collate "C";--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_recipient_id_recipients_id_fk" FOREIGN KEY ("recipient_id") REFERENCES "public"."recipients"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "acts_organisation" ON "acts" USING btree ("organisation_id");--> statement-breakpoint
CREATE INDEX "acts_recipient" ON "acts" USING btree ("recipient_id");--> statement-breakpoint
CREATE INDEX "acts_deadline" ON "acts" USING btree ("deadline_id");--> statement-breakpoint
CREATE INDEX "acts_new" ON "acts" USING btree ("at") WHERE queued_at is null;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_act_id_acts_id_fk" FOREIGN KEY ("act_id") REFERENCES "public"."acts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notices_act" ON "notices" USING btree ("act_id");--> statement-breakpoint
CREATE INDEX "messages_first" ON "messages" USING btree ("due_at") WHERE state || '' = 'pending' and kind = 'sign_in';