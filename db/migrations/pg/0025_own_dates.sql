ALTER TABLE "steps" ALTER COLUMN "deadline_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "reminders" ALTER COLUMN "deadline_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "owner_id" text collate "C";--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "completed_on" date;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "completed_by" text collate "C";--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "set_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "sequence" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "changed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reminders" ADD COLUMN "step_id" text collate "C";--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_owner_id_recipients_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."recipients"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "steps_owner" ON "steps" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reminders_step_once" ON "reminders" USING btree ("recipient_id","step_id","last_safe_on","lead_days");--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_about" CHECK (("reminders"."deadline_id" is null) <> ("reminders"."step_id" is null));