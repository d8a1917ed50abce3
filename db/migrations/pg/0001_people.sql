CREATE TABLE "changes" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"from_revision" integer NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"seen_to" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"recipient_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mutes_pk" PRIMARY KEY("recipient_id","deadline_id")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"key" text collate "C" NOT NULL,
	"message_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"from_revision" integer,
	"last_safe_on" date,
	"reason" text collate "C"
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sent_to" text collate "C";--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "unreminded_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "send_hour" text collate "C" DEFAULT '07:30' NOT NULL;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "language" text collate "C";--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "paused_until" date;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "deputy_email" text collate "C";--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "deputy_until" date;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "deputy_confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "declined" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_recipient_id_recipients_id_fk" FOREIGN KEY ("recipient_id") REFERENCES "public"."recipients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "changes_recorded" ON "changes" USING btree ("recorded_at");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_key" ON "notices" USING btree ("key");--> statement-breakpoint
CREATE INDEX "notices_message" ON "notices" USING btree ("message_id");